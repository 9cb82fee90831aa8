// SPDX-License-Identifier: MIT
#include "box_shares.h"

#include <algorithm>

namespace smartcrop {

float mass_in(const HeatMap& map, const Box& box) {
  float sum = 0;
  for (int y = 0; y < map.height; ++y) {
    const double down = (y + 0.5) / map.height;
    if (down < box.y || down > box.y + box.height) continue;
    for (int x = 0; x < map.width; ++x) {
      const double across = (x + 0.5) / map.width;
      if (across < box.x || across > box.x + box.width) continue;
      sum += map.values[static_cast<size_t>(y * map.width + x)];
    }
  }
  return sum;
}

Box inside_picture(const Box& box) {
  const double left = std::clamp(box.x, 0.0, 1.0), top = std::clamp(box.y, 0.0, 1.0);
  const double right = std::clamp(box.x + box.width, 0.0, 1.0);
  const double bottom = std::clamp(box.y + box.height, 0.0, 1.0);
  return {left, top, right - left, bottom - top};
}

}  // namespace smartcrop
