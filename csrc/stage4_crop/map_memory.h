// SPDX-License-Identifier: MIT
// What counted in a shot until now.
#ifndef SMARTCROP_STAGE4_CROP_MAP_MEMORY_H_
#define SMARTCROP_STAGE4_CROP_MAP_MEMORY_H_

#include <cstdint>
#include <vector>

#include "types.h"

namespace smartcrop {

// Attention has inertia: viewers, and whoever frames a picture for them, stay with what counted
// until now longer than with what counts for a moment.
class MapMemory {
 public:
  // The map between itself and the mean of those before it in the shot, which takes it up: it
  // speaks for length_s. All of one size; the sum of the values is no longer 1.
  HeatMap blend(const HeatMap& map, double length_s, int32_t shot);

 private:
  std::vector<float> mean_;
  int32_t shot_ = -1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_MAP_MEMORY_H_
