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
  void reset() { previous_ = CutFeatures(); }

 private:
  CutFeatures previous_;
};

// How little of one picture is found again in another, 0 to 1, by their thumbnails: about 0.1
// between neighbours, up to 0.4 in fast motion, 0.5 and more between shots. Insensitive to motion
// of up to an eighth of the picture and to changes of light. 1 for thumbnails of two sizes.
float content_difference(const CutFeatures& before, const CutFeatures& after);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_CUT_SCORE_H_
