// SPDX-License-Identifier: MIT
// Remembers where the maps of a shot were salient.
#ifndef SMARTCROP_STAGE4_CROP_MAP_MEMORY_H_
#define SMARTCROP_STAGE4_CROP_MAP_MEMORY_H_

#include <cstdint>
#include <vector>

#include "types.h"

namespace smartcrop {

// Attention has inertia. Viewers stay with a subject that was salient for long, and leave one that
// is salient for a moment. So does a person who frames a picture for them.
class MapMemory {
 public:
  // Returns a blend of the map and the mean of the maps before it in the shot, and adds the map to
  // that mean. The map holds for length_s. All maps have one size. The blend's sum is not 1.
  HeatMap blend(const HeatMap& map, double length_s, int32_t shot);

 private:
  std::vector<float> mean_;
  int32_t shot_ = -1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_MAP_MEMORY_H_
