// SPDX-License-Identifier: MIT
// What the crop stage keeps of the evidence of one analysed frame.
#ifndef SMARTCROP_STAGE4_CROP_SAMPLE_H_
#define SMARTCROP_STAGE4_CROP_SAMPLE_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "stage4_crop/candidates.h"
#include "types.h"

namespace smartcrop {

struct Sample {
  double time_s = 0;
  int32_t shot = -1;
  double length_s = 0;   // how long the sample holds; 0 in a dissolve or fade, which is left out
  float confidence = 0;  // of the map
  float pan = 0;         // speed of the camera, shares of the picture's width a second
  bool fallback = false;
  Profiles profile;              // of the map, blended with the maps before it in the shot
  Profiles own_profile;          // of the map alone; it says whether the shot is clear
  std::vector<Subject> found;    // as they were found
  std::vector<Subject> regions;  // the same, with the room that they want around them
  std::vector<float> masses;     // of what was found: the map's share in each
  Box content;
};

inline Span along(const Box& box, Axis axis) {
  return axis == Axis::kX ? Span{box.x, box.x + box.width} : Span{box.y, box.y + box.height};
}

// The span from the first edge to the last of the boxes for which `counts` is true. If there is
// none, lowest is above highest.
template <typename Condition>
Span span_of(const Sample& sample, Axis axis, Condition counts) {
  Span span{1, 0};
  for (const Subject& region : sample.regions) {
    if (!counts(region)) continue;
    const Span own = along(region.box, axis);
    span.lowest = std::min(span.lowest, std::max(0.0, own.lowest));
    span.highest = std::max(span.highest, std::min(1.0, own.highest));
  }
  return span;
}

// The span of the required boxes along an axis.
inline Span required_span(const Sample& sample, Axis axis) {
  return span_of(sample, axis, [](const Subject& region) { return region.required; });
}

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_SAMPLE_H_
