// SPDX-License-Identifier: MIT
// Training-free evidence in one picture: how its colour and detail contrast with the surroundings.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MAPS_CONTRAST_MAP_H_
#define SMARTCROP_STAGE2_EVIDENCE_MAPS_CONTRAST_MAP_H_

#include "stage2_evidence/source.h"

namespace smartcrop {

// proxy: Y, U, V. Confidence from how much of the map lies in one place.
HeatMap contrast_map(const Proxy& proxy, Size grid);

class ContrastSource : public Source {
 public:
  explicit ContrastSource(Size grid) : grid_(grid) {}
  Findings observe(const Observation& observation) override;
  void reset(Reset) override {}

 private:
  Size grid_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MAPS_CONTRAST_MAP_H_
