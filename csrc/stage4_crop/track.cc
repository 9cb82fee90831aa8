// SPDX-License-Identifier: MIT
#include "stage4_crop/track.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace smartcrop {
namespace {

// Prices in seconds of full coverage, which a move has to earn back.
constexpr float kMovePrice = 0.05F;     // of starting to move
constexpr float kDistancePrice = 1.0F;  // of moving by the whole picture
// A camera that pans goes with the subject itself, and then two moves are one too many: at a pan of
// a picture a second what is seen counts one to this and one.
constexpr float kPanCalm = 2.0F;
constexpr float kFollowDiscount = 0.3F;  // on both, when following is asked for
constexpr double kPanRest_s = 1.0;       // a rest this long ends the one move of strategy=pan
constexpr float kCentrePrior = 0.6F;     // of the middle over the ends, at center_bias=1
// Beyond what is in view, what was usual lately is taken to go on for so long.
constexpr double kOutlook_s = 2.0;
constexpr double kUsual_s = 0.5;  // time constant of the average that is called usual
// A change of the window's place by so much of its size is a change of subject, and then the new
// one is kept for so long.
constexpr double kSwitch = 0.5;
constexpr double kKept_s = 1.0;
constexpr float kForbidden = 100.0F;  // price a second of what may not be
// How much of what a window shows it keeps when it goes to the middle of that.
constexpr double kKeeps = 0.995;
// The window runs ahead of a subject that moves by where it will be in so long, at most lead_room.
constexpr double kLead_s = 0.1;
constexpr double kLeadSpan_s = 0.8;  // to each side, for its speed

Span bounds_of(const Candidates& candidates) {
  return {candidates.centre(0), candidates.centre(candidates.count() - 1)};
}

// The centres at which a window holds what is required of a sample.
Span allowed_of(const Sample& sample, Axis axis, const Candidates& candidates) {
  const Span bounds = bounds_of(candidates), required = required_span(sample, axis);
  const double window = candidates.window();
  if (required.lowest > required.highest) return bounds;
  Span span{required.highest - window / 2, required.lowest + window / 2};
  if (span.lowest > span.highest) span.lowest = span.highest = (span.lowest + span.highest) / 2;
  return {std::clamp(span.lowest, bounds.lowest, bounds.highest),
          std::clamp(span.highest, bounds.lowest, bounds.highest)};
}

// What seeing a box counts: most of it only when it is whole.
float seen_of(const RegionOfInterest& region, Axis axis, double from, double to) {
  const Span span = along(region.box, axis);
  const double length = std::max(1e-9, span.highest - span.lowest);
  const double seen = std::min(to, span.highest) - std::max(from, span.lowest);
  const double share = std::clamp(seen / length, 0.0, 1.0);
  return region.weight * static_cast<float>(share * share);
}

float value_of(const std::vector<std::vector<float>>& gains, const MovePrice& price,
               const std::vector<int>& path) {
  float value = 0;
  for (size_t i = 0; i < path.size(); ++i) {
    value += gains[i][static_cast<size_t>(path[i])];
    if (i > 0 && path[i] != path[i - 1]) {
      value -= price.start + price.distance * static_cast<float>(std::abs(path[i] - path[i - 1]));
    }
  }
  return value;
}

}  // namespace

std::vector<float> AxisTrack::score(const Sample& sample, const Options& options) const {
  std::vector<float> result = candidates_.coverage(sample.profile(axis_));
  const Span bounds = bounds_of(candidates_);
  const double middle = (bounds.lowest + bounds.highest) / 2;
  const double reach = (bounds.highest - bounds.lowest) / 2;
  const Span allowed = allowed_of(sample, axis_, candidates_);
  for (int i = 0; i < candidates_.count(); ++i) {
    const double centre = candidates_.centre(i);
    const double off = reach > 0 ? (centre - middle) / reach : 0;
    const auto prior = static_cast<float>(options.center_bias * (1 - off * off));
    float& value = result[static_cast<size_t>(i)];
    value = sample.confidence * value + (1 - sample.confidence) * kCentrePrior * prior;
    const double half = candidates_.window() / 2;
    for (const RegionOfInterest& region : sample.regions) {
      if (!region.required) value += seen_of(region, axis_, centre - half, centre + half);
    }
    const double outside = std::max(allowed.lowest - centre, centre - allowed.highest);
    if (outside > candidates_.spacing()) value -= kForbidden * static_cast<float>(outside);
  }
  return result;
}

void AxisTrack::push(const Sample& sample, const Options& options) {
  Row row;
  row.time_s = sample.time_s;
  row.allowed = allowed_of(sample, axis_, candidates_);
  row.profile = sample.profile(axis_);
  row.gain = score(sample, options);
  row.usual = row.gain;
  if (!rows_.empty()) {
    const std::vector<float>& before = rows_.back().usual;
    const auto keep = static_cast<float>(std::exp(-sample.length_s / kUsual_s));
    for (size_t i = 0; i < before.size(); ++i) row.usual[i] += keep * (before[i] - row.usual[i]);
  }
  const float weight = static_cast<float>(sample.length_s) / (1 + kPanCalm * sample.pan);
  for (float& gain : row.gain) gain *= weight;
  rows_.push_back(std::move(row));
  path_.clear();
}

void AxisTrack::pop() {
  rows_.pop_front();
  path_.pop_front();
  places_.pop_front();
  const int now = path_.front(), change = now - shown_;
  if (change != 0 && shown_ >= 0) {
    direction_ = change > 0 ? 1 : -1;
    moved_s_ = rows_.front().time_s;
    const double moved = std::abs(candidates_.centre(now) - candidates_.centre(shown_));
    if (moved > kSwitch * candidates_.window()) {
      locked_until_s_ = moved_s_ + kKept_s;
      path_.clear();  // what was to follow may be another switch
    }
  }
  shown_ = now;
}

void AxisTrack::let_go() {
  held_ = -1;
  direction_ = 0;
  path_.clear();
}

void AxisTrack::continue_from(const AxisTrack& before) {
  if (before.shown_ >= 0) shown_ = candidates_.nearest(before.candidates_.centre(before.shown_));
  if (before.held_ >= 0) held_ = candidates_.nearest(before.candidates_.centre(before.held_));
  direction_ = before.direction_;
  moved_s_ = before.moved_s_;
  locked_until_s_ = before.locked_until_s_;
}

std::vector<std::vector<float>> AxisTrack::gains() const {
  std::vector<std::vector<float>> gains;
  gains.reserve(rows_.size());
  for (const Row& row : rows_) gains.push_back(row.gain);
  for (size_t i = 0; i < rows_.back().usual.size(); ++i) {
    gains.back()[i] += static_cast<float>(kOutlook_s) * rows_.back().usual[i];
  }
  if (shown_ < 0) return gains;
  const double near = kSwitch * candidates_.window(), place = candidates_.centre(shown_);
  for (size_t k = 1; k < gains.size() && rows_[k].time_s < locked_until_s_; ++k) {
    for (int i = 0; i < candidates_.count(); ++i) {
      if (std::abs(candidates_.centre(i) - place) > near) {
        gains[k][static_cast<size_t>(i)] -= kForbidden;
      }
    }
  }
  return gains;
}

std::vector<int> AxisTrack::best(const std::vector<std::vector<float>>& gains,
                                 const Options& options) const {
  const float discount = options.strategy == "follow" ? kFollowDiscount : 1;
  MovePrice price{discount * kMovePrice,
                  discount * kDistancePrice * static_cast<float>(candidates_.spacing()), 0};
  if (options.strategy != "pan") return best_path(gains, price, shown_);
  price.direction = direction_;
  if (direction_ != 0) return best_path(gains, price, shown_);
  MovePrice back = price;
  price.direction = 1;
  back.direction = -1;
  std::vector<int> up = best_path(gains, price, shown_), down = best_path(gains, back, shown_);
  return value_of(gains, price, up) >= value_of(gains, back, down) ? up : down;
}

// What was shown stays as it was; the rest of the path is the best that can follow it.
void AxisTrack::solve(const Options& options) {
  if (rows_.empty() || solved()) return;
  const std::vector<std::vector<float>> all = gains();
  if (held_ < 0 && options.strategy == "hold") {
    std::vector<float> sums(all[0].size(), 0.0F);
    for (const std::vector<float>& gain : all) {
      std::transform(gain.begin(), gain.end(), sums.begin(), sums.begin(), std::plus<>());
    }
    held_ = static_cast<int>(std::max_element(sums.begin(), sums.end()) - sums.begin());
  }
  const bool pan_over =
      options.strategy == "pan" && direction_ != 0 && rows_.front().time_s - moved_s_ >= kPanRest_s;
  if (held_ < 0 && pan_over) held_ = shown_;
  if (held_ >= 0) {
    path_.assign(rows_.size(), held_);
  } else {
    const std::vector<int> path = best(all, options);
    path_.assign(path.begin(), path.end());
  }
  if (shown_ < 0) shown_ = path_.front();
  find_places(options);
}

// From candidates to places: to the middle of what the window shows, and ahead of what moves. One
// window, and one move, go by the candidates alone.
void AxisTrack::find_places(const Options& options) {
  const bool plain = held_ >= 0 || options.strategy == "pan";
  std::vector<double> middles;
  for (size_t i = 0; i < rows_.size(); ++i) {
    middles.push_back(plain ? candidates_.centre(path_[i]) : centred(i));
  }
  places_.clear();
  for (size_t i = 0; i < rows_.size(); ++i) {
    const double lead = plain ? 0 : lead_at(i, middles, options.lead_room * candidates_.window());
    const Span& allowed = rows_[i].allowed;
    places_.push_back(std::clamp(middles[i] + lead, allowed.lowest, allowed.highest));
  }
}

// From the candidate of a sample towards the middle of what it shows, as far as it keeps its gain.
double AxisTrack::centred(size_t sample) const {
  const Row& row = rows_[sample];
  const double centre = candidates_.centre(path_[sample]), half = candidates_.window() / 2;
  const double mean = mean_between(row.profile, centre - half, centre + half);
  const auto gain_at = [&](double place) {
    return row.gain[static_cast<size_t>(candidates_.nearest(place))];
  };
  const float least = static_cast<float>(kKeeps) * gain_at(centre);
  for (const double part : {1.0, 0.75, 0.5, 0.25}) {
    const double place = centre + part * (mean - centre);
    if (gain_at(place) >= least) return place;
  }
  return centre;
}

// How far the window runs ahead, by the speed around the sample while one subject is followed.
double AxisTrack::lead_at(size_t sample, const std::vector<double>& middles, double most) const {
  const double now = rows_[sample].time_s;
  size_t from = sample, to = sample;
  while (from > 0 && now - rows_[from - 1].time_s < kLeadSpan_s && !switches(from - 1)) --from;
  while (to + 1 < rows_.size() && rows_[to + 1].time_s - now < kLeadSpan_s && !switches(to)) ++to;
  const double elapsed = rows_[to].time_s - rows_[from].time_s;
  if (elapsed <= 0) return 0;
  return std::clamp(kLead_s * (middles[to] - middles[from]) / elapsed, -most, most);
}

double AxisTrack::wanted(size_t sample) const { return places_[sample]; }

bool AxisTrack::switches(size_t sample) const {
  if (sample + 1 >= path_.size()) return false;
  const double moved = candidates_.centre(path_[sample + 1]) - candidates_.centre(path_[sample]);
  return std::abs(moved) > kSwitch * candidates_.window();
}

}  // namespace smartcrop
