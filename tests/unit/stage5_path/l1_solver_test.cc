// SPDX-License-Identifier: MIT
#include "stage5_path/l1_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace smartcrop {
namespace {

using Line = std::vector<double>;

// As l1_solver.h states it, in the plainest words; infinite where a limit is broken.
double objective(const L1Problem& problem, const Line& line, double slack = 1e-6) {
  Line p(problem.before.begin(), problem.before.end());
  p.insert(p.end(), line.begin(), line.end());
  const double step = problem.step_s;
  const size_t first = problem.continues ? 0 : 3;
  double sum = 0;
  for (size_t i = 3; i < p.size(); ++i) {
    const L1Node& node = problem.nodes[i - 3];
    if (p[i] < node.lowest - slack || p[i] > node.highest + slack) return HUGE_VAL;
    const double away = std::abs(p[i] - node.target) - node.slack * problem.dead_zone;
    sum += step * node.weight *
           (std::max(0.0, away) + problem.costs.centring * std::abs(p[i] - node.target));
    const double v = (p[i] - p[i - 1]) / step;
    const double a = (p[i] - 2 * p[i - 1] + p[i - 2]) / (step * step);
    const double j = (p[i] - 3 * p[i - 1] + 3 * p[i - 2] - p[i - 3]) / (step * step * step);
    if (i >= first + 1) {
      if (std::abs(v) > problem.max_speed + slack) return HUGE_VAL;
      sum += step * problem.costs.speed * std::abs(v);
    }
    if (i >= first + 2) {
      if (std::abs(a) > problem.max_accel + slack) return HUGE_VAL;
      sum += step * problem.costs.accel * std::abs(a);
    }
    if (i >= first + 3) sum += step * problem.costs.jerk * std::abs(j);
  }
  return sum;
}

struct Dice {
  std::mt19937 random;
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  }
  bool one_in(unsigned count) { return random() % count == 0; }
};

L1Problem random_problem(Dice* dice, size_t count) {
  L1Problem problem;
  problem.step_s = dice->between(0.05, 0.2);
  problem.dead_zone = dice->between(0, 0.05);
  problem.max_speed = dice->between(0.1, 1);
  problem.max_accel = dice->between(0.3, 4);
  problem.continues = dice->one_in(2);
  problem.before.fill(dice->between(0.3, 0.7));
  const double margin = dice->between(0.05, 0.3);
  double place = 0.5, weight = 1, slack = 1;
  for (size_t i = 0; i < count; ++i) {
    if (dice->one_in(15)) place = dice->between(0, 1);
    if (dice->one_in(20)) weight = dice->one_in(3) ? 0 : dice->between(0, 2);
    if (dice->one_in(20)) slack = dice->one_in(2) ? 1 : dice->between(0, 1);
    problem.nodes.push_back(
        {place + dice->between(-0.04, 0.04), weight, margin, 1 - margin, slack});
  }
  return problem;
}

// A direction in which a line that is not the best could be made better.
Line random_direction(Dice* dice, size_t count) {
  const size_t from = dice->random() % count, to = from + 1 + dice->random() % (count - from);
  const unsigned kind = dice->random() % 3;
  Line direction(count, 0.0);
  for (size_t i = from; i < to; ++i) {
    const double u = static_cast<double>(i - from) / static_cast<double>(to - from);
    direction[i] = kind == 0 ? 1 : kind == 1 ? u : std::pow(std::sin(3.14159265 * u), 2);
  }
  const double sign = dice->one_in(2) ? 1 : -1;
  for (double& value : direction) value *= sign;
  return direction;
}

TEST(L1Solver, KeepsTheLimitsAndCannotBeMadeBetterInAnyDirection) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Dice dice{std::mt19937(seed)};
  for (int round = 0; round < 40; ++round) {
    const L1Problem problem = random_problem(&dice, 20 + dice.random() % 100);
    const Line best = solve_l1(problem);
    const double least = objective(problem, best);
    ASSERT_TRUE(std::isfinite(least)) << "round " << round;
    for (int attempt = 0; attempt < 300; ++attempt) {
      const Line direction = random_direction(&dice, best.size());
      const double length = std::pow(10, dice.between(-4, -1));
      Line other = best;
      for (size_t i = 0; i < other.size(); ++i) other[i] += length * direction[i];
      ASSERT_GE(objective(problem, other, 0), least * (1 - 2e-3) - 1e-6) << "round " << round;
    }
  }
}

TEST(L1Solver, RestsExactly) {
  Dice dice{std::mt19937(5)};
  L1Problem problem;
  problem.step_s = 0.1;
  problem.dead_zone = 0.02;
  problem.costs.speed = 0.6;
  for (int i = 0; i < 100; ++i) {
    problem.nodes.push_back({(i < 50 ? 0.3 : 0.7) + dice.between(-0.03, 0.03), 1, 0.1, 0.9});
  }
  const Line line = solve_l1(problem);
  for (size_t i = 1; i < 35; ++i) EXPECT_EQ(line[i], line[0]);
  for (size_t i = 66; i < 100; ++i) EXPECT_EQ(line[i], line[65]);
  EXPECT_NEAR(line[0], 0.3, 0.03);
  EXPECT_NEAR(line[99], 0.7, 0.03);
}

TEST(L1Solver, GivesWayInSpeedAndAccelerationBeforeThePictureEnds) {
  L1Problem problem;
  problem.step_s = 0.08;
  problem.max_speed = 0.2;
  problem.max_accel = 0.1;
  problem.continues = true;
  problem.before = {0.66, 0.7, 0.74};  // fast, and the edge is near
  problem.rests_at_end = true;
  problem.nodes.assign(30, {0.9, 1, 0.2, 0.8});
  const Line line = solve_l1(problem);
  for (const double point : line) {
    EXPECT_GE(point, 0.2);
    EXPECT_LE(point, 0.8);
  }
}

TEST(L1Solver, AnswersWithoutAnyRoomOrAnyKnowledge) {
  L1Problem problem;
  problem.nodes.assign(50, {0.9, 1, 0.5, 0.5});
  for (const double point : solve_l1(problem)) EXPECT_EQ(point, 0.5);
  problem.nodes.assign(50, {0.3, 0, 0, 1});
  const Line line = solve_l1(problem);
  for (const double point : line) EXPECT_EQ(point, line[0]);
  problem.nodes.resize(1);
  EXPECT_TRUE(std::isfinite(solve_l1(problem).at(0)));
  problem.nodes.clear();
  EXPECT_TRUE(solve_l1(problem).empty());
}

TEST(L1Solver, AnswersForProblemsThatContradictThemselves) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Dice dice{std::mt19937(seed)};
  for (int round = 0; round < 100; ++round) {
    L1Problem problem = random_problem(&dice, 60);
    for (double& point : problem.before) point = dice.between(0, 1);
    for (L1Node& node : problem.nodes) {
      const double middle = dice.between(0.1, 0.9), reach = dice.between(0, 0.05);
      if (dice.one_in(3)) node = {node.target, node.weight, middle - reach, middle + reach};
    }
    const Line line = solve_l1(problem);
    for (size_t i = 0; i < line.size(); ++i) {
      ASSERT_GE(line[i], problem.nodes[i].lowest);
      ASSERT_LE(line[i], problem.nodes[i].highest);
    }
  }
}

}  // namespace
}  // namespace smartcrop
