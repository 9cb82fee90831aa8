// SPDX-License-Identifier: MIT
// Maps on the grid, and one evidence out of what all sources found in a frame.
#ifndef SMARTCROP_STAGE2_EVIDENCE_EVIDENCE_H_
#define SMARTCROP_STAGE2_EVIDENCE_EVIDENCE_H_

#include <vector>

#include "stage2_evidence/aligner.h"
#include "types.h"

namespace smartcrop {

// The grid of all maps of a run, for a proxy: a cell for each 4 x 4 of its samples.
Size evidence_grid(Size proxy);

// Scales the values to the sum 1; a map without any (or with a value that is not finite) becomes
// uniform with confidence 0.
void normalise(HeatMap* map);

// One map out of several: their weighted geometric mean, the weights being weight * confidence
// scaled to the sum 1 (a logarithmic opinion pool; Genest and Zidek, "Combining Probability
// Distributions", 1986). What all maps find likely stays, and one that is too sure of itself is
// softened. All of one grid; at least one.
struct WeightedMap {
  const HeatMap* map;
  float weight;
};
HeatMap fuse(const std::vector<WeightedMap>& maps);

// The maps are fused by the weights that their sources give, subjects stand in the order of the
// sources, and of pan and content the first source that knows them is believed. At least one source
// has to have a map.
Evidence evidence_of(const AlignedFrame& frame);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_EVIDENCE_H_
