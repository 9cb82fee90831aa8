// SPDX-License-Identifier: MIT
// Finding the window of a frame in a plan.
#ifndef SMARTCROP_PLAN_PLAN_READER_H_
#define SMARTCROP_PLAN_PLAN_READER_H_

#include <cstdint>

#include "log.h"
#include "plan/plan.h"

namespace smartcrop {

// The n-th frame of a video has the n-th window as long as their times agree; where they do not (a
// part of the video, dropped frames, another rate), the window nearest in time. Times are those of
// the plan's file, or less its start, as ffmpeg counts; where neither fits the first frame, both
// clocks are taken to begin with it.
class PlanReader {
 public:
  PlanReader(PlanFile plan, Log log) : plan_(std::move(plan)), log_(log) {}

  const PlanFile& plan() const { return plan_; }
  // frame: number of the frame from 0; time_s: on the video's own clock. shot_start: true where
  // another shot begins.
  const PlanFrame& at(int64_t frame, double time_s, bool* shot_start);
  // Says so where the video had fewer frames than its plan, though it seemed to begin with it.
  void end(int64_t frames);
  smartcrop_strategy strategy_of(int32_t shot) const;
  void reset();

 private:
  void begin(double time_s);
  int64_t nearest(double planned_s) const;
  void warn_beyond(int64_t frame, double planned_s);

  PlanFile plan_;
  Log log_;
  double ahead_s_ = 0;  // what the plan's clock is ahead of the video's
  int64_t first_ = 0;   // window of the video's first frame
  bool by_number_ = true, warned_ = false;
  int64_t last_shot_ = -1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_PLAN_READER_H_
