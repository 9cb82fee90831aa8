// SPDX-License-Identifier: MIT
// Evidence to targets: per shot, the best sequence of windows that a camera operator would pick.
#ifndef SMARTCROP_STAGE4_CROP_CHOOSE_H_
#define SMARTCROP_STAGE4_CROP_CHOOSE_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "options.h"
#include "stage4_crop/candidates.h"
#include "types.h"

namespace smartcrop {

// Scores every candidate window of each analysed frame and finds, between cuts, the sequence of
// candidates with the best sum of score over time less the price of moving (best_path.h), over what
// is in view: from the frame to be decided, whose window follows from what was shown before, to the
// end of the look-ahead, beyond which the present is taken to go on for a while. A subject that
// wins clearly and for long is switched to; two subjects are never averaged.
class Chooser {
 public:
  Chooser(const Candidates& candidates, const Options& options);

  // Evidence of a frame, in order, with its shot.
  void push(const Evidence& evidence, const ShotMark& mark);
  // A frame at which the window may jump; its evidence follows.
  void start_shot();
  // The target of a frame and then those of the analysed frames after it in its shot, as far as
  // they are known: at least one. Frames in order; the mark is the frame's own.
  std::vector<Target> choose(int64_t frame, double time_s, const ShotMark& mark);
  void set_options(const Options& options) { options_ = options; }
  void reset();

 private:
  struct Sample {
    double time_s = 0;
    float confidence = 0;
    bool fallback = false;
    std::vector<float> gain;   // what each candidate brings while the sample speaks
    std::vector<float> usual;  // what each brought lately, a second
  };
  // The frames between two jumps.
  struct Segment {
    std::deque<Sample> samples;
    std::vector<int> path;  // candidate of each sample; empty: to be found
    int shown = -1;         // candidate that the first sample was shown with
    int32_t shot = -1;
    int held = -1;  // the candidate that a forced strategy stays at
    // What the targets have done so far in this shot.
    double last = -1, last_change_s = 0;
    int direction = 0;
    bool turned = false;

    void begin_shot(int32_t number);
  };

  std::vector<float> score(const HeatMap& map, float confidence) const;
  void find_path(Segment* segment) const;
  double centre_at(const Segment& segment, size_t sample) const;
  Target make_target(const Sample& sample, double time_s, double centre) const;
  Target target_now(const Segment& segment, double time_s) const;
  void hold_if_asked(Segment* segment, double time_s) const;
  smartcrop_strategy note_strategy(Segment* segment, const Target& target) const;

  Candidates candidates_;
  Options options_;
  std::deque<Segment> segments_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_CHOOSE_H_
