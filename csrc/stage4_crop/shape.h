// SPDX-License-Identifier: MIT
// How large the window of a shot is. It is the largest of its shape, or a wider one that holds what
// has to be whole (fit), or a smaller one (zoom).
#ifndef SMARTCROP_STAGE4_CROP_SHAPE_H_
#define SMARTCROP_STAGE4_CROP_SHAPE_H_

#include <deque>

#include "geometry.h"
#include "options.h"
#include "stage4_crop/sample.h"

namespace smartcrop {

// Sizes as shares of the picture.
struct ShotShape {
  Box content;                   // where the window may be
  double width = 1, height = 1;  // the window's size
  bool fit = false;
  bool shows_text = false;  // it is fitted for text, and the text is required then
  const char* why = "";     // the reason for fit

  bool operator==(const ShotShape& other) const;
  double window(Axis axis) const { return axis == Axis::kX ? width : height; }
};

// The shape for the samples of a shot that are in view. `before` is the shape that the shot was
// shown with, or nullptr at its first frame. A window that was fitted stays as wide for the rest of
// the shot. A zoom is chosen at the first frame only.
ShotShape choose_shape(const std::deque<Sample>& samples, const Geometry& geometry,
                       const Options& options, const ShotShape* before);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_SHAPE_H_
