// SPDX-License-Identifier: MIT
// How large the window of a shot is: the largest of its shape, one wide enough for what may not be
// cut (fit), or a smaller one (zoom).
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
  bool shows_text = false;  // fitted for text, which then has to be in the window
  const char* why = "";     // fit

  bool operator==(const ShotShape& other) const;
  double window(Axis axis) const { return axis == Axis::kX ? width : height; }
};

// The shape for the samples in view of a shot. before: the shape that it was shown with, or nullptr
// at its first frame; a window that was fitted once stays as wide for the rest of the shot, and a
// zoom is chosen at the first frame alone.
ShotShape choose_shape(const std::deque<Sample>& samples, const Geometry& geometry,
                       const Options& options, const ShotShape* before);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_SHAPE_H_
