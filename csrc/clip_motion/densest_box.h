// SPDX-License-Identifier: MIT
// The rectangle of a grid that holds the most of what is spread over it, at a wanted area.
#ifndef SMARTCROP_CLIP_MOTION_DENSEST_BOX_H_
#define SMARTCROP_CLIP_MOTION_DENSEST_BOX_H_

#include <vector>

#include "types.h"

namespace smartcrop {

// In cells.
struct CellBox {
  int left = 0, top = 0, width = 0, height = 0;
};

// Of the rectangles of about the wanted area the one that holds the most beyond its share of the
// area, where what is near the middle counts more; of equal ones that nearest to the middle. Values
// of at least 0, row by row. The area is a share of the grid, above 0 to 1; rectangles within a
// tenth of it are compared, and those nearest to it where there are none.
CellBox densest_box(const std::vector<float>& density, Size grid, double area);

}  // namespace smartcrop

#endif  // SMARTCROP_CLIP_MOTION_DENSEST_BOX_H_
