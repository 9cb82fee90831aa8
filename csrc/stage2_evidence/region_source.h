// SPDX-License-Identifier: MIT
// The interface of everything that says what should be seen whole.
#ifndef SMARTCROP_STAGE2_EVIDENCE_REGION_SOURCE_H_
#define SMARTCROP_STAGE2_EVIDENCE_REGION_SOURCE_H_

#include "types.h"

namespace smartcrop {

// Sees every frame once, in order. Unlike an EvidenceSource it has no map: where it knows nothing,
// it says nothing.
class RegionSource {
 public:
  virtual ~RegionSource() = default;

  // Called for each frame before observe(): true where this frame has to be analysed whatever the
  // beat says, lest what is known of it be lost.
  virtual bool wants(const Observation& observation) {
    (void)observation;
    return false;
  }
  // Appends to out->regions what there is in a frame to be analysed, and sets out->fallback where
  // it should have known and failed. out is not to be touched for other frames.
  virtual void observe(const Observation& observation, Evidence* out) = 0;
  // Forgets what it has seen: called at each (possible) cut before its first frame, and at a seek.
  virtual void reset() = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_REGION_SOURCE_H_
