// SPDX-License-Identifier: MIT
#include "stage5_path/hinges.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "stage5_path/movement.h"

namespace smartcrop {
namespace {

constexpr double kLeastWeight = 1e-6;  // a hinge without weight has no inside
constexpr double kLimitShare = 0.999;  // what snapping may change is left to it

class Hinges {
 public:
  explicit Hinges(const L1Problem& problem);
  std::vector<Hinge> take() { return std::move(hinges_); }

 private:
  void add_pair(size_t order, const Line& weight, const Line& low, const Line& high);
  void add_motion(size_t order, double cost, double limit, double limit_cost);

  const L1Problem& problem_;
  size_t count_;
  std::vector<Hinge> hinges_;
};

Hinges::Hinges(const L1Problem& problem) : problem_(problem), count_(problem.nodes.size()) {
  const double step = problem.step_s;
  Line weight(count_), low(count_), high(count_), lowest(count_), highest(count_);
  Line centring(count_), target(count_);
  for (size_t i = 0; i < count_; ++i) {
    const L1Node& node = problem.nodes[i];
    weight[i] = std::max(kLeastWeight, step * node.weight);
    centring[i] = std::max(kLeastWeight, step * node.weight * problem.costs.centring);
    target[i] = node.target;
    low[i] = node.target - node.slack * problem.dead_zone;
    high[i] = node.target + node.slack * problem.dead_zone;
    lowest[i] = node.lowest;
    highest[i] = node.highest;
  }
  add_pair(0, weight, low, high);
  add_pair(0, centring, target, target);
  add_pair(0, Line(count_, movement::kPictureCost), lowest, highest);
  // In differences rather than derivatives the coefficients are small whole numbers.
  const L1Costs& costs = problem.costs;
  add_motion(1, costs.speed, problem.max_speed * step, movement::kSpeedLimitCost);
  add_motion(2, costs.accel / step, problem.max_accel * step * step, movement::kAccelLimitCost);
  add_pair(3, Line(count_, costs.jerk / (step * step)), Line(count_), Line(count_));
}

// The cost of row - high, and that of low - row.
void Hinges::add_pair(size_t order, const Line& weight, const Line& low, const Line& high) {
  for (const double sign : {1.0, -1.0}) {
    Hinge hinge;
    hinge.order = order;
    hinge.sign = sign;
    hinge.weight = weight;
    hinge.bound = high;
    if (sign < 0) std::transform(low.begin(), low.end(), hinge.bound.begin(), std::negate<>());
    hinges_.push_back(std::move(hinge));
  }
}

void Hinges::add_motion(size_t order, double cost, double limit, double limit_cost) {
  Line weight(count_, std::max(kLeastWeight, cost));
  if (order == 1 && problem_.rests_at_end && count_ > 0) weight.back() = limit_cost;
  add_pair(order, weight, Line(count_), Line(count_));
  add_pair(order, Line(count_, limit_cost), Line(count_, -kLimitShare * limit),
           Line(count_, kLimitShare * limit));
}

class Coasting {
 public:
  explicit Coasting(const L1Problem& problem)
      : brake_(problem.max_accel * problem.step_s * problem.step_s) {
    if (problem.continues) {
      place_ = problem.before[2];
      move_ = problem.before[2] - problem.before[1];
    } else if (!problem.nodes.empty()) {
      place_ = problem.nodes[0].target;
    }
  }
  double next() {
    move_ = std::copysign(std::max(0.0, std::abs(move_) - brake_), move_);
    return place_ += move_;
  }

 private:
  double brake_, place_ = 0.5, move_ = 0;
};

}  // namespace

std::vector<Hinge> hinges_of(const L1Problem& problem) { return Hinges(problem).take(); }

Line coasting_line(const L1Problem& problem) {
  Line line;
  Coasting coasting(problem);
  for (const L1Node& node : problem.nodes) {
    line.push_back(std::clamp(coasting.next(), node.lowest, node.highest));
  }
  return line;
}

}  // namespace smartcrop
