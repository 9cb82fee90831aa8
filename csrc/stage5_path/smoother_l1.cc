// SPDX-License-Identifier: MIT
// A camera that rests, eases into a move, goes on evenly and stops: the calmest line through the
// targets (l1_solver.h), planned over what is known of the future and planned anew where more
// becomes known.
//
// The plan is a quadratic B-spline with a knot each kStep_s from the start of the shot. Between two
// knots three control points make the curve; a new plan keeps the three of the knots that were last
// shown between, so that position and speed have no seam. All limits hold for the curve because
// they hold for the control points. A plan always ends at rest: so there is always a way to stop.
#include <algorithm>
#include <cmath>

#include "stage5_path/l1_solver.h"
#include "stage5_path/movement.h"
#include "stage5_path/path.h"
#include "stage5_path/resample.h"

namespace smartcrop {
namespace {

bool same(const PathPoint& a, const PathPoint& b) {
  return a.centre == b.centre && a.lowest == b.lowest && a.highest == b.highest &&
         a.weight == b.weight && a.slack == b.slack;
}

bool same(const PathLimits& a, const PathLimits& b) {
  return a.lowest == b.lowest && a.highest == b.highest && a.dead_zone == b.dead_zone &&
         a.max_speed == b.max_speed && a.max_accel == b.max_accel;
}

// The curve, from the first of its intervals on; after the last it rests.
class Plan {
 public:
  void begin(double origin_s) {
    origin_s_ = origin_s;
    first_ = 0;
    controls_.clear();
  }
  void rest_at(double place) { controls_.assign(3, place); }

  int64_t interval_of(double time_s) const {
    return static_cast<int64_t>(std::floor((time_s - origin_s_) / movement::kStep_s));
  }
  // Where control point `interval` - 1 + i has its largest share.
  double time_of(int64_t interval, int i) const {
    return origin_s_ + (static_cast<double>(interval) + i - 0.5) * movement::kStep_s;
  }
  std::array<double, 3> controls_of(int64_t interval) const {
    const int64_t last = static_cast<int64_t>(controls_.size()) - 1;
    const int64_t from = std::max<int64_t>(0, interval - first_);
    std::array<double, 3> three{};
    for (int64_t i = 0; i < 3; ++i) {
      three[static_cast<size_t>(i)] = controls_[static_cast<size_t>(std::min(last, from + i))];
    }
    return three;
  }
  // Written as differences, so that a rest is one without rounding.
  double at(double time_s) const {
    const int64_t interval = interval_of(time_s);
    const auto [a, b, c] = controls_of(interval);
    const double f = (time_s - origin_s_) / movement::kStep_s - static_cast<double>(interval);
    return b + (1 - f) * (1 - f) / 2 * (a - b) + f * f / 2 * (c - b);
  }
  void replace(std::vector<double> controls) { controls_ = std::move(controls); }
  void replace_after(int64_t interval, const std::vector<double>& controls) {
    const std::array<double, 3> kept = controls_of(interval);
    controls_.assign(kept.begin(), kept.end());
    controls_.insert(controls_.end(), controls.begin(), controls.end());
    first_ = interval;
  }

 private:
  double origin_s_ = 0;
  int64_t first_ = 0;  // the interval that the first three control points make
  std::vector<double> controls_;
};

class L1Smoother : public Smoother {
 public:
  explicit L1Smoother(const PathLimits& limits) : Smoother(limits) {}

  double jump(const std::vector<PathPoint>& ahead) override {
    start(view(ahead), false);
    return show(ahead[0]);
  }

  double step(const std::vector<PathPoint>& ahead) override {
    const double now = ahead[0].time_s;
    if (now <= shown_s_) return centre_;
    const bool paused = now - shown_s_ > movement::kLongestPause_s;
    if (paused) {
      plan_.begin(now - movement::kLongestPause_s);
      plan_.rest_at(centre_);
      shown_ = 0;
    }
    const PathPoints points = view(ahead);
    if (paused || (plan_.interval_of(now) > shown_ && is_stale(points))) go_on(points, false);
    return show(ahead[0]);
  }

  std::vector<double> whole(const std::vector<PathPoint>& track) override {
    std::vector<double> centres;
    centres.reserve(track.size());
    const auto from = [&](size_t i) { return PathPoints{track.data() + i, track.size() - i}; };
    for (size_t i = 0; i < track.size(); ++i) {
      if (i == 0) {
        start(from(0), true);
      } else if (track[i].time_s > settled_until_s_) {
        go_on(from(i), true);
      }
      centres.push_back(show(track[i]));
    }
    return centres;
  }

 private:
  static PathPoints view(const std::vector<PathPoint>& ahead) {
    return {ahead.data(), ahead.size()};
  }

  double show(const PathPoint& now) {
    shown_s_ = now.time_s;
    shown_ = plan_.interval_of(now.time_s);
    const double place = std::max(now.lowest, std::min(now.highest, plan_.at(now.time_s)));
    centre_ = std::clamp(place, limits_.lowest, limits_.highest);
    return centre_;
  }

  // Whether what is ahead is not what the plan was made for.
  bool is_stale(const PathPoints& ahead) {
    if (!same(limits_, planned_limits_)) return true;
    while (next_ < known_.size() && known_[next_].time_s <= ahead[0].time_s) ++next_;
    const size_t left = known_.size() - next_;
    if (ahead.count == 1) return left > 0 || !same(ahead[0], known_.back());
    if (ahead.count - 1 < left) return true;
    for (size_t i = 0; i < left; ++i) {
      const PathPoint &a = ahead[i + 1], &b = known_[next_ + i];
      if (a.time_s != b.time_s || !same(a, b)) return true;
    }
    return ahead.count - 1 > left && ahead[0].time_s > settled_until_s_;
  }

  // ends: nothing comes after the last point.
  void start(const PathPoints& points, bool ends) {
    plan_.begin(points[0].time_s);
    L1Problem problem;
    plan_.replace(solve(points, plan_.time_of(0, 0), ends, &problem));
  }

  void go_on(const PathPoints& points, bool ends) {
    L1Problem problem;
    problem.continues = true;
    problem.before = plan_.controls_of(shown_);
    plan_.replace_after(shown_, solve(points, plan_.time_of(shown_, 3), ends, &problem));
  }

  std::vector<double> solve(PathPoints points, double first_s, bool ends, L1Problem* problem) {
    const double until_s = points[0].time_s + movement::kLongestPlan_s;
    const size_t all = points.count;
    while (points.count > 1 && points.back().time_s > until_s) --points.count;
    ends = ends && points.count == all;
    remember(points, ends);

    const double end_s = points.back().time_s;
    const double tail_s =
        ends ? 2 * movement::kStep_s
             : std::clamp(movement::kTailStops * limits_.max_speed / limits_.max_accel,
                          movement::kShortestTail_s, movement::kLongestTail_s);
    const double length_s = std::max(0.0, end_s + tail_s - first_s);
    const Grid grid{first_s, movement::kStep_s,
                    static_cast<size_t>(std::ceil(length_s / movement::kStep_s)) + 3};
    problem->nodes = resample(points, grid, limits_);
    if (!ends) expect(points, grid, &problem->nodes);
    problem->step_s = movement::kStep_s;
    problem->dead_zone = limits_.dead_zone;
    problem->max_speed = limits_.max_speed;
    problem->max_accel = limits_.max_accel;
    problem->rests_at_end = !ends;
    return solve_l1(*problem);
  }

  void remember(const PathPoints& points, bool ends) {
    known_.assign(points.first, points.first + points.count);
    next_ = 0;
    planned_limits_ = limits_;
    settled_until_s_ = ends ? points.back().time_s : points.back().time_s - movement::kSettled_s;
  }

  // Beyond what is known the target is expected to stay, the last node speaks for all that follows.
  void expect(const PathPoints& points, const Grid& grid, std::vector<L1Node>* nodes) const {
    const PathPoint expected = expected_after(points, limits_);
    for (size_t i = nodes->size(); i-- > 0;) {
      if (grid.first_s + static_cast<double>(i) * grid.step_s <= points.back().time_s) break;
      (*nodes)[i].target = expected.centre;
      (*nodes)[i].weight = expected.weight;
      (*nodes)[i].slack = expected.slack;
    }
    nodes->back().target = expected.centre;
    nodes->back().weight = expected.weight * movement::kPersistence_s / grid.step_s;
  }

  Plan plan_;
  double shown_s_ = 0, centre_ = 0.5;
  int64_t shown_ = 0;             // the interval that shown_s_ is in
  std::vector<PathPoint> known_;  // what the plan was made for
  size_t next_ = 0;               // the first of those that is in the future
  double settled_until_s_ = 0;    // until then the plan needs no more points than it had
  PathLimits planned_limits_;
};

}  // namespace

std::unique_ptr<Smoother> make_l1_smoother(const PathLimits& limits) {
  return std::make_unique<L1Smoother>(limits);
}

}  // namespace smartcrop
