// SPDX-License-Identifier: MIT
// The interface of everything that says where viewers look.
#ifndef SMARTCROP_STAGE2_EVIDENCE_EVIDENCE_H_
#define SMARTCROP_STAGE2_EVIDENCE_EVIDENCE_H_

#include <vector>

#include "types.h"

namespace smartcrop {

// A source sees every frame once, in order, and answers a frame that has Observation::analyse set
// with a map of that very frame, which this class checks. Every source of a run answers on the same
// grid of cells.
class EvidenceSource {
 public:
  explicit EvidenceSource(Size grid) : grid_(grid) {}
  virtual ~EvidenceSource() = default;

  // Appends the map of the frame, where one is wanted.
  void observe(const Observation& observation, std::vector<Evidence>* out);
  // Forgets what it has seen: called at each (possible) cut before its first frame, and at a seek.
  virtual void reset() = 0;

  Size grid() const { return grid_; }

 protected:
  virtual void do_observe(const Observation& observation, std::vector<Evidence>* out) = 0;

 private:
  Size grid_;
};

// The grid for a proxy: a cell for each 4 x 4 of its samples.
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

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_EVIDENCE_H_
