// SPDX-License-Identifier: MIT
// The half of the cut score that looks for the blocks of one picture in another.
#ifndef SMARTCROP_STAGE2_EVIDENCE_STRUCTURE_CHANGE_H_
#define SMARTCROP_STAGE2_EVIDENCE_STRUCTURE_CHANGE_H_

#include "types.h"

namespace smartcrop {

// The share of the structure of `after` that is not found again in `before`, 0 to 1. Both have
// thumbnails of one size.
float structure_change(const CutFeatures& before, const CutFeatures& after);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_STRUCTURE_CHANGE_H_
