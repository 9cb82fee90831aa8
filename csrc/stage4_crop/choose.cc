// SPDX-License-Identifier: MIT
#include "stage4_crop/choose.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "box_shares.h"
#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

// A face stands for a head, and a head wants room above; shares of the box's own sides.
Subject with_room(const Subject& region) {
  if (region.kind != SubjectKind::kFace && region.kind != SubjectKind::kSubject) return region;
  const bool face = region.kind == SubjectKind::kFace;
  const double above = face ? camera::kFaceAbove : camera::kSubjectAbove;
  const double beside = face ? camera::kFaceBeside : 0, below = face ? camera::kFaceBelow : 0;
  const Box& box = region.box;
  const double left = std::max(0.0, box.x - beside * box.width);
  const double top = std::max(0.0, box.y - above * box.height);
  const double right = std::min(1.0, box.x + (1 + beside) * box.width);
  const double bottom = std::min(1.0, box.y + (1 + below) * box.height);
  Subject roomy = region;
  roomy.box = {left, top, right - left, bottom - top};
  return roomy;
}

float power_for(const Geometry& geometry) {
  const double share = std::min(geometry.window_width / geometry.source_width,
                                geometry.window_height / geometry.source_height);
  return static_cast<float>(
      std::clamp(camera::kPeaks / share, camera::kLeastPower, camera::kMostPower));
}

// Where a shot is fitted for its text, that is required.
Sample demanding(const Sample& sample, const ShotShape& shape) {
  Sample changed = sample;
  for (Subject& region : changed.regions) {
    region.required = region.required || (shape.shows_text && region.kind == SubjectKind::kText);
  }
  return changed;
}

// Where the window's centre is wanted for a subject, as far as the window can go there.
std::optional<double> centre_for(const std::optional<Subject>& subject, const ShotShape& shape,
                                 Axis axis) {
  if (!subject) return std::nullopt;
  const Span own = along(with_room(*subject).box, axis), content = along(shape.content, axis);
  const double window = shape.window(axis), half = window / 2;
  const double lowest = content.lowest + half, highest = content.highest - half;
  if (highest <= lowest) return (lowest + highest) / 2;
  // Of what is taller than the window the top is shown: there is the head.
  const bool tall = axis == Axis::kY && own.highest - own.lowest > window;
  const double centre = tall ? own.lowest + half : (own.lowest + own.highest) / 2;
  return std::clamp(centre, lowest, highest);
}

constexpr char kAsked[] = "a person asked for it";
constexpr double kForever = std::numeric_limits<double>::infinity();
// A sample speaks for no longer, so that a jump of the clock does not outweigh the rest of a shot.
constexpr double kLongestGap_s = 0.5;

const char* reason_of(smartcrop_strategy strategy, bool is_clear, bool asked,
                      const Options& options) {
  if (options.strategy != StrategyChoice::kAuto) return "the option strategy asks for it";
  if (asked) return "it goes after the subject that was asked for";
  if (strategy == SMARTCROP_HOLD) {
    return is_clear ? "one window shows the subject"
                    : "no window shows every subject; this one shows the most";
  }
  if (strategy == SMARTCROP_PAN) return "the subject moves one way";
  return "the subject moves back and forth";
}

}  // namespace

Chooser::Chooser(const Geometry& geometry, const Options& options)
    : geometry_(geometry), options_(options), shot_options_(options), power_(power_for(geometry)) {
  reset();
}

void Chooser::reset() { segments_.assign(1, Segment()); }

void Chooser::set_options(const Options& options) {
  options_ = options;
  shot_options_ = options_for(options_, wishes_.of(segments_.front().shot));
}

void Chooser::set_wishes(const Wishes& wishes) {
  wishes_ = wishes;
  set_options(options_);
}

// After a dissolve a shot begins without a jump: what was found out goes on, the strategy is new.
void Chooser::begin_shot(Segment* segment, int32_t number) {
  segment->shot = number;
  segment->ends.reset();
  segment->motion = MotionKind();
  if (segment->x) segment->x->let_go();
  if (segment->y) segment->y->let_go();
  shot_options_ = options_for(options_, wishes_.of(number));
}

void Chooser::start_shot() { segments_.emplace_back(); }

void Chooser::push(const Evidence& evidence, const ShotMark& mark) {
  Segment& segment = segments_.back();
  Sample sample;
  sample.time_s = evidence.time_s;
  sample.shot = mark.shot;
  sample.fallback = evidence.fallback;
  sample.pan = evidence.pan;
  sample.found = evidence.subjects;
  for (const Subject& region : evidence.subjects) {
    sample.regions.push_back(with_room(region));
    sample.masses.push_back(mass_in(evidence.map, region.box));
  }
  sample.content = evidence.content;
  sample.own_profile = profiles_of(evidence.map, camera::kClarityPower);
  // A dissolve or a fade shows no picture of its own: it has no say.
  if (!mark.transition) {
    sample.confidence = evidence.map.confidence;
    sample.length_s = 1 / options_.analysis_fps;
    if (!segment.samples.empty()) {
      const double gap = evidence.time_s - segment.samples.back().time_s;
      sample.length_s = std::clamp(gap, 0.0, kLongestGap_s);
    }
    const HeatMap map = segment.memory.blend(evidence.map, sample.length_s, mark.shot);
    sample.profile = profiles_of(map, power_);
  } else {
    sample.profile = profiles_of(evidence.map, power_);
  }
  if (segment.x) segment.x->push(demanding(sample, *segment.shape), options_);
  if (segment.y) segment.y->push(demanding(sample, *segment.shape), options_);
  segment.lock.push(sample);
  segment.samples.push_back(std::move(sample));
}

// Finds the shape and the tracks for what is in view, where something came into it.
void Chooser::prepare(Segment* segment) const {
  const bool known = segment->x && segment->x->solved() && segment->y->solved();
  if (segment->samples.empty() || known) return;
  const ShotShape* before = segment->shape ? &*segment->shape : nullptr;
  const ShotShape shape = choose_shape(segment->samples, geometry_, shot_options_, before);
  if (before == nullptr || !(shape == *before)) {
    segment->shape = shape;
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      std::optional<AxisTrack>& track = axis == Axis::kX ? segment->x : segment->y;
      AxisTrack fresh(axis, Candidates(along(shape.content, axis), shape.window(axis)));
      if (track) fresh.continue_from(*track);
      for (const Sample& sample : segment->samples) fresh.push(demanding(sample, shape), options_);
      track = std::move(fresh);
    }
  }
  find_lock(segment);
  segment->x->solve(shot_options_);
  segment->y->solve(shot_options_);
}

// Tells both tracks where the subject is that the window goes after.
void Chooser::find_lock(Segment* segment) const {
  const bool along_x = segment->shape->width <= segment->shape->height;
  segment->lock.set_window(along_x ? Axis::kX : Axis::kY,
                           std::min(segment->shape->width, segment->shape->height));
  segment->lock.solve();
  for (size_t i = 0; i < segment->samples.size(); ++i) {
    const std::optional<Subject> subject = segment->lock.at(i);
    segment->x->lock(i, centre_for(subject, *segment->shape, Axis::kX));
    segment->y->lock(i, centre_for(subject, *segment->shape, Axis::kY));
  }
}

// What the camera has for the shot by itself, as far as it is in view.
void Chooser::find_ends(Segment* segment) const {
  const ShotWish* wish = wishes_.of(segment->shot);
  if (segment->ends || wish == nullptr || wish->keys.empty()) return;
  std::vector<Target> own;
  for (size_t i = 0; i < segment->samples.size(); ++i) {
    if (segment->samples[i].shot == segment->shot) own.push_back(target_at(*segment, i));
  }
  if (!own.empty()) segment->ends = {own.front(), own.back()};
}

// The sample that speaks for this moment is the last one at or before it; older ones are history.
// True where the window changes subjects just now.
bool Chooser::advance(Segment* segment, double time_s) const {
  bool switched = false;
  while (segment->samples.size() > 1 && segment->samples[1].time_s <= time_s) {
    switched = switched || segment->x->switches(0) || segment->y->switches(0);
    segment->samples.pop_front();
    segment->lock.pop();
    segment->x->pop();
    segment->y->pop();
    segment->x->solve(shot_options_);
    segment->y->solve(shot_options_);
  }
  return switched;
}

Target Chooser::target_at(const Segment& segment, size_t sample) const {
  const Sample& known = segment.samples[sample];
  Target target;
  target.time_s = known.time_s;
  target.shot = known.shot;
  target.x = segment.x->wanted(sample);
  target.y = segment.y->wanted(sample);
  target.span_x = segment.x->allowed(sample);
  target.span_y = segment.y->allowed(sample);
  target.width = segment.shape->width;
  target.height = segment.shape->height;
  target.weight = known.length_s > 0 ? camera::kLeastWeight + camera::kTrust * known.confidence
                                     : camera::kTransitionShare * camera::kLeastWeight;
  target.confidence = known.confidence;
  target.subject = segment.lock.at(sample);
  if (target.subject) {
    target.weight = camera::kLockWeight;
    target.slack = camera::kLockSlack;
  }
  target.fallback = known.fallback;
  return target;
}

// The target of a sample as a person wishes it, also of a shot that a dissolve goes over to.
Target Chooser::wished_at(const Segment& segment, size_t sample) const {
  Target target = target_at(segment, sample);
  const ShotWish* wish = wishes_.of(target.shot);
  if (wish == nullptr) return target;
  const bool own = target.shot == segment.shot;
  move_to_wish(*wish, own ? shot_options_ : options_for(options_, wish),
               own ? ends_of(segment) : nullptr, &target);
  return target;
}

// The target of a moment between the first two samples, interpolated.
Target Chooser::target_now(const Segment& segment, double time_s) const {
  if (segment.samples.empty()) {
    const ShotShape shape = choose_shape({}, geometry_, shot_options_, nullptr);
    Target middle;
    middle.time_s = time_s;
    middle.width = shape.width;
    middle.height = shape.height;
    return middle;
  }
  Target target = wished_at(segment, 0);
  target.time_s = time_s;
  const bool jumps =
      options_.switch_ == SwitchKind::kCut && (segment.x->switches(0) || segment.y->switches(0));
  if (segment.samples.size() < 2 || jumps) return target;
  const Target next = wished_at(segment, 1);
  const double from = segment.samples[0].time_s, to = next.time_s;
  const double share = to > from ? std::clamp((time_s - from) / (to - from), 0.0, 1.0) : 0;
  const auto between = [share](double a, double b) { return a + share * (b - a); };
  target.x = between(target.x, next.x);
  target.y = between(target.y, next.y);
  for (Span Target::*span : {&Target::span_x, &Target::span_y}) {
    (target.*span).lowest = between((target.*span).lowest, (next.*span).lowest);
    (target.*span).highest = between((target.*span).highest, (next.*span).highest);
  }
  return target;
}

std::vector<Target> Chooser::track_of(const Segment& segment, double time_s) const {
  const bool cuts = options_.switch_ == SwitchKind::kCut;
  std::vector<Target> track(1, target_now(segment, time_s));
  bool whole = true;
  for (size_t i = 1; i < segment.samples.size() && whole; ++i) {
    // The window cuts to what comes after a switch: it does not go there.
    whole = !cuts || !(segment.x->switches(i - 1) || segment.y->switches(i - 1));
    if (whole) track.push_back(wished_at(segment, i));
  }
  const ShotWish* wish = wishes_.of(segment.shot);
  if (wish == nullptr) return track;
  // Before the first sample of a shot that begins in a dissolve the window glides towards it.
  const bool begun = segment.samples.empty() || segment.samples[0].shot == segment.shot;
  if (begun) move_to_wish(*wish, shot_options_, ends_of(segment), &track[0]);
  add_keys(*wish, shot_options_, whole ? kForever : track.back().time_s, &track);
  return track;
}

std::vector<Target> Chooser::choose(int64_t frame, double time_s, const ShotMark& mark) {
  if (mark.start && segments_.size() > 1) segments_.pop_front();
  Segment& segment = segments_.front();
  if (mark.shot != segment.shot) begin_shot(&segment, mark.shot);
  prepare(&segment);
  const bool switched = advance(&segment, time_s);
  find_ends(&segment);

  std::vector<Target> track = track_of(segment, time_s);
  track[0].frame = frame;
  track[0].shot = mark.shot;
  track[0].start = mark.start;
  track[0].jump = options_.switch_ == SwitchKind::kCut && switched;
  name_strategy(&segment, &track[0]);
  return track;
}

// By what the targets of the shot did so far, and will do as far as it is in view.
void Chooser::name_strategy(Segment* segment, Target* target) const {
  const bool along_x = target->width <= target->height;
  const double slack = camera::kNoticed * (along_x ? target->width : target->height);
  segment->motion.add(along_x ? target->x : target->y, slack);
  const ShotWish* wish = wishes_.of(segment->shot);
  if (segment->shape && segment->shape->fit) {
    target->strategy = SMARTCROP_FIT;
    target->why = wish != nullptr ? kAsked : segment->shape->why;
    return;
  }
  const std::optional<AxisTrack>& track = along_x ? segment->x : segment->y;
  MotionKind whole = segment->motion;
  for (size_t i = 1; i < segment->samples.size(); ++i) whole.add(track->wanted(i), slack);
  target->strategy = whole.strategy();
  const bool asked = target->subject && target->subject->followed;
  target->why = reason_of(target->strategy, !track || track->is_clear(), asked, options_);
  if (wish == nullptr) return;
  if (wish->strategy) target->strategy = *wish->strategy;
  target->why = kAsked;
}

}  // namespace smartcrop
