// SPDX-License-Identifier: MIT
// Whether the targets of a shot rest, move one way, or move back and forth.
#ifndef SMARTCROP_STAGE4_CROP_MOTION_KIND_H_
#define SMARTCROP_STAGE4_CROP_MOTION_KIND_H_

#include <algorithm>
#include <cmath>

#include "smartcrop/smartcrop.h"

namespace smartcrop {

// A line that rests until a target is further away than the slack. Then it moves just as far as it
// must. Its moves name the strategy.
class MotionKind {
 public:
  void add(double target, double slack) {
    if (at_ < 0) at_ = target;
    const double before = at_;
    at_ = std::clamp(at_, target - slack, target + slack);
    if (std::abs(at_ - before) < 1e-9) return;
    const int direction = at_ > before ? 1 : -1;
    turned_ = turned_ || direction_ == -direction;
    direction_ = direction;
  }
  smartcrop_strategy strategy() const {
    if (direction_ == 0) return SMARTCROP_HOLD;
    return turned_ ? SMARTCROP_FOLLOW : SMARTCROP_PAN;
  }

 private:
  double at_ = -1;
  int direction_ = 0;
  bool turned_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_MOTION_KIND_H_
