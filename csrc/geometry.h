// SPDX-License-Identifier: MIT
// The shapes of a run: window, output and how far the window can move.
#ifndef SMARTCROP_GEOMETRY_H_
#define SMARTCROP_GEOMETRY_H_

#include <string>

#include "options.h"
#include "types.h"

namespace smartcrop {

struct Geometry {
  int source_width = 0, source_height = 0;
  double window_width = 0, window_height = 0;
  Size output;
  int sar_num = 0, sar_den = 1;  // of the output's pixels
  // Windows are placed on multiples of these many pixels; 0: anywhere.
  int step_x = 0, step_y = 0;
};

// What is wanted of the output picture.
struct Shape {
  double aspect = 0;  // display width / height; 0: that of output, or 9/16 without one
  Size output;        // pixels; 0 x 0: the window's
  bool subpixel = false;
};
// Throws Error(ERROR_OPTION) where the options name two different shapes.
Shape shape_of(const Options& options);

// Throws Error(ERROR_OPTION) if a size is not of this shape, apart from the rounding of its sides.
// Its pixels would not be square, which few people want and many players do not show. The sentence
// calls what asks for the shape `what`.
void check_same_shape(const std::string& what, double aspect, Size size);

// The largest window of the wanted shape inside the picture. Throws Error(ERROR_FORMAT) for a
// stream or a shape that leaves nothing to show.
Geometry make_geometry(const Shape& shape, const smartcrop_stream& stream);

// Width of a pixel over its height; 1 where the stream does not say.
double sample_aspect(const smartcrop_stream& stream);

// The top left of a window whose centre is wanted at this share of the picture. The window lies
// inside the picture, and on the steps.
struct Position {
  double x = 0, y = 0;
};
Position place_window(const Geometry& geometry, double centre_x, double centre_y);

}  // namespace smartcrop

#endif  // SMARTCROP_GEOMETRY_H_
