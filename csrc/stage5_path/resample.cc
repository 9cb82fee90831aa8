// SPDX-License-Identifier: MIT
#include "stage5_path/resample.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "stage5_path/movement.h"

namespace smartcrop {
namespace {

constexpr double kReach = 1.5;         // steps to each side that a control point bears on
constexpr double kLeastTrust = 1e-9;   // a line that is far from everything has to go somewhere
constexpr double kLeastSpread = 1e-4;  // s^2; less is one time, which has no slope

// The value that half of the weight is below.
double weighted_median(std::vector<std::pair<double, double>>* values) {
  std::sort(values->begin(), values->end());
  double half = 0, sum = 0;
  for (const auto& [value, weight] : *values) half += weight / 2;
  for (const auto& [value, weight] : *values) {
    sum += weight;
    if (sum >= half) return value;
  }
  return values->back().first;
}

PathPoint between(const PathPoint& a, const PathPoint& b, double time_s) {
  if (time_s <= a.time_s || !(b.time_s > a.time_s)) return a;
  if (time_s >= b.time_s) return b;
  const double share = (time_s - a.time_s) / (b.time_s - a.time_s);
  PathPoint point = a;
  point.time_s = time_s;
  // A target that is not known says nothing, so it does not bend the line to the next one either.
  const double from = (1 - share) * a.weight, to = share * b.weight;
  const double towards = from + to > 0 ? to / (from + to) : share;
  point.centre += towards * (b.centre - a.centre);
  point.lowest += share * (b.lowest - a.lowest);
  point.highest += share * (b.highest - a.highest);
  point.weight += share * (b.weight - a.weight);
  point.slack += share * (b.slack - a.slack);
  return point;
}

double leaned(double target, const PathLimits& limits) {
  const double middle = (limits.lowest + limits.highest) / 2;
  return target + std::clamp(middle - target, -limits.lean, limits.lean);
}

// Walks along the points with times that only grow.
class Walk {
 public:
  explicit Walk(const PathPoints& points) : points_(points) {}

  // The index of the first point at or after this time.
  size_t to(double time_s) {
    while (at_ < points_.count && points_[at_].time_s < time_s) ++at_;
    return at_;
  }
  PathPoint value(double time_s) {
    const size_t next = to(time_s);
    if (next == 0) return points_[0];
    if (next == points_.count) return points_.back();
    return between(points_[next - 1], points_[next], time_s);
  }

 private:
  PathPoints points_;
  size_t at_ = 0;
};

// A line through the points around a node, fitted as by Cleveland, "Robust locally weighted
// regression and smoothing scatterplots" (JASA 74, 1979): tricube weights over time, bisquare ones
// over the distance from the line. It takes more points than there are nodes.
struct LocalLine {
  double at = 0, speed = 0;  // its place and slope at the node's time
};

class Resampler {
 public:
  Resampler(const PathPoints& points, double step_s, const PathLimits& limits)
      : points_(points),
        step_s_(step_s),
        limits_(limits),
        middle_(points),
        low_(points),
        high_(points),
        near_low_(points),
        near_high_(points) {}

  L1Node at(double time_s) {
    const PathPoint middle = middle_.value(time_s);
    L1Node node;
    node.target = middle.centre;
    node.weight = middle.weight;
    node.slack = middle.slack;
    take_line(time_s, &node);
    node.target = leaned(node.target, limits_);
    allow(time_s, middle, &node);
    return node;
  }

 private:
  void take_line(double time_s, L1Node* node) {
    const size_t from = near_low_.to(time_s - movement::kAround_s);
    const size_t to = near_high_.to(time_s + movement::kAround_s);
    if (to < from + movement::kFewestForLine) return;
    const double length_s = points_[to - 1].time_s - points_[from].time_s;
    if (length_s > static_cast<double>(to - from - 1) * step_s_) return;
    values_.clear();
    near_.clear();
    double near_sum = 0, sum = 0;
    for (size_t i = from; i < to; ++i) {
      const double away = std::abs(points_[i].time_s - time_s) / movement::kAround_s;
      const double nearness = 1 - away * away * away;
      const double near = nearness * nearness * nearness;
      near_.push_back(near * points_[i].weight);
      values_.emplace_back(points_[i].centre, near_.back());
      near_sum += near;
      sum += near_.back();
    }
    if (near_sum > 0) node->weight = sum / near_sum;
    LocalLine line{weighted_median(&values_), 0};
    // Sorted now. Where no points follow, the line may point beyond all of them.
    const double lowest = values_.front().first, highest = values_.back().first;
    for (int round = 0; round < movement::kRounds; ++round) line = refit(line, from, time_s);
    node->target = std::clamp(line.at, lowest, highest);
  }

  // The line again, with weights by the distances from it.
  LocalLine refit(const LocalLine& line, size_t from, double time_s) const {
    double sum = 0, time = 0, square = 0, place = 0, product = 0;
    for (size_t i = 0; i < near_.size(); ++i) {
      const double t = points_[from + i].time_s - time_s;
      const double off = (points_[from + i].centre - line.at - line.speed * t) / movement::kOther;
      const double trust = std::max(0.0, 1 - off * off);
      const double weight = near_[i] * (trust * trust + kLeastTrust);
      sum += weight;
      time += weight * t;
      square += weight * t * t;
      place += weight * points_[from + i].centre;
      product += weight * t * points_[from + i].centre;
    }
    if (!(sum > 0)) return line;
    const double spread = sum * square - time * time;
    if (!(spread > kLeastSpread * sum * sum)) return {place / sum, 0};
    const double speed = (sum * product - time * place) / spread;
    return {(place - speed * time) / sum, speed};
  }

  void allow(double time_s, const PathPoint& middle, L1Node* node) {
    const PathPoint before = low_.value(time_s - kReach * step_s_);
    const PathPoint after = high_.value(time_s + kReach * step_s_);
    const size_t from = low_.to(time_s - kReach * step_s_);
    const size_t to = high_.to(time_s + kReach * step_s_);
    node->lowest = std::max(before.lowest, after.lowest);
    node->highest = std::min(before.highest, after.highest);
    for (size_t i = from; i < to; ++i) {
      node->lowest = std::max(node->lowest, points_[i].lowest);
      node->highest = std::min(node->highest, points_[i].highest);
    }
    if (node->lowest > node->highest) {  // it moves too fast: its middle, then
      node->lowest = node->highest = (middle.lowest + middle.highest) / 2;
    }
    node->lowest = std::clamp(node->lowest, limits_.lowest, limits_.highest);
    node->highest = std::clamp(node->highest, limits_.lowest, limits_.highest);
  }

  PathPoints points_;
  double step_s_;
  const PathLimits& limits_;
  Walk middle_, low_, high_, near_low_, near_high_;
  std::vector<double> near_;                       // weights around a node
  std::vector<std::pair<double, double>> values_;  // targets with them
};

}  // namespace

std::vector<L1Node> resample(const PathPoints& points, const Grid& grid, const PathLimits& limits) {
  Resampler resampler(points, grid.step_s, limits);
  std::vector<L1Node> nodes;
  nodes.reserve(grid.count);
  for (size_t i = 0; i < grid.count; ++i) {
    nodes.push_back(resampler.at(grid.first_s + static_cast<double>(i) * grid.step_s));
  }
  return nodes;
}

PathPoint expected_after(const PathPoints& points, const PathLimits& limits) {
  PathPoint expected = points.back();
  // The last point is always one: of a time that is large enough nothing can be taken away.
  std::vector<std::pair<double, double>> recent{{expected.centre, expected.weight}};
  double sum = expected.weight;
  for (size_t i = points.count - 1;
       i-- > 0 && points[i].time_s > points.back().time_s - movement::kRecent_s;) {
    recent.emplace_back(points[i].centre, points[i].weight);
    sum += points[i].weight;
  }
  expected.weight = sum / static_cast<double>(recent.size());
  expected.centre = leaned(weighted_median(&recent), limits);
  return expected;
}

}  // namespace smartcrop
