// SPDX-License-Identifier: MIT
// Cuts a video into shots by the cut scores of its frames.
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

// These changes are boundaries of shots:
// - A hard cut is a change that stands out from its neighbours in time and lasts. A flash is none,
//   since the picture returns. A cut that would end a shot shorter than min_shot_s is ignored. The
//   first shot may be shorter, since nobody knows how long it went on before the video.
// - A fade is one boundary, with start, at the flattest frame between the two shots.
// - A dissolve is one boundary, without start, in its middle.
// With max_delay_s = 0 only the past is known. A flash then looks like a cut: it is one where it
// begins, and none where it ends. A gradual change is marked from the frame at which it shows.
// A time that stands still or runs backwards is taken as one usual step forwards.
class ShotDetector {
 public:
  explicit ShotDetector(const ShotOptions& options);

  // A frame is decided when a frame that is at least so much later was pushed. At most
  // options.max_delay_s.
  double delay_s() const;
  // True if the frame looks like the first of a new shot, as far as is known now. Every start that
  // is marked later was such a frame; some of these frames are not marked. Dissolves have no start.
  bool push(const CutFeatures& features);
  // Decides every frame up to this one now, as if nothing came after the last one pushed.
  void decide_through(int64_t frame);
  // Gives the next mark, in order. False if no further frame is decided.
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
  std::deque<KnownFrame> known_;  // decided frames that are still needed, then undecided ones
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
