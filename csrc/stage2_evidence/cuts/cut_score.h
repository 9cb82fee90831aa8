// SPDX-License-Identifier: MIT
// How much the content changed from the frame before.
#ifndef SMARTCROP_STAGE2_EVIDENCE_CUTS_CUT_SCORE_H_
#define SMARTCROP_STAGE2_EVIDENCE_CUTS_CUT_SCORE_H_

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

// How little of one picture is found again in another, 0 to 1, by their thumbnails: near 0 between
// neighbours at rest, up to 0.4 in fast motion, 0.3 to 0.9 between shots. Insensitive to changes of
// light, to motion of up to a seventh of the picture, and to things laid over a part of it. 1 for
// thumbnails of two sizes.
float content_difference(const CutFeatures& before, const CutFeatures& after);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_CUTS_CUT_SCORE_H_
