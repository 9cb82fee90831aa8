// SPDX-License-Identifier: MIT
// Cut scores to shots.
#ifndef SMARTCROP_STAGE3_SHOTS_SHOTS_H_
#define SMARTCROP_STAGE3_SHOTS_SHOTS_H_

#include <cstddef>
#include <deque>

#include "stage3_shots/dissolve.h"
#include "types.h"

namespace smartcrop {

struct ShotOptions {
  double threshold = 1;  // relative to the built-in level
  double min_shot_s = 0.5;
  double max_delay_s = 1.5;  // how long it may wait to be sure; 0: at once
};

// What becomes a boundary:
// - a hard cut: a change that stands out from its neighbours in time and lasts. A flash returns to
//   the same picture and is none. A cut that would end a shot shorter than min_shot_s is not taken;
//   the first shot may be shorter, since nobody knows how long it went on before the video.
// - a fade: once, with start, at the flattest frame between the two shots.
// - a dissolve: once, without start, in its middle.
// With max_delay_s = 0 it knows the past only: a flash that a cut cannot be told from is a cut
// where it begins (not again where it ends), and gradual changes are marked from where they show.
// Times that stand still or run backwards count as one usual step forwards.
class ShotDetector {
 public:
  explicit ShotDetector(const ShotOptions& options);

  // What it waits for, at most options.max_delay_s: a frame is decided when one that is at least so
  // much later was pushed.
  double delay_s() const;
  // True where the frame looks like the first of a new shot on what is known now (a superset of the
  // starts that are marked in the end; dissolves have none).
  bool push(const CutFeatures& features);
  // Makes it decide every frame up to this one now, as if nothing came after the last one pushed.
  void decide_through(int64_t frame);
  // The next mark that is decided, in order.
  bool pop(ShotMark* mark);
  void reset();

 private:
  // A stretch of transition frames on its way through the decisions.
  struct Run {
    bool open = false;
    bool settled = false;  // its boundary is placed, or it needs none
    bool had_flat = false;
    int64_t first = 0;   // number of its first frame
    CutFeatures before;  // the frame before it
  };

  void advance_clock(double time_s);
  void decide_next();
  void forget_old();
  void close_gaps();
  bool is_candidate(size_t index) const;
  bool is_cut(size_t index) const;
  bool ends_long_enough_shot(size_t index) const;
  double usual_change(size_t index) const;
  double near_change(size_t index) const;
  float two_pictures() const;
  bool picture_persists_across(size_t index) const;
  bool run_ends_shot_at(size_t index) const;
  bool run_changed_picture(size_t after) const;
  void follow_run(size_t index);

  ShotOptions options_;
  std::deque<KnownFrame> known_;  // decided ones that are still of use, then undecided ones
  size_t decided_ = 0;            // how many of known_ are decided
  std::deque<ShotMark> marks_;
  Run run_;
  double clock_s_ = 0;      // time that never stands still
  double last_time_s_ = 0;  // as given
  double step_s_ = 0;       // the usual step from frame to frame
  double shot_begin_s_ = 0;
  int32_t shot_ = -1;  // -1: nothing decided yet
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE3_SHOTS_SHOTS_H_
