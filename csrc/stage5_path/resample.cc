// SPDX-License-Identifier: MIT
#include "stage5_path/resample.h"

#include <algorithm>
#include <utility>

namespace smartcrop {
namespace {

constexpr double kReach = 1.5;      // steps to each side that a control point bears on
constexpr double kRecent_s = 0.35;  // about three samples: an outlier among them has no say
constexpr size_t kFewestForMedian = 3;

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
  return point;
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
    take_median(time_s, &node);
    allow(time_s, middle, &node);
    return node;
  }

 private:
  // Where there are more points than nodes, an outlier among them is left out.
  void take_median(double time_s, L1Node* node) {
    const size_t from = near_low_.to(time_s - step_s_), to = near_high_.to(time_s + step_s_);
    if (to < from + kFewestForMedian) return;
    values_.clear();
    double sum = 0;
    for (size_t i = from; i < to; ++i) {
      values_.emplace_back(points_[i].centre, points_[i].weight);
      sum += points_[i].weight;
    }
    node->target = weighted_median(&values_);
    node->weight = sum / static_cast<double>(to - from);
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
  std::vector<std::pair<double, double>> values_;
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

PathPoint expected_after(const PathPoints& points) {
  PathPoint expected = points.back();
  // The last point is always one: of a time that is large enough nothing can be taken away.
  std::vector<std::pair<double, double>> recent{{expected.centre, expected.weight}};
  double sum = expected.weight;
  for (size_t i = points.count - 1;
       i-- > 0 && points[i].time_s > points.back().time_s - kRecent_s;) {
    recent.emplace_back(points[i].centre, points[i].weight);
    sum += points[i].weight;
  }
  expected.weight = sum / static_cast<double>(recent.size());
  expected.centre = weighted_median(&recent);
  return expected;
}

}  // namespace smartcrop
