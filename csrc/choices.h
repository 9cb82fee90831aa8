// SPDX-License-Identifier: MIT
// The choices that options offer, an enumeration for each, expanded from options.def.
#ifndef SMARTCROP_CHOICES_H_
#define SMARTCROP_CHOICES_H_

namespace smartcrop {

#define SC_CHOICE(member, name, type, default_value, roles, help) enum class type {
#define SC_VALUE(member, value, name, help) value,
#define SC_END(member) \
  }                    \
  ;
#include "smartcrop/options.def"

}  // namespace smartcrop

#endif  // SMARTCROP_CHOICES_H_
