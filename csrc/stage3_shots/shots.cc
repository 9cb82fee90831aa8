// SPDX-License-Identifier: MIT
#include "stage3_shots/shots.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stage2_evidence/cuts/cut_score.h"

namespace smartcrop {
namespace {

// A frame is a cut if its content differs from the frame before by more than
// kLeastCut + kUsualWeight * the usual change of the frames around it
//           + kNearWeight * the change of the nearest frames.
// Fitted on the films of tests/bench/cut_films.py, half `train`, by logistic regression.
constexpr double kLeastCut = 0.15;
constexpr double kUsualWeight = 0.67;
constexpr double kNearWeight = 0.60;
constexpr size_t kNear = 2;           // frames on each side that are nearest
constexpr double kFirstCut = 0.42;    // where fewer frames are known before it
constexpr float kTwoPictures = 0.3F;  // content difference from which two pictures are two
constexpr float kTwoEnds = 0.6F;  // the same for the ends of a dissolve, between which things move
constexpr float kComesBack = 0.6F;      // a flash comes back to within this share of its change
constexpr double kWait_s = 0.6;         // enough for any flash and the middle of most dissolves
constexpr double kNeighbours_s = 0.3;   // on each side
constexpr size_t kLeastNeighbours = 3;  // on each side, at low frame rates
constexpr size_t kMostNeighbours = 32;  // on each side, at high ones
constexpr double kUsualShare = 0.7;     // this share of the neighbours changed less than is usual
constexpr double kFlash_s = 0.15;       // longest flash
constexpr size_t kFlashFrames = 3;      // or so many frames, where that is longer
constexpr size_t kMostFlashFrames = 8;
constexpr double kGap_s = 0.2;
constexpr size_t kGapFrames = 3;
constexpr double kRounding_s = 1e-6;
constexpr double kDefaultStep_s = 0.04;
constexpr size_t kMostDecided = 256;  // frames kept, whatever their times
constexpr size_t kMostUndecided = 512;

}  // namespace

ShotDetector::ShotDetector(const ShotOptions& options) : options_(options) { reset(); }

void ShotDetector::reset() {
  known_.clear();
  decided_ = 0;
  marks_.clear();
  run_ = Run();
  clock_s_ = 0;
  step_s_ = kDefaultStep_s;
  shot_begin_s_ = 0;
  shot_ = -1;
}

double ShotDetector::delay_s() const { return std::min(options_.max_delay_s, kWait_s); }

void ShotDetector::advance_clock(double time_s) {
  if (!known_.empty()) {
    const double step_s = time_s - last_time_s_;
    if (std::isfinite(step_s) && step_s > 0) step_s_ = step_s;
    clock_s_ += step_s_;
  }
  if (std::isfinite(time_s)) last_time_s_ = time_s;
}

bool ShotDetector::push(const CutFeatures& features) {
  advance_clock(features.time_s);
  KnownFrame frame;
  frame.features = features;
  frame.clock_s = clock_s_;
  describe_for_dissolves(&frame);
  frame.transition = frame.flat;
  known_.push_back(std::move(frame));
  mark_dissolves(&known_, kTwoEnds * static_cast<float>(options_.threshold));
  close_gaps();

  const size_t index = known_.size() - 1;
  const bool beside_flat = known_[index].flat || (index > 0 && known_[index - 1].flat);
  const bool may_start =
      index == 0 || beside_flat || (is_candidate(index) && !picture_persists_across(index));
  while (decided_ < known_.size() &&
         (clock_s_ - known_[decided_].clock_s >= delay_s() - kRounding_s ||
          known_.size() - decided_ > kMostUndecided)) {
    decide_next();
  }
  forget_old();
  return may_start;
}

void ShotDetector::decide_through(int64_t frame) {
  while (decided_ < known_.size() && known_[decided_].features.frame <= frame) decide_next();
}

bool ShotDetector::pop(ShotMark* mark) {
  if (marks_.empty()) return false;
  *mark = marks_.front();
  marks_.pop_front();
  return true;
}

float ShotDetector::two_pictures() const {
  return kTwoPictures * static_cast<float>(options_.threshold);
}

void ShotDetector::decide_next() {
  const size_t index = decided_++;
  ShotMark mark;
  mark.frame = known_[index].features.frame;
  mark.transition = known_[index].transition;
  follow_run(index);
  const bool cut = shot_ < 0 || is_cut(index);
  const bool gradual = !cut && run_ends_shot_at(index);
  if (cut || gradual) {
    mark.start = cut || run_.had_flat;
    shot_begin_s_ = known_[index].clock_s;
    ++shot_;
    run_.settled = true;
  }
  mark.shot = shot_;
  if (!known_[index].transition) run_.open = false;
  marks_.push_back(mark);
}

// ---- hard cuts ----------------------------------------------------------------------------------

// True if the frame may be a cut, as far as it and the frames before it say.
bool ShotDetector::is_candidate(size_t index) const {
  double least = kFirstCut;
  if (index > kNear) {
    const auto near =
        std::min(known_[index - 1].features.change, known_[index - 2].features.change);
    least = kLeastCut + kNearWeight * near;
  }
  return known_[index].features.difference >= least * options_.threshold;
}

bool ShotDetector::is_cut(size_t index) const {
  if (!is_candidate(index) || !ends_long_enough_shot(index)) return false;
  if (run_.open && run_.settled && known_[index].transition) return false;
  const double change = known_[index].features.difference;
  const double least =
      kLeastCut + kUsualWeight * usual_change(index) + kNearWeight * near_change(index);
  if (change < least * options_.threshold) return false;
  // A blended frame spreads a cut over two frames. The one with the larger change is the cut.
  if (index + 1 < known_.size() && known_[index + 1].features.difference > change) return false;
  return !picture_persists_across(index);
}

bool ShotDetector::ends_long_enough_shot(size_t index) const {
  return shot_ == 0 || known_[index].clock_s - shot_begin_s_ >= options_.min_shot_s;
}

// How much the frames around this one usually change. The few that change most are left out, since
// they may be other cuts.
double ShotDetector::usual_change(size_t index) const {
  std::vector<float> changes;
  const double at_s = known_[index].clock_s;
  for (size_t k = 1; k <= kMostNeighbours && index >= k + 1; ++k) {
    if (k > kLeastNeighbours && at_s - known_[index - k].clock_s > kNeighbours_s) break;
    changes.push_back(known_[index - k].features.change);
  }
  for (size_t k = 1; k <= kMostNeighbours && index + k < known_.size(); ++k) {
    if (k > kLeastNeighbours && known_[index + k].clock_s - at_s > kNeighbours_s) break;
    changes.push_back(known_[index + k].features.change);
  }
  if (changes.empty()) return 0;
  const auto rank = static_cast<size_t>(kUsualShare * static_cast<double>(changes.size() - 1));
  const auto nth = changes.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(changes.begin(), nth, changes.end());
  return *nth;
}

// How much the nearest frames change. The one that changes most is left out, since a cut may be
// spread over two frames. It is not left out if only the past is known, since motion may begin
// there.
double ShotDetector::near_change(size_t index) const {
  float most = 0, second = 0;
  size_t count = 0;
  for (size_t k = index > kNear ? index - kNear : 1; k <= index + kNear && k < known_.size(); ++k) {
    if (k == index) continue;
    const float change = known_[k].features.change;
    second = std::max(second, std::min(most, change));
    most = std::max(most, change);
    ++count;
  }
  return count > kNear ? second : most;
}

// True if a frame shortly before and a frame shortly after show the same picture. The frames
// between them are a flash then.
bool ShotDetector::picture_persists_across(size_t index) const {
  const float level = kComesBack * known_[index].features.difference;
  for (size_t before = index; before-- > 0 && index - before <= kMostFlashFrames;) {
    for (size_t after = index; after < known_.size(); ++after) {
      const size_t frames = after - before - 1;
      const double gap_s = known_[after].clock_s - known_[before + 1].clock_s;
      if (frames > kMostFlashFrames || (frames > kFlashFrames && gap_s > kFlash_s)) break;
      if (frames == 0) continue;
      if (content_difference(known_[before].features, known_[after].features) < level) return true;
    }
  }
  return false;
}

// ---- fades and dissolves ------------------------------------------------------------------------

// Some frames of a fade are not recognised, since it is slow where it begins and steep where it
// meets black. Closes such gaps, so that one gradual change is one run.
void ShotDetector::close_gaps() {
  size_t last = known_.size();  // the last transition frame so far
  for (size_t i = decided_ > 0 ? decided_ - 1 : 0; i < known_.size(); ++i) {
    if (!known_[i].transition) continue;
    const bool near = last < i && (i - last <= kGapFrames + 1 ||
                                   known_[i].clock_s - known_[last].clock_s <= kGap_s);
    for (size_t gap = last + 1; near && gap < i; ++gap) known_[gap].transition = true;
    last = i;
  }
}

void ShotDetector::follow_run(size_t index) {
  if (known_[index].transition && !run_.open) {
    run_ = Run();
    run_.open = true;
    run_.first = known_[index].features.frame;
    run_.settled = index == 0;  // what the video begins with belongs to its first shot
    if (index > 0) run_.before = known_[index - 1].features;
  }
  if (known_[index].flat) run_.had_flat = true;
}

// False if the picture comes back, since neither a flash nor a blink to black is a fade. A few
// frames on each side are compared, since a flash rises and decays.
bool ShotDetector::run_changed_picture(size_t after) const {
  const float level = two_pictures();
  size_t begin = after;
  while (begin > 0 && known_[begin - 1].features.frame >= run_.first) --begin;
  for (size_t i = after; i < known_.size() && i <= after + kFlashFrames; ++i) {
    if (content_difference(run_.before, known_[i].features) < level) return false;
    for (size_t back = 2; back <= kFlashFrames && back <= begin; ++back) {
      if (content_difference(known_[begin - back].features, known_[i].features) < level)
        return false;
    }
  }
  return true;
}

// True if the boundary of a run of transition frames is at this frame. It belongs at the flattest
// frame, or in the middle of a run without flat frames.
bool ShotDetector::run_ends_shot_at(size_t index) const {
  if (!run_.open || run_.settled || !ends_long_enough_shot(index)) return false;
  size_t flattest = known_.size(), after_flat = known_.size(), end = index;
  for (; end < known_.size() && known_[end].transition; ++end) {
    if (!known_[end].flat) continue;
    if (after_flat < end) break;  // the run's boundary is in its first flat part
    after_flat = end + 1;
    if (flattest == known_.size() ||
        known_[end].features.contrast < known_[flattest].features.contrast) {
      flattest = end;
    }
  }
  if (flattest < known_.size()) {
    return after_flat < known_.size() && index == flattest && run_changed_picture(after_flat);
  }
  if (run_.had_flat) return run_changed_picture(index);
  if (end == known_.size()) return false;  // the end of the run is not known yet
  const int64_t middle = (run_.first + known_[end].features.frame) / 2;
  return known_[index].features.frame >= middle && run_changed_picture(end);
}

void ShotDetector::forget_old() {
  const double keep_s = std::max(longest_dissolve_s(), kNeighbours_s) * 1.1;
  while (decided_ > kMostFlashFrames + kLeastNeighbours + 1 &&
         (decided_ > kMostDecided || clock_s_ - known_.front().clock_s > keep_s + delay_s())) {
    known_.pop_front();
    --decided_;
  }
}

}  // namespace smartcrop
