// SPDX-License-Identifier: MIT
// The C interface: paths alone.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "capi/capi.h"
#include "stage5_path/path.h"

using smartcrop::Error;
using smartcrop::guarded;
using smartcrop::require;
using smartcrop::take_array;

namespace {

bool is_sound(const smartcrop_path_point& point) {
  const bool finite = std::isfinite(point.time) && std::isfinite(point.target) &&
                      std::isfinite(point.lowest) && std::isfinite(point.highest) &&
                      std::isfinite(point.weight);
  return finite && point.lowest <= point.highest && point.weight >= 0;
}

std::vector<smartcrop::PathPoint> track_of(const smartcrop_path_point* points, size_t count) {
  std::vector<smartcrop::PathPoint> track;
  track.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const smartcrop_path_point& point = points[i];
    if (!is_sound(point) || (i > 0 && point.time < points[i - 1].time)) {
      throw Error(SMARTCROP_ERROR_ARGUMENT,
                  "point " + std::to_string(i) +
                      " of the path: its numbers have to be finite, its time not before that of "
                      "the point before, lowest not above highest, weight not below 0");
    }
    track.push_back({point.time, point.target, point.lowest, point.highest, point.weight});
  }
  return track;
}

}  // namespace

extern "C" {

int smartcrop_smooth_path(const smartcrop_options* options, const smartcrop_path_point* points,
                          size_t point_size, size_t count, double window, double* centres) {
  return guarded([=] {
    require(options != nullptr && (count == 0 || (points != nullptr && centres != nullptr)),
            "smooth_path needs options, points and room for their centres");
    require(window > 0 && window <= 1, "window is a share of the picture: above 0, at most 1");
    constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
    std::vector<smartcrop_path_point> copies;
    const smartcrop_path_point* known =
        take_array(points, static_cast<int64_t>(count), kMost, point_size, &copies);
    const auto smooth = smartcrop::smooth_path(options->values, track_of(known, count), window);
    std::copy(smooth.begin(), smooth.end(), centres);
    return SMARTCROP_OK;
  });
}

}  // extern "C"
