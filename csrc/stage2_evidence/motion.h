// SPDX-License-Identifier: MIT
// Training-free evidence between pictures: what moves other than the camera.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_H_

#include "stage2_evidence/evidence.h"

namespace smartcrop {

class MotionSource : public EvidenceSource {
 public:
  explicit MotionSource(Size grid) : EvidenceSource(grid, 0) {}
  void reset() override;

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_H_
