// SPDX-License-Identifier: MIT
// How much the content changed from the frame before.
#ifndef SMARTCROP_STAGE2_EVIDENCE_CUT_SCORE_H_
#define SMARTCROP_STAGE2_EVIDENCE_CUT_SCORE_H_

#include "types.h"

namespace smartcrop {

class CutScore {
 public:
  // proxy: Y, U, V. Sees every frame once, in order.
  CutFeatures observe(const Observation& observation);
  void reset() { previous_ = Proxy(); }

 private:
  Proxy previous_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_CUT_SCORE_H_
