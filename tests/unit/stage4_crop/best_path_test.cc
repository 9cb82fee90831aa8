// SPDX-License-Identifier: MIT
#include "stage4_crop/best_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace smartcrop {
namespace {

using Gains = std::vector<std::vector<float>>;

double value_of(const Gains& gains, MovePrice price, const std::vector<int>& path, int first) {
  double value = 0;
  for (size_t t = 0; t < path.size(); ++t) {
    if (t > 0 || first < 0) value += gains[t][static_cast<size_t>(path[t])];
    if (t > 0 && path[t] != path[t - 1]) {
      const int move = path[t] - path[t - 1];
      if (move * price.direction < 0) return -std::numeric_limits<double>::infinity();
      value -= price.start + price.distance * std::abs(move);
    }
  }
  return value;
}

// Tries every sequence there is.
double best_value(const Gains& gains, MovePrice price, int first) {
  const int count = static_cast<int>(gains[0].size());
  std::vector<int> path(gains.size(), 0);
  double best = -std::numeric_limits<double>::infinity();
  for (;;) {
    if (first < 0 || path[0] == first) best = std::max(best, value_of(gains, price, path, first));
    size_t digit = 0;
    while (digit < path.size() && ++path[digit] == count) path[digit++] = 0;
    if (digit == path.size()) return best;
  }
}

TEST(BestPath, NoSequenceThereIsBeatsIt) {
  const unsigned seed = 20261121;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> gain(0, 1);
  for (int round = 0; round < 200; ++round) {
    const size_t times = 1 + random() % 5, count = 1 + random() % 5;
    Gains gains(times, std::vector<float>(count));
    for (auto& row : gains) {
      for (float& each : row) each = gain(random);
    }
    const int direction = static_cast<int>(random() % 3) - 1;
    const MovePrice price{0.4F * gain(random), 0.3F * gain(random), direction};
    const int first = round % 2 == 0 ? -1 : static_cast<int>(random() % count);
    const std::vector<int> path = best_path(gains, price, first);
    ASSERT_EQ(path.size(), times);
    if (first >= 0) {
      ASSERT_EQ(path[0], first);
    }
    EXPECT_NEAR(value_of(gains, price, path, first), best_value(gains, price, first), 1e-5);
  }
}

TEST(BestPath, StaysWhereAMoveDoesNotPay) {
  EXPECT_EQ(best_path({{1, 0}, {0, 0.5F}, {1, 0}}, {0.3F, 0.1F, 0}, -1),
            (std::vector<int>{0, 0, 0}));
}

TEST(BestPath, MovesWhereItPays) {
  EXPECT_EQ(best_path({{1, 0}, {0, 1}, {0, 1}}, {0.3F, 0.1F, 0}, -1), (std::vector<int>{0, 1, 1}));
}

TEST(BestPath, OfNothingIsEmpty) { EXPECT_TRUE(best_path({}, {}, -1).empty()); }

}  // namespace
}  // namespace smartcrop
