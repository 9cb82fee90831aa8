// SPDX-License-Identifier: MIT
// Finding the window of a frame in a plan.
#ifndef SMARTCROP_PLAN_PLAN_READER_H_
#define SMARTCROP_PLAN_PLAN_READER_H_

#include <cstdint>

#include "log.h"
#include "plan/plan.h"

namespace smartcrop {

// The n-th frame of a video has the n-th window of the plan while their times agree. They may not
// agree: the video may be a part of the file, have lost frames, or have another rate. A frame then
// has the window nearest in time. The video's times are those of the file, or these less the start
// of the file, as ffmpeg has them. If neither fits the first frame, both clocks begin with it.
class PlanReader {
 public:
  PlanReader(PlanFile plan, Log log) : plan_(std::move(plan)), log_(log) {}

  const PlanFile& plan() const { return plan_; }
  // The window of a frame. Frames are numbered from 0, and time_s is on the video's own clock. Sets
  // shot_start to true if another shot begins.
  const PlanFrame& at(int64_t frame, double time_s, bool* shot_start);
  // Warns if the video had fewer frames than its plan, though it seemed to begin with it.
  void end(int64_t frames);
  smartcrop_strategy strategy_of(int32_t shot) const;
  void reset();

 private:
  void begin(double time_s);
  int64_t nearest(double planned_s) const;
  void warn_beyond(int64_t frame, double planned_s);

  PlanFile plan_;
  Log log_;
  double ahead_s_ = 0;  // how far the plan's clock is ahead of the video's
  int64_t first_ = 0;   // the window of the video's first frame
  bool by_number_ = true, warned_ = false;
  int64_t last_shot_ = -1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_PLAN_READER_H_
