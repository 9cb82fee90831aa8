/* SPDX-License-Identifier: MIT
 *
 * The built-in models, byte by byte, as model_source.cc knows them. CMake names the files. The
 * assembler puts them in: no compiler has to read megabytes of numbers, and no host has to find a
 * file. The names are hidden, so that the library exports none of them.
 */
#ifdef __CET__
#include <cet.h>
#endif

  .section .rodata, "a", %progbits

  .balign 64
  .global builtin_saliency_begin
  .hidden builtin_saliency_begin
  .type builtin_saliency_begin, %object
builtin_saliency_begin:
  .incbin SMARTCROP_SALIENCY_ONNX
  .size builtin_saliency_begin, . - builtin_saliency_begin
  .global builtin_saliency_end
  .hidden builtin_saliency_end
  .type builtin_saliency_end, %object
builtin_saliency_end:
  .byte 0
  .size builtin_saliency_end, 1

  .balign 64
  .global builtin_center_begin
  .hidden builtin_center_begin
  .type builtin_center_begin, %object
builtin_center_begin:
  .incbin SMARTCROP_CENTER_ONNX
  .size builtin_center_begin, . - builtin_center_begin
  .global builtin_center_end
  .hidden builtin_center_end
  .type builtin_center_end, %object
builtin_center_end:
  .byte 0
  .size builtin_center_end, 1

  .section .note.GNU-stack, "", %progbits
