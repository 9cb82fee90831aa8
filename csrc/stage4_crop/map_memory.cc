// SPDX-License-Identifier: MIT
#include "stage4_crop/map_memory.h"

#include <cmath>
#include <cstddef>

#include "stage4_crop/camera.h"

namespace smartcrop {

HeatMap MapMemory::blend(const HeatMap& map, double length_s, int32_t shot) {
  if (shot != shot_) mean_ = map.values;
  shot_ = shot;
  const auto keep = static_cast<float>(std::exp(-length_s / camera::kShotMemory_s));
  // An even share, so that a place which was empty can count at once.
  const float even = 1.0F / static_cast<float>(map.values.size());
  HeatMap blended = map;
  for (size_t i = 0; i < mean_.size(); ++i) {
    const float now = map.values[i];
    mean_[i] = now + keep * (mean_[i] - now);
    if (now > 0) blended.values[i] *= std::pow((mean_[i] + even) / (now + even), camera::kInertia);
  }
  return blended;
}

}  // namespace smartcrop
