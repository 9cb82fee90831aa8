// SPDX-License-Identifier: MIT
// What the crop stage keeps of the evidence of one analysed frame.
#ifndef SMARTCROP_STAGE4_CROP_SAMPLE_H_
#define SMARTCROP_STAGE4_CROP_SAMPLE_H_

#include <algorithm>
#include <vector>

#include "stage4_crop/candidates.h"
#include "types.h"

namespace smartcrop {

struct Sample {
  double time_s = 0;
  double length_s = 0;   // for so long it speaks; 0 in a dissolve or fade, which has no say
  float confidence = 0;  // of the map
  float pan = 0;         // speed of the camera, shares of the picture's width a second
  bool fallback = false;
  Profiles profile;      // of the map and what counted before it
  Profiles own_profile;  // of the map alone, to see whether it is clear
  std::vector<RegionOfInterest> regions;
  Box content;
};

inline Span along(const Box& box, Axis axis) {
  return axis == Axis::kX ? Span{box.x, box.x + box.width} : Span{box.y, box.y + box.height};
}

// From the first edge of some boxes to the last; with none, lowest > highest.
template <typename Condition>
Span span_of(const Sample& sample, Axis axis, Condition counts) {
  Span span{1, 0};
  for (const RegionOfInterest& region : sample.regions) {
    if (!counts(region)) continue;
    const Span own = along(region.box, axis);
    span.lowest = std::min(span.lowest, std::max(0.0, own.lowest));
    span.highest = std::max(span.highest, std::min(1.0, own.highest));
  }
  return span;
}

// What must be seen of a sample along an axis.
inline Span required_span(const Sample& sample, Axis axis) {
  return span_of(sample, axis, [](const RegionOfInterest& region) { return region.required; });
}

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_SAMPLE_H_
