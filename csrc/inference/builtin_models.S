/* SPDX-License-Identifier: MIT
 *
 * The built-in models, byte by byte, as model_source.cc knows them. CMake names the files. The
 * assembler puts them in: no compiler has to read megabytes of numbers, and no host has to find a
 * file. The symbols are hidden, so that the library exports none of them.
 */
#ifdef __CET__
#include <cet.h>
#endif

#define SYMBOL(name) .global name; .hidden name; .type name, %object
#define MODEL(begin, end, file) \
  .balign 64; \
  SYMBOL(begin); \
begin: \
  .incbin file; \
  .size begin, . - begin; \
  SYMBOL(end); \
end: \
  .byte 0; \
  .size end, 1

  .section .rodata, "a", %progbits

#define SC_BUILTIN(name, kind) \
  MODEL(builtin_##name##_begin, builtin_##name##_end, SMARTCROP_ONNX_##name)
#include "builtin_models.def"

  .section .note.GNU-stack, "", %progbits
