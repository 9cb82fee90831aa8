// SPDX-License-Identifier: MIT
// Turns the answer of a network into a map that the rest of the core reads.
#ifndef SMARTCROP_INFERENCE_HEATMAP_H_
#define SMARTCROP_INFERENCE_HEATMAP_H_

#include <vector>

#include "types.h"

namespace smartcrop {

// How concentrated a map is, 0 to 1. It is 0 for a uniform map, 1 for a single cell, and about 1 -
// a for a map that is even over the share a of the picture. So it means the same on coarse and on
// fine grids. The shares sum to 1.
float concentration(const std::vector<float>& shares);

// The spatial softmax of size.width * size.height logits, all finite, with its confidence.
HeatMap softmax_map(const float* logits, Size size);

// A part of a map, in shares of its width and height.
struct MapRegion {
  double left = 0, top = 0, right = 1, bottom = 1;
};

// Resamples a region of the map on another grid, and scales its values to the sum 1. Each cell gets
// the integral of the linearly interpolated map, so that no mass is lost or moved on any grid. A
// region without mass becomes uniform with confidence 0.
HeatMap resample_map(const HeatMap& map, const MapRegion& region, Size grid);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_HEATMAP_H_
