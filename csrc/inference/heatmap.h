// SPDX-License-Identifier: MIT
// Mathematics of maps: what a network answers to what the rest of the core reads.
#ifndef SMARTCROP_INFERENCE_HEATMAP_H_
#define SMARTCROP_INFERENCE_HEATMAP_H_

#include <vector>

#include "types.h"

namespace smartcrop {

// How little of the picture the shares (sum 1) fill, 0 to 1: 0 for a uniform map, 1 for one cell,
// and about 1 - a for a map that spreads evenly over the share a of the picture. Not a number of
// cells, so that it means the same on grids of different fineness.
float concentration(const std::vector<float>& shares);

// The spatial softmax of size.width * size.height logits, all finite, with its confidence.
HeatMap softmax_map(const float* logits, Size size);

// A part of a map, in shares of its width and height.
struct MapRegion {
  double left = 0, top = 0, right = 1, bottom = 1;
};

// The region of the map on another grid, its values scaled to the sum 1: each cell gets the
// integral of the linearly interpolated map, so that no mass is lost or moved whether the grid is
// finer or coarser. A region without mass becomes uniform with confidence 0.
HeatMap resample_map(const HeatMap& map, const MapRegion& region, Size grid);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_HEATMAP_H_
