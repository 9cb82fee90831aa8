// SPDX-License-Identifier: MIT
// Training-free evidence in one picture: how its colour and detail contrast with the surroundings.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MAPS_CONTRAST_MAP_H_
#define SMARTCROP_STAGE2_EVIDENCE_MAPS_CONTRAST_MAP_H_

#include "stage2_evidence/evidence.h"

namespace smartcrop {

// proxy: Y, U, V. Confidence from how much of the map lies in one place.
HeatMap contrast_map(const Proxy& proxy, Size grid);

class ContrastSource : public EvidenceSource {
 public:
  explicit ContrastSource(Size grid) : EvidenceSource(grid) {}
  void reset() override;

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MAPS_CONTRAST_MAP_H_
