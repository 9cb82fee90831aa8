// SPDX-License-Identifier: MIT
// Boxes and maps, both in shares of the picture.
#ifndef SMARTCROP_BOX_SHARES_H_
#define SMARTCROP_BOX_SHARES_H_

#include "types.h"

namespace smartcrop {

// The share of a map inside a box, cells by their middles.
float mass_in(const HeatMap& map, const Box& box);

// The part of a box inside the picture; where there is none, its nearest point.
Box inside_picture(const Box& box);

}  // namespace smartcrop

#endif  // SMARTCROP_BOX_SHARES_H_
