// SPDX-License-Identifier: MIT
#include "stage2_evidence/concentration.h"

#include <algorithm>
#include <cmath>

#include "picture/integral_image.h"

namespace smartcrop {

float best_square_share(const HeatMap& map) {
  const Size size = {map.width, map.height};
  const double side = std::sqrt(0.1 * map.width * map.height);
  const int radius = std::max(0, static_cast<int>(std::lround((side - 1) / 2)));
  const IntegralImage sums(map.values, size);
  float best = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) best = std::max(best, sums.box_sum(x, y, radius));
  }
  return std::min(best, 1.0f);
}

float ramp(float value, float low, float high) {
  return std::clamp((value - low) / (high - low), 0.0f, 1.0f);
}

}  // namespace smartcrop
