// SPDX-License-Identifier: MIT
// A beat: which moments of a stream are due, where one a period is wanted.
#ifndef SMARTCROP_BEAT_H_
#define SMARTCROP_BEAT_H_

namespace smartcrop {

class Beat {
 public:
  explicit Beat(double period_s) : period_s_(period_s) {}

  // True where this moment is due. Moments come in order.
  bool strikes(double time_s) {
    constexpr double kSameTime_s = 1e-6;
    if (started_ && time_s < next_s_ - kSameTime_s) return false;
    // On the beat where frames allow it, from now where they came late.
    const bool late = !started_ || next_s_ + period_s_ < time_s;
    next_s_ = (late ? time_s : next_s_) + period_s_;
    started_ = true;
    return true;
  }
  // The next moment is due, whenever it comes.
  void reset() { started_ = false; }

 private:
  double period_s_;
  double next_s_ = 0;
  bool started_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_BEAT_H_
