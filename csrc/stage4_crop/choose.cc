// SPDX-License-Identifier: MIT
#include "stage4_crop/choose.h"

#include <algorithm>
#include <cmath>

#include "stage4_crop/best_path.h"

namespace smartcrop {
namespace {

// Prices in seconds of full coverage, which a move has to earn back.
constexpr float kMovePrice = 0.05F;      // of starting to move
constexpr float kDistancePrice = 1.0F;   // of moving by the whole picture
constexpr float kFollowDiscount = 0.3F;  // on both, when following is asked for
constexpr double kLongestGap_s = 0.5;    // one sample speaks for no longer than this
constexpr double kPanRest_s = 1.0;       // a rest this long ends the one move of strategy=pan
constexpr float kCentrePrior = 0.4F;     // of the middle over the ends, at center_bias=1
// Beyond what is in view, what was usual lately is taken to go on for so long.
constexpr double kOutlook_s = 2.0;
constexpr double kUsual_s = 0.5;  // time constant of the average that is called usual

}  // namespace

Chooser::Chooser(const Candidates& candidates, const Options& options)
    : candidates_(candidates), options_(options) {
  reset();
}

void Chooser::reset() { segments_.assign(1, Segment()); }

// After a dissolve a shot begins without a jump: what was found out goes on, the strategy is new.
void Chooser::Segment::begin_shot(int32_t number) {
  shot = number;
  held = -1;
  last = -1;
  direction = 0;
  turned = false;
}

void Chooser::start_shot() { segments_.emplace_back(); }

std::vector<float> Chooser::score(const HeatMap& map, float confidence) const {
  std::vector<float> result = candidates_.coverage(map);
  const double reach = (1 - candidates_.window()) / 2;
  for (int i = 0; i < candidates_.count(); ++i) {
    const double off = reach > 0 ? (candidates_.centre(i) - 0.5) / reach : 0;
    const auto prior = static_cast<float>(options_.center_bias * (1 - off * off));
    float& value = result[static_cast<size_t>(i)];
    value = confidence * value + (1 - confidence) * kCentrePrior * prior;
  }
  return result;
}

void Chooser::push(const Evidence& evidence, const ShotMark& mark) {
  Segment& segment = segments_.back();
  Sample sample;
  sample.time_s = evidence.time_s;
  sample.fallback = evidence.fallback;
  sample.confidence = mark.transition ? 0 : evidence.map.confidence;
  double weight = 1 / options_.analysis_fps;
  if (!segment.samples.empty()) {
    weight = std::clamp(evidence.time_s - segment.samples.back().time_s, 0.0, kLongestGap_s);
  }
  // A dissolve or a fade shows no picture of its own: it has no say.
  if (mark.transition) weight = 0;
  sample.gain = score(evidence.map, sample.confidence);
  sample.usual = sample.gain;
  if (!segment.samples.empty()) {
    const std::vector<float>& before = segment.samples.back().usual;
    const auto keep = static_cast<float>(std::exp(-weight / kUsual_s));
    for (size_t i = 0; i < before.size(); ++i)
      sample.usual[i] += keep * (before[i] - sample.usual[i]);
  }
  for (float& gain : sample.gain) gain *= static_cast<float>(weight);
  segment.samples.push_back(std::move(sample));
  segment.path.clear();
}

// What was shown stays as it was; the rest of the path is the best that can follow it.
void Chooser::find_path(Segment* segment) const {
  std::vector<std::vector<float>> gains;
  gains.reserve(segment->samples.size());
  for (const Sample& sample : segment->samples) gains.push_back(sample.gain);
  const std::vector<float>& usual = segment->samples.back().usual;
  for (size_t i = 0; i < usual.size(); ++i) {
    gains.back()[i] += static_cast<float>(kOutlook_s) * usual[i];
  }
  const float discount = options_.strategy == "follow" ? kFollowDiscount : 1;
  const auto spacing = static_cast<float>(candidates_.spacing());
  segment->path = best_path(gains, {discount * kMovePrice, discount * kDistancePrice * spacing},
                            segment->shown);
}

double Chooser::centre_at(const Segment& segment, size_t sample) const {
  return candidates_.centre(segment.held >= 0 ? segment.held : segment.path[sample]);
}

Target Chooser::make_target(const Sample& sample, double time_s, double centre) const {
  Target target;
  target.time_s = time_s;
  (candidates_.axis() == Axis::kX ? target.x : target.y) = centre;
  target.confidence = sample.confidence;
  target.fallback = sample.fallback;
  return target;
}

// The target of a moment between the first two samples, interpolated.
Target Chooser::target_now(const Segment& segment, double time_s) const {
  if (segment.samples.empty()) {
    Target middle;
    middle.time_s = time_s;
    return middle;
  }
  double centre = centre_at(segment, 0);
  if (segment.samples.size() > 1) {
    const double from = segment.samples[0].time_s, to = segment.samples[1].time_s;
    const double share = to > from ? std::clamp((time_s - from) / (to - from), 0.0, 1.0) : 0;
    const double change = centre_at(segment, 1) - centre;
    centre += share * change;
  }
  return make_target(segment.samples[0], time_s, centre);
}

std::vector<Target> Chooser::choose(int64_t frame, double time_s, const ShotMark& mark) {
  if (mark.start && segments_.size() > 1) segments_.pop_front();
  Segment& segment = segments_.front();
  if (mark.shot != segment.shot) segment.begin_shot(mark.shot);
  // The sample that speaks for this frame is the last one at or before it; older ones are history.
  if (segment.path.empty() && !segment.samples.empty()) find_path(&segment);
  while (segment.samples.size() > 1 && segment.samples[1].time_s <= time_s) {
    segment.samples.pop_front();
    segment.path.erase(segment.path.begin());
  }
  if (!segment.path.empty()) segment.shown = segment.path.front();
  hold_if_asked(&segment, time_s);

  std::vector<Target> track(1, target_now(segment, time_s));
  for (size_t i = 1; i < segment.samples.size(); ++i) {
    const Sample& sample = segment.samples[i];
    track.push_back(make_target(sample, sample.time_s, centre_at(segment, i)));
  }
  track[0].frame = frame;
  track[0].shot = mark.shot;
  track[0].start = mark.start;
  track[0].strategy = note_strategy(&segment, track[0]);
  return track;
}

// strategy=hold rests where the shot begins, strategy=pan where its first move ends.
void Chooser::hold_if_asked(Segment* segment, double time_s) const {
  if (segment->held >= 0 || segment->samples.empty()) return;
  const bool pan_over = segment->direction != 0 && time_s - segment->last_change_s >= kPanRest_s;
  if (options_.strategy == "hold" || (options_.strategy == "pan" && pan_over)) {
    segment->held = segment->path.front();
  }
}

// hold until the target moves, pan while it has moved one way only, follow from then on.
smartcrop_strategy Chooser::note_strategy(Segment* segment, const Target& target) const {
  const double now = candidates_.axis() == Axis::kX ? target.x : target.y;
  if (segment->last < 0) segment->last = now;
  const double change = now - segment->last;
  if (change != 0) {
    const int direction = change > 0 ? 1 : -1;
    segment->turned = segment->turned || segment->direction == -direction;
    segment->direction = direction;
    segment->last = now;
    segment->last_change_s = target.time_s;
  }
  if (segment->direction == 0) return SMARTCROP_HOLD;
  return segment->turned ? SMARTCROP_FOLLOW : SMARTCROP_PAN;
}

}  // namespace smartcrop
