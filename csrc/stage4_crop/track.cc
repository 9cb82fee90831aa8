// SPDX-License-Identifier: MIT
#include "stage4_crop/track.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

std::vector<float> zeros(size_t count) { return std::vector<float>(count, 0.0F); }

void add(const std::vector<float>& more, std::vector<float>* sums) {
  std::transform(more.begin(), more.end(), sums->begin(), sums->begin(), std::plus<>());
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

void AxisTrack::push(const Sample& sample, const Options& options) {
  const std::vector<float>& profile = sample.profile.along(axis_);
  const std::vector<float> coverage = candidates_.coverage(profile);
  Row row;
  row.time_s = sample.time_s;
  row.length_s = sample.length_s;
  row.own_coverage = candidates_.coverage(sample.own_profile.along(axis_));
  row.pan = sample.pan;
  row.allowed = allowed_of(sample, axis_, candidates_);
  row.profile = profile;
  for (const Subject& each : sample.found) {
    const bool counts = each.kind == SubjectKind::kFace && each.box.width >= camera::kLeastFace;
    if (counts) row.faces.push_back(along(each.box, axis_));
  }
  row.gain = gains_of(coverage, sample, axis_, candidates_, options);
  row.usual = row.gain;
  const auto keep = static_cast<float>(std::exp(-sample.length_s / camera::kUsual_s));
  const float weight = static_cast<float>(sample.length_s) / (1 + camera::kPanCalm * sample.pan);
  for (std::vector<float> Gains::*part : {&Gains::map, &Gains::other}) {
    for (size_t i = 0; !rows_.empty() && i < coverage.size(); ++i) {
      float& usual = (row.usual.*part)[i];
      usual += keep * ((rows_.back().usual.*part)[i] - usual);
    }
    for (float& gain : row.gain.*part) gain *= weight;
  }
  rows_.push_back(std::move(row));
  path_.clear();
}

void AxisTrack::pop() {
  const Row& over = rows_.front();
  seen_.add(over.length_s, over.own_coverage, over.pan);
  rows_.pop_front();
  path_.pop_front();
  places_.pop_front();
  const int now = path_.front(), change = now - shown_;
  if (change != 0 && shown_ >= 0) {
    direction_ = change > 0 ? 1 : -1;
    moved_s_ = rows_.front().time_s;
    const double moved = std::abs(candidates_.centre(now) - candidates_.centre(shown_));
    if (moved > camera::kSwitch * candidates_.window()) {
      locked_until_s_ = moved_s_ + camera::kKept_s;
      path_.clear();  // what was to follow may be another switch
    }
  }
  shown_ = now;
}

void AxisTrack::let_go() {
  held_ = -1;
  seen_ = Clarity();
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

void AxisTrack::lock(size_t sample, std::optional<double> centre) {
  Row& row = rows_[sample];
  if (row.locked == centre) return;
  row.locked = centre;
  path_.clear();
}

// Of the shot, as far as it was seen. Whoever forces a strategy has said what to do.
double AxisTrack::clarity(const Options& options) const {
  if (options.strategy != StrategyChoice::kAuto) return 1;
  Clarity all = seen_;
  for (const Row& row : rows_) all.add(row.length_s, row.own_coverage, row.pan);
  return all.value();
}

// What a candidate is worth that is away from where the centre is wanted.
float AxisTrack::pull_of(const Row& row, size_t candidate) const {
  const double off = std::abs(candidates_.centre(static_cast<int>(candidate)) - *row.locked);
  return static_cast<float>(-camera::kLockPull * row.length_s * off);
}

std::vector<std::vector<float>> AxisTrack::gains() const {
  const auto clear = static_cast<float>(clarity_);
  const auto count = static_cast<size_t>(candidates_.count());
  std::vector<std::vector<float>> gains(rows_.size(), zeros(count));
  for (size_t k = 0; k < rows_.size(); ++k) {
    for (size_t i = 0; i < count; ++i) {
      gains[k][i] = rows_[k].locked ? pull_of(rows_[k], i) : rows_[k].gain.at(i, clear);
    }
  }
  for (size_t i = 0; i < count && !rows_.back().locked; ++i) {
    gains.back()[i] += static_cast<float>(camera::kOutlook_s) * rows_.back().usual.at(i, clear);
  }
  if (shown_ < 0) return gains;
  const double near = camera::kSwitch * candidates_.window(), place = candidates_.centre(shown_);
  for (size_t k = 1; k < gains.size() && rows_[k].time_s < locked_until_s_; ++k) {
    if (rows_[k].locked) continue;
    for (int i = 0; i < candidates_.count(); ++i) {
      if (std::abs(candidates_.centre(i) - place) > near) {
        gains[k][static_cast<size_t>(i)] -= camera::kForbidden;
      }
    }
  }
  return gains;
}

std::vector<int> AxisTrack::best(const std::vector<std::vector<float>>& gains,
                                 const Options& options) const {
  const float discount = options.strategy == StrategyChoice::kFollow ? camera::kFollowDiscount : 1;
  MovePrice price{discount * camera::kMovePrice,
                  discount * camera::kDistancePrice * static_cast<float>(candidates_.spacing()), 0};
  if (options.strategy != StrategyChoice::kPan) return best_path(gains, price, shown_);
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
  clarity_ = clarity(options);
  const std::vector<std::vector<float>> all = gains();
  if (held_ < 0 && options.strategy == StrategyChoice::kHold) {
    std::vector<float> sums = zeros(all[0].size());
    for (const std::vector<float>& gain : all) add(gain, &sums);
    held_ = static_cast<int>(std::max_element(sums.begin(), sums.end()) - sums.begin());
  }
  const bool pan_over = options.strategy == StrategyChoice::kPan && direction_ != 0 &&
                        rows_.front().time_s - moved_s_ >= camera::kPanRest_s;
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
  const bool plain = held_ >= 0 || options.strategy == StrategyChoice::kPan;
  std::vector<double> middles;
  for (size_t from = 0; from < rows_.size();) {
    size_t to = from;
    while (to < rows_.size() && path_[to] == path_[from]) ++to;
    if (plain) middles.resize(to, candidates_.centre(path_[from]));
    if (!plain) add_middles(from, to, &middles);
    from = to;
  }
  std::vector<double> places;
  for (size_t i = 0; i < rows_.size(); ++i) {
    const double lead = plain ? 0 : lead_at(i, middles, options.lead_room * candidates_.window());
    places.push_back(rows_[i].locked && !plain ? *rows_[i].locked : middles[i] + lead);
  }
  for (size_t from = 0, to = 0; from < rows_.size(); from = to) {
    while (to < rows_.size() && path_[to] == path_[from]) ++to;
    spare_faces(from, to, &places);
  }
  places_.clear();
  for (size_t i = 0; i < rows_.size(); ++i) {
    const Span& allowed = rows_[i].allowed;
    places_.push_back(std::clamp(places[i], allowed.lowest, allowed.highest));
  }
}

// The middles of what the window shows while it has one candidate: of each sample by itself where
// the shot is clear, of all of them together where it is not.
void AxisTrack::add_middles(size_t from, size_t to, std::vector<double>* middles) const {
  std::vector<float> gains = zeros(static_cast<size_t>(candidates_.count()));
  std::vector<float> profile = zeros(rows_[from].profile.size());
  for (size_t i = from; i < to; ++i) {
    add(rows_[i].gain.map, &gains);
    add(rows_[i].gain.other, &gains);
    add(rows_[i].profile, &profile);
  }
  const double together = centred(path_[from], gains, profile);
  for (size_t i = from; i < to; ++i) {
    gains = rows_[i].gain.map;
    add(rows_[i].gain.other, &gains);
    const double own = centred(path_[i], gains, rows_[i].profile);
    middles->push_back(together + clarity_ * (own - together));
  }
}

// How much of a sample's faces a window around the centre cuts off, from 0 for none up to half of
// each: a face that is seen whole, or not at all, is not cut.
double AxisTrack::cut_at(const Row& row, double centre) const {
  const double half = candidates_.window() / 2;
  double sum = 0;
  for (const Span& face : row.faces) {
    const double length = std::max(1e-9, face.highest - face.lowest);
    const double seen =
        std::min(face.highest, centre + half) - std::max(face.lowest, centre - half);
    const double share = std::clamp(seen / length, 0.0, 1.0);
    sum += std::max(0.0, std::min(share, 1 - share) - camera::kFaceNick);
  }
  return sum;
}

// Moves a rest to the nearest places where its edges cut no face, if some are near. Faces that move
// may want another place later on.
void AxisTrack::spare_faces(size_t from, size_t to, std::vector<double>* places) const {
  const auto first = places->begin() + static_cast<ptrdiff_t>(from);
  const auto last = places->begin() + static_cast<ptrdiff_t>(to);
  const double mean = std::accumulate(first, last, 0.0) / static_cast<double>(to - from);
  bool cuts = false;
  for (size_t i = from; i < to; ++i) cuts = cuts || cut_at(rows_[i], (*places)[i]) > 0;
  if (!cuts) return;
  const double window = candidates_.window();
  std::vector<float> map = zeros(static_cast<size_t>(candidates_.count()));
  for (size_t i = from; i < to; ++i) add(rows_[i].gain.map, &map);
  const auto gain_at = [&](double place) {
    return map[static_cast<size_t>(candidates_.nearest(place))];
  };
  const double most = std::max(1e-9F, *std::max_element(map.begin(), map.end()));
  const double lowest = candidates_.centre(0);
  const double highest = candidates_.centre(candidates_.count() - 1);
  constexpr int kSteps = 24;
  const double step = camera::kFaceShift * window / kSteps;
  std::vector<double> shifts;
  for (int i = -kSteps; i <= kSteps; ++i) {
    const double place = mean + step * i;
    if (i == 0 || (place >= lowest && place <= highest)) shifts.push_back(step * i);
  }
  std::vector<std::vector<float>> gains;
  for (size_t i = from; i < to; ++i) {
    std::vector<float> row;
    for (const double shift : shifts) {
      const double lost = (gain_at(mean) - gain_at(mean + shift)) / most;
      const double cost = camera::kFacePrice * cut_at(rows_[i], (*places)[i] + shift) +
                          camera::kFaceLoss * lost + std::abs(shift) / window;
      row.push_back(static_cast<float>(-rows_[i].length_s * cost));
    }
    gains.push_back(std::move(row));
  }
  const MovePrice price{camera::kFaceMove, static_cast<float>(step / window), 0};
  const std::vector<int> path = best_path(gains, price, -1);
  for (size_t i = from; i < to; ++i) {
    (*places)[i] += shifts[static_cast<size_t>(path[i - from])];
  }
}

// From a candidate towards the middle of what it shows, as far as it keeps its gain.
double AxisTrack::centred(int candidate, const std::vector<float>& gains,
                          const std::vector<float>& profile) const {
  const double centre = candidates_.centre(candidate), half = candidates_.window() / 2;
  const double mean = mean_between(profile, centre - half, centre + half);
  const auto gain_at = [&](double place) {
    return gains[static_cast<size_t>(candidates_.nearest(place))];
  };
  const float least = static_cast<float>(camera::kKeeps) * gain_at(centre);
  for (const double part : {1.0, 0.75, 0.5, 0.25}) {
    const double place = centre + part * (mean - centre);
    if (gain_at(place) >= least) return place;
  }
  return centre;
}

// How far the window runs ahead, by the speed around the sample while one subject is followed.
double AxisTrack::lead_at(size_t sample, const std::vector<double>& middles, double most) const {
  const double now = rows_[sample].time_s, span_s = camera::kLeadSpan_s;
  size_t from = sample, to = sample;
  while (from > 0 && now - rows_[from - 1].time_s < span_s && !switches(from - 1)) --from;
  while (to + 1 < rows_.size() && rows_[to + 1].time_s - now < span_s && !switches(to)) ++to;
  const double elapsed = rows_[to].time_s - rows_[from].time_s;
  if (elapsed <= 0) return 0;
  return std::clamp(camera::kLead_s * (middles[to] - middles[from]) / elapsed, -most, most);
}

double AxisTrack::wanted(size_t sample) const { return places_[sample]; }

bool AxisTrack::switches(size_t sample) const {
  if (sample + 1 >= path_.size()) return false;
  const double moved = candidates_.centre(path_[sample + 1]) - candidates_.centre(path_[sample]);
  return std::abs(moved) > camera::kSwitch * candidates_.window();
}

}  // namespace smartcrop
