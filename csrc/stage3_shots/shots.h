// SPDX-License-Identifier: MIT
// Cut scores to shots.
#ifndef SMARTCROP_STAGE3_SHOTS_SHOTS_H_
#define SMARTCROP_STAGE3_SHOTS_SHOTS_H_

#include <deque>

#include "types.h"

namespace smartcrop {

struct ShotOptions {
  double threshold = 1;   // relative to the built-in level
  double min_shot_s = 0.5;
  double max_delay_s = 1.5;  // how long it may wait to be sure; 0: at once
};

class ShotDetector {
 public:
  explicit ShotDetector(const ShotOptions& options);

  // What it waits for, at most options.max_delay_s.
  double delay_s() const;
  // True where the frame looks like the first of a new shot on what is known now (a superset of the
  // cuts that are marked in the end).
  bool push(const CutFeatures& features);
  // Makes it decide every frame up to this one now, as if nothing came after the last one pushed.
  void decide_through(int64_t frame);
  // The next mark that is decided, in order.
  bool pop(ShotMark* mark);
  void reset();

 private:
  ShotOptions options_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE3_SHOTS_SHOTS_H_
