// SPDX-License-Identifier: MIT
// What tests measure on a map.
#ifndef SMARTCROP_TESTS_UNIT_INFERENCE_HEATMAP_MEASURES_H_
#define SMARTCROP_TESTS_UNIT_INFERENCE_HEATMAP_MEASURES_H_

#include <numeric>
#include <utility>

#include "types.h"

namespace smartcrop {

inline double sum(const HeatMap& map) {
  return std::accumulate(map.values.begin(), map.values.end(), 0.0);
}
// Centre of mass in shares of the picture.
inline std::pair<double, double> centre(const HeatMap& map) {
  double x = 0, y = 0;
  for (size_t i = 0; i < map.values.size(); ++i) {
    const auto width = static_cast<size_t>(map.width);
    x += map.values[i] * (static_cast<double>(i % width) + 0.5) / map.width;
    y += map.values[i] * (static_cast<double>(i / width) + 0.5) / map.height;
  }
  return {x, y};
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_INFERENCE_HEATMAP_MEASURES_H_
