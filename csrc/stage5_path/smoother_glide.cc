// SPDX-License-Identifier: MIT
// A camera that rests, eases into a move and stops.
//
// 1. Dead zone: a line is drawn through the targets that stays where it is until a target is
//    further away than the dead zone, and then goes just as far as it must (a "play", as in a
//    gear). Where the targets rest it is exactly constant.
// 2. Ease: the line is averaged under a Hann window (raised cosine) that reaches as far into the
//    future as into the past, so that a step becomes an S-curve which is half-way at the step. A
//    constant stretch stays exactly constant, so the camera rests like a tripod.
// 3. Limits: the window follows that curve exactly while speed and acceleration stay below their
//    limits; where they would not, it moves at the limit and brakes in time to arrive at rest.
#include <algorithm>
#include <cmath>
#include <deque>

#include "stage5_path/path.h"

namespace smartcrop {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kEaseReach_s = 0.6;     // to each side: a step takes twice this
constexpr double kBrakeShare = 0.5;      // of max_accel, to plan the braking with
constexpr double kLongestStep_s = 0.25;  // a longer pause between frames counts as this

// The integral of the Hann window of half-width 1 from -1 to u.
double hann_integral(double u) {
  const double c = std::clamp(u, -1.0, 1.0);
  return 0.5 * (1 + c + std::sin(kPi * c) / kPi);
}

class GlideSmoother : public Smoother {
 public:
  explicit GlideSmoother(const PathLimits& limits) : Smoother(limits) {}

  double jump(const std::vector<PathPoint>& ahead) override {
    past_.clear();
    speed_ = 0;
    played_ = std::clamp(ahead[0].centre, limits_.lowest, limits_.highest);
    past_.push_back({ahead[0].time_s, played_});
    reference_ = centre_ = eased(ahead);
    return centre_;
  }

  double step(const std::vector<PathPoint>& ahead) override {
    const double now = ahead[0].time_s;
    const double elapsed = std::min(now - past_.back().time_s, kLongestStep_s);
    played_ = play(played_, ahead[0].centre);
    past_.push_back({now, played_});
    while (past_.size() > 2 && past_[1].time_s < now - kEaseReach_s) past_.pop_front();
    if (elapsed <= 0) return centre_;
    const double before = reference_;
    reference_ = eased(ahead);
    move_towards(reference_, (reference_ - before) / elapsed, elapsed);
    return centre_;
  }

 private:
  double play(double at, double target) const {
    const double moved = std::clamp(at, target - limits_.dead_zone, target + limits_.dead_zone);
    return std::clamp(moved, limits_.lowest, limits_.highest);
  }

  // The played line, averaged around the present. Written as differences from the present value, so
  // that a constant line gives that constant without rounding.
  double eased(const std::vector<PathPoint>& ahead) const {
    const double reach = std::min(kEaseReach_s, limits_.lookahead_s / 2);
    const double now = ahead[0].time_s;
    if (reach <= 0) return played_;
    const auto weight_until = [&](double time_s) { return hann_integral((time_s - now) / reach); };

    double sum = 0, done = 0;
    for (size_t i = 0; i + 1 < past_.size(); ++i) {
      const double until = weight_until(past_[i + 1].time_s);
      sum += (until - done) * (past_[i].centre - played_);
      done = until;
    }
    done = weight_until(now);
    double at = played_;
    for (size_t i = 1; i < ahead.size(); ++i) {
      // The line turns to the next target half-way between the two.
      const double until = weight_until((ahead[i - 1].time_s + ahead[i].time_s) / 2);
      sum += (until - done) * (at - played_);
      done = until;
      at = play(at, ahead[i].centre);
    }
    return played_ + sum + (1 - done) * (at - played_);
  }

  // The greatest speed towards the picture's edge for this step, so that the edge need not stop the
  // window at once: this step and braking, v * elapsed + v^2 / (2 * accel), fit into the distance.
  // Then they do so however long the next frames last.
  double edge_speed(double distance, double elapsed) const {
    const double step = limits_.max_accel * elapsed;
    return std::sqrt(step * step + 2 * limits_.max_accel * std::max(0.0, distance)) - step;
  }

  void move_towards(double goal, double goal_speed, double elapsed) {
    const double gap = goal - centre_;
    const double accel = limits_.max_accel;
    // The greatest speed of approach from which it can still brake, in steps of this length, with
    // some of the brake kept for a goal that slows down itself: an overshoot would be seen.
    const double brake = kBrakeShare * accel, half = brake * elapsed / 2;
    const double most = std::sqrt(2 * brake * std::abs(gap) + half * half) - half;
    double speed = gap / elapsed;
    speed = std::clamp(speed, goal_speed - most, goal_speed + most);
    speed = std::clamp(speed, -limits_.max_speed, limits_.max_speed);
    speed = std::clamp(speed, -edge_speed(centre_ - limits_.lowest, elapsed),
                       edge_speed(limits_.highest - centre_, elapsed));
    speed = std::clamp(speed, speed_ - accel * elapsed, speed_ + accel * elapsed);
    const bool arrives = std::abs(gap - speed * elapsed) < 1e-9;
    const double wanted = arrives ? goal : centre_ + speed * elapsed;
    centre_ = std::clamp(wanted, limits_.lowest, limits_.highest);
    speed_ = centre_ == wanted ? speed : 0;
  }

  std::deque<PathPoint> past_;  // the played line
  double played_ = 0.5;
  double reference_ = 0.5;
  double centre_ = 0.5;
  double speed_ = 0;
};

}  // namespace

std::unique_ptr<Smoother> make_glide_smoother(const PathLimits& limits) {
  return std::make_unique<GlideSmoother>(limits);
}

}  // namespace smartcrop
