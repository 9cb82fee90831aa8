// SPDX-License-Identifier: MIT
// A number that was chosen on clips. The tables of them are stage2_evidence/subjects/following.h,
// stage4_crop/camera.h and stage5_path/movement.h.
#ifndef SMARTCROP_TUNED_H_
#define SMARTCROP_TUNED_H_

// The library that is shipped knows them when it is compiled. One that is built for sweeps
// (-DSMARTCROP_SWEEP=ON, tests/bench/sweep.py) asks SMARTCROP_CAMERA_<name> for them as it is
// loaded.
#ifdef SMARTCROP_SWEEP

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "option_kinds.h"

namespace smartcrop {

inline double swept(const std::string& name, double built) {
  const char* text = std::getenv(("SMARTCROP_CAMERA_" + name).c_str());
  if (text != nullptr && !read_number(text, &built)) {
    throw std::invalid_argument("SMARTCROP_CAMERA_" + name + " is no number");
  }
  return built;
}

}  // namespace smartcrop

#define SC_TUNED(type, name, value) \
  inline const type name = static_cast<type>(swept(#name, static_cast<double>(value)))

#else

#define SC_TUNED(type, name, value) inline constexpr type name = value

#endif

#endif  // SMARTCROP_TUNED_H_
