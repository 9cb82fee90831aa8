// SPDX-License-Identifier: MIT
// The calmest line through targets, after Grundmann, Kwatra and Essa, "Auto-directed video
// stabilization with robust L1 optimal camera paths" (CVPR 2011), adapted: the line is not a
// correction of a camera but one axis of it, so it is paid for being away from a target.
//
// Over points p[i], step_s apart, with the differences D p[i] = p[i] - p[i - 1]:
//
//   minimise    sum_i  step_s * (speed * |v[i]| + accel * |a[i]| + jerk * |j[i]|
//                                + weight[i] * (max(0, |p[i] - target[i]| - slack[i] * dead_zone)
//                                               + centring * |p[i] - target[i]|))
//   with        v = D p / step_s,  a = D v / step_s,  j = D a / step_s
//   subject to  lowest[i] <= p[i] <= highest[i],  |v[i]| <= max_speed,  |a[i]| <= max_accel
//
// The points are the control points of a uniform quadratic B-spline, for which these are the true
// speed (at knots) and acceleration (between them); see resample.h.
#ifndef SMARTCROP_STAGE5_PATH_L1_SOLVER_H_
#define SMARTCROP_STAGE5_PATH_L1_SOLVER_H_

#include <array>
#include <vector>

#include "stage5_path/movement.h"

namespace smartcrop {

// What motion costs beside being 1 away from a target for a second.
struct L1Costs {
  double speed = movement::kSpeedCost;
  double accel = movement::kAccelCost;
  double jerk = movement::kJerkCost;
  double centring = movement::kCentringCost;
};

struct L1Node {
  double target = 0.5, weight = 1;
  double lowest = 0, highest = 1;  // lowest <= highest
  double slack = 1;                // share of the dead zone
};

struct L1Problem {
  double step_s = 1;
  std::vector<L1Node> nodes;
  double dead_zone = 0, max_speed = 1, max_accel = 1;
  L1Costs costs;
  bool continues = false;          // the line goes on from these three points
  std::array<double, 3> before{};  // oldest first
  bool rests_at_end = false;       // the last two points are to be equal
};

// The points. Where the limits contradict one another, those on acceleration and speed give way, as
// little as they have to; [lowest, highest] never does. Rests are exact: equal points.
std::vector<double> solve_l1(const L1Problem& problem);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_L1_SOLVER_H_
