// SPDX-License-Identifier: MIT
#include "director.h"

#include "error.h"

namespace smartcrop {
namespace {

Path::Shares window_shares(const Geometry& geometry) {
  return {geometry.window_width / geometry.source_width,
          geometry.window_height / geometry.source_height};
}

HeatMap blend(const HeatMap& a, const HeatMap& b, float share) {
  HeatMap map = a;
  for (size_t i = 0; i < map.values.size(); ++i) {
    map.values[i] += share * (b.values[i] - a.values[i]);
  }
  return map;
}

}  // namespace

Director::Director(const Options& options, const Geometry& geometry)
    : chooser_(geometry, options), path_(options, window_shares(geometry)) {}

void Director::take(const Scene& scene) {
  waiting_.push_back({scene.frame, scene.time_s, false, {}});
  if (scene.analysed) {
    unmarked_.push_back(scene.evidence);
    shown_.push_back(scene.evidence);
  }
  take(scene.marks);
}

void Director::take(const std::vector<ShotMark>& marks) {
  for (const ShotMark& mark : marks) hand_over(mark);
}

// A frame whose shot is known goes on to the crop stage.
void Director::hand_over(const ShotMark& mark) {
  if (mark.start) chooser_.start_shot();
  while (!unmarked_.empty() && unmarked_.front().frame <= mark.frame) {
    chooser_.push(unmarked_.front(), mark);
    unmarked_.pop_front();
  }
  const auto at = static_cast<size_t>(mark.frame - waiting_.front().frame);
  waiting_.at(at).mark = mark;
  waiting_.at(at).marked = true;
  newest_shot_ = mark.shot;
}

bool Director::shot_is_complete() const {
  const Waiting& frame = waiting_.front();
  return frame.marked && frame.mark.shot != newest_shot_;
}

Target Director::decide() {
  const Waiting frame = waiting_.front();
  if (!frame.marked) throw Error(SMARTCROP_ERROR_INTERNAL, "the shot detector left out a frame");
  waiting_.pop_front();
  decided_s_ = frame.time_s;
  while (shown_.size() > 1 && shown_[1].time_s <= decided_s_) shown_.pop_front();
  return path_.next(chooser_.choose(frame.frame, frame.time_s, frame.mark));
}

HeatMap Director::map() const {
  if (shown_.empty()) return {};
  const Evidence& before = shown_.front();
  if (shown_.size() < 2 || before.time_s >= decided_s_) return before.map;
  const Evidence& after = shown_[1];
  const double share = (decided_s_ - before.time_s) / (after.time_s - before.time_s);
  return blend(before.map, after.map, static_cast<float>(share));
}

std::vector<Subject> Director::regions() const {
  return shown_.empty() ? std::vector<Subject>() : shown_.front().subjects;
}

void Director::set_options(const Options& options) {
  chooser_.set_options(options);
  path_.set_options(options);
}

void Director::reset() {
  chooser_.reset();
  path_.reset();
  waiting_.clear();
  unmarked_.clear();
  shown_.clear();
  decided_s_ = 0;
  newest_shot_ = -1;
}

}  // namespace smartcrop
