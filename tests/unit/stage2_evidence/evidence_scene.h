// SPDX-License-Identifier: MIT
// Pictures with known answers for the tests of the evidence.
#ifndef SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_EVIDENCE_SCENE_H_
#define SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_EVIDENCE_SCENE_H_

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "stage2_evidence/evidence.h"

namespace smartcrop::scene {

inline constexpr Size kSize = {256, 144};

inline Proxy uniform(Size size, uint8_t y, uint8_t u = 128, uint8_t v = 128) {
  Proxy proxy;
  proxy.width = size.width;
  proxy.height = size.height;
  const size_t count = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
  proxy.planes[0].assign(count, y);
  proxy.planes[1].assign(count, u);
  proxy.planes[2].assign(count, v);
  return proxy;
}

// Brightness of an endless smooth texture: waves of many directions and of 14 to 66 samples'
// length.
inline double texture(double x, double y) {
  double sum = 0;
  for (int i = 0; i < 12; ++i) {
    const double angle = 2.4 * i, length = 14 + 4.7 * i;
    sum += std::sin(2 * 3.14159265 * (x * std::cos(angle) + y * std::sin(angle)) / length + i * i);
  }
  return 120 + 14 * sum;
}

using Brightness = std::function<double(double x, double y)>;

// x and y from the centre of the picture, in samples.
inline Proxy paint(const Brightness& brightness, Size size = kSize) {
  Proxy proxy = uniform(size, 0);
  size_t i = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double value = brightness(x - (size.width - 1) / 2.0, y - (size.height - 1) / 2.0);
      proxy.planes[0][i++] = static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
    }
  }
  return proxy;
}

// A square of another texture and colour; left and top in samples.
inline void paint_square(Proxy* proxy, int left, int top, int side, uint8_t u = 128,
                         uint8_t v = 128) {
  for (int y = std::max(0, top); y < std::min(proxy->height, top + side); ++y) {
    for (int x = std::max(0, left); x < std::min(proxy->width, left + side); ++x) {
      const size_t i = static_cast<size_t>(y * proxy->width + x);
      const bool light = ((x - left) / 4 + (y - top) / 4) % 2 == 0;
      proxy->planes[0][i] = light ? 210 : 50;
      proxy->planes[1][i] = u;
      proxy->planes[2][i] = v;
    }
  }
}

inline void add_noise(Proxy* proxy, double deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, deviation);
  for (uint8_t& value : proxy->planes[0]) {
    value = static_cast<uint8_t>(std::lround(std::clamp(value + noise(random), 0.0, 255.0)));
  }
}

// Shows the source one frame and returns its map and pan.
inline Evidence show(Source* source, const Proxy& proxy, int64_t frame, double time_s,
                     const SideData& side = {}) {
  Observation observation;
  observation.frame = frame;
  observation.time_s = time_s;
  observation.proxy = &proxy;
  observation.side = side;
  observation.analyse = true;
  const Findings findings = source->observe(observation);
  Evidence evidence;
  evidence.map = findings.map.value();
  evidence.pan = findings.pan.value_or(0.0F);
  return evidence;
}

struct Place {
  double x, y;  // shares of the picture
};

inline Place peak(const HeatMap& map) {
  const auto best = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
  const int cell = static_cast<int>(best);
  return {(cell % map.width + 0.5) / map.width, (cell / map.width + 0.5) / map.height};
}

// Share of the map inside a rectangle given in shares of the picture.
inline double share_inside(const HeatMap& map, double left, double top, double right,
                           double bottom) {
  double sum = 0;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const double at_x = (x + 0.5) / map.width, at_y = (y + 0.5) / map.height;
      const bool inside = at_x >= left && at_x <= right && at_y >= top && at_y <= bottom;
      if (inside) sum += map.values[static_cast<size_t>(y * map.width + x)];
    }
  }
  return sum;
}

inline double sum(const HeatMap& map) { return share_inside(map, 0, 0, 1, 1); }

}  // namespace smartcrop::scene

#endif  // SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_EVIDENCE_SCENE_H_
