// SPDX-License-Identifier: MIT
#include "plan/plan_reader.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace smartcrop {
namespace {

constexpr double kSlack_s = 0.004;  // containers round times to a millisecond or so
constexpr double kBeyond_s = 0.5;  // a video that goes on for so long after its plan is another one

// "12.25 s"
std::string seconds(double time_s) {
  const std::string text = std::to_string(std::round(time_s * 100) / 100);
  return text.substr(0, text.find('.') + 3) + " s";
}

}  // namespace

int64_t PlanReader::nearest(double planned_s) const {
  const std::vector<PlanFrame>& frames = plan_.frames;
  const auto later =
      std::lower_bound(frames.begin(), frames.end(), planned_s,
                       [](const PlanFrame& each, double time) { return each.time_s < time; });
  const int64_t last = static_cast<int64_t>(frames.size()) - 1;
  const int64_t line = std::min<int64_t>(later - frames.begin(), last);
  if (line == 0) return 0;
  const double after_s = std::abs(frames[static_cast<size_t>(line)].time_s - planned_s);
  const double before_s = std::abs(planned_s - frames[static_cast<size_t>(line - 1)].time_s);
  return before_s < after_s ? line - 1 : line;
}

// Finds out by the first frame which clock the video has.
void PlanReader::begin(double time_s) {
  const std::vector<PlanFrame>& frames = plan_.frames;
  // The plan's first window is tried before others, since a video is more often whole than cut.
  for (const bool whole : {true, false}) {
    for (const double ahead_s : {plan_.start_s, 0.0}) {
      const int64_t line = whole ? 0 : nearest(time_s + ahead_s);
      const double off_s = frames[static_cast<size_t>(line)].time_s - (time_s + ahead_s);
      if (std::abs(off_s) >= kSlack_s) continue;
      first_ = line;
      ahead_s_ = ahead_s;
      return;
    }
  }
  first_ = 0;
  ahead_s_ = frames[0].time_s - time_s;
}

const PlanFrame& PlanReader::at(int64_t frame, double time_s, bool* shot_start) {
  if (frame == 0) begin(time_s);
  const std::vector<PlanFrame>& frames = plan_.frames;
  const double planned_s = time_s + ahead_s_;
  const int64_t last = static_cast<int64_t>(frames.size()) - 1;
  int64_t line = std::min(first_ + frame, last);
  by_number_ = by_number_ && first_ + frame <= last &&
               std::abs(frames[static_cast<size_t>(line)].time_s - planned_s) < kSlack_s;
  if (!by_number_) line = nearest(planned_s);
  warn_beyond(frame, planned_s);
  const PlanFrame& found = frames[static_cast<size_t>(line)];
  *shot_start = found.shot != last_shot_;
  last_shot_ = found.shot;
  return found;
}

void PlanReader::warn_beyond(int64_t frame, double planned_s) {
  const std::vector<PlanFrame>& frames = plan_.frames;
  const bool beyond =
      planned_s > frames.back().time_s + kBeyond_s || planned_s < frames.front().time_s - kBeyond_s;
  if (!beyond || warned_) return;
  warned_ = true;
  log_.warning("plan " + plan_.path + ": it is of " + seconds(frames.front().time_s) + " to " +
               seconds(frames.back().time_s) + ", but frame " + std::to_string(frame) + " is at " +
               seconds(planned_s) + "; if this is another video, analyze it");
}

void PlanReader::end(int64_t frames) {
  const int64_t missing = static_cast<int64_t>(plan_.frames.size()) - frames;
  if (frames == 0 || missing <= 0 || !by_number_ || first_ > 0 || warned_) return;
  warned_ = true;
  log_.warning("plan " + plan_.path + ": the video has " + std::to_string(missing) +
               " frames fewer; if it was cut at its beginning, its frames have to keep their times "
               "(ffmpeg -copyts); if it is another video, analyze it");
}

smartcrop_strategy PlanReader::strategy_of(int32_t shot) const {
  for (const PlanShot& each : plan_.shots) {
    if (each.number == shot) return each.strategy;
  }
  return SMARTCROP_HOLD;
}

void PlanReader::reset() {
  by_number_ = true;
  warned_ = false;
  last_shot_ = -1;
}

}  // namespace smartcrop
