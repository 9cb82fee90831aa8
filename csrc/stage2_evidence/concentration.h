// SPDX-License-Identifier: MIT
// How much of a map lies in one place: what its confidence is made from.
#ifndef SMARTCROP_STAGE2_EVIDENCE_CONCENTRATION_H_
#define SMARTCROP_STAGE2_EVIDENCE_CONCENTRATION_H_

#include "types.h"

namespace smartcrop {

// The largest share of a normalised map inside any square a tenth of the picture large: about 0.1
// for a map without any preference, 1 for one small blob.
float best_square_share(const HeatMap& map);

// 0 below low, 1 above high, straight between.
float ramp(float value, float low, float high);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_CONCENTRATION_H_
