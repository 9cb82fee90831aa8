// SPDX-License-Identifier: MIT
// The half of the cut score that looks for the blocks of one picture in another.
#ifndef SMARTCROP_STAGE2_EVIDENCE_CUTS_STRUCTURE_CHANGE_H_
#define SMARTCROP_STAGE2_EVIDENCE_CUTS_STRUCTURE_CHANGE_H_

#include "types.h"

namespace smartcrop {

struct StructureChange {
  float change = 0;  // the share of the structure that is not found again nearby, 0 to 1
  float kept = 0;    // the share of the picture that shows the same in the same place, 0 to 1
};

// What became of the structure of `before` in `after`. Both have thumbnails of one size.
StructureChange structure_change(const CutFeatures& before, const CutFeatures& after);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_CUTS_STRUCTURE_CHANGE_H_
