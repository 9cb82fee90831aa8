// SPDX-License-Identifier: MIT
#include "map_bytes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace smartcrop {

std::vector<uint8_t> bytes_of(const HeatMap& map) {
  std::vector<uint8_t> bytes(map.values.size(), 255);
  const auto largest = std::max_element(map.values.begin(), map.values.end());
  if (largest == map.values.end() || !(*largest > 0)) return bytes;
  const double step = static_cast<double>(*largest) / 255;
  std::transform(map.values.begin(), map.values.end(), bytes.begin(), [step](float value) {
    return static_cast<uint8_t>(std::lround(std::clamp(value / step, 0.0, 255.0)));
  });
  return bytes;
}

void set_bytes(const uint8_t* bytes, HeatMap* map) {
  const size_t count = static_cast<size_t>(map->width) * static_cast<size_t>(map->height);
  const auto sum = static_cast<double>(std::accumulate(bytes, bytes + count, uint64_t{0}));
  map->values.resize(count);
  std::transform(bytes, bytes + count, map->values.begin(),
                 [sum](uint8_t byte) { return static_cast<float>(byte / sum); });
}

void round_to_bytes(HeatMap* map) {
  const std::vector<uint8_t> bytes = bytes_of(*map);
  set_bytes(bytes.data(), map);
  map->confidence = std::clamp(map->confidence, 0.0F, 1.0F);
}

}  // namespace smartcrop
