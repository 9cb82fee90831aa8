// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

namespace smartcrop {
namespace {

double sum_of(const Gains& gains, const std::vector<Pair>& pairs) {
  double sum = 0;
  for (const Pair& pair : pairs) sum += gains.at(pair.row, pair.column);
  return sum;
}

// Every way to give rows to columns, and the best sum among them.
double best_sum_by_trying(const Gains& gains, size_t row, std::vector<bool>* taken) {
  if (row == gains.rows()) return 0;
  double best = best_sum_by_trying(gains, row + 1, taken);
  for (size_t column = 0; column < gains.columns(); ++column) {
    if ((*taken)[column] || !(gains.at(row, column) > 0)) continue;
    (*taken)[column] = true;
    best = std::max(best, gains.at(row, column) + best_sum_by_trying(gains, row + 1, taken));
    (*taken)[column] = false;
  }
  return best;
}

void expect_no_partner_twice(const std::vector<Pair>& pairs) {
  std::set<size_t> rows, columns;
  for (const Pair& pair : pairs) {
    EXPECT_TRUE(rows.insert(pair.row).second);
    EXPECT_TRUE(columns.insert(pair.column).second);
  }
}

TEST(Assignment, FindsTheLargestSumThatTryingFinds) {
  const unsigned seed = 11;
  std::mt19937 random(seed);
  std::uniform_int_distribution<size_t> side(0, 6);
  std::uniform_real_distribution<double> gain(-0.6, 1);
  for (int round = 0; round < 600; ++round) {
    Gains gains(side(random), side(random));
    for (size_t row = 0; row < gains.rows(); ++row) {
      // Rounded gains tie often.
      for (size_t column = 0; column < gains.columns(); ++column) {
        gains.at(row, column) = round % 2 == 0 ? gain(random) : std::round(4 * gain(random)) / 4;
      }
    }
    const std::vector<Pair> pairs = best_pairs(gains);
    expect_no_partner_twice(pairs);
    for (const Pair& pair : pairs) EXPECT_GT(gains.at(pair.row, pair.column), 0);
    std::vector<bool> taken(gains.columns());
    ASSERT_NEAR(sum_of(gains, pairs), best_sum_by_trying(gains, 0, &taken), 1e-9)
        << "seed " << seed << " round " << round;
  }
}

TEST(Assignment, GivesTheSecondBestWhereTheBestOfBothIsOne) {
  Gains gains(2, 2);
  gains.at(0, 0) = 0.9;
  gains.at(0, 1) = 0.8;
  gains.at(1, 0) = 0.7;
  const std::vector<Pair> pairs = best_pairs(gains);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_DOUBLE_EQ(sum_of(gains, pairs), 1.5) << "a greedy choice makes 0.9 and leaves one alone";
}

TEST(Assignment, MakesNoPairThatIsWorthNothing) {
  Gains gains(3, 2);
  gains.at(1, 1) = 0.4;
  gains.at(2, 0) = -1;
  const std::vector<Pair> pairs = best_pairs(gains);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].row, 1u);
  EXPECT_EQ(pairs[0].column, 1u);
  EXPECT_TRUE(best_pairs(Gains(0, 5)).empty());
  EXPECT_TRUE(best_pairs(Gains(5, 0)).empty());
}

TEST(Assignment, ManyRowsAndColumnsGetTheirOwn) {
  constexpr size_t kMany = 64;
  std::vector<size_t> own(kMany);
  std::iota(own.begin(), own.end(), size_t{0});
  const unsigned seed = 3;
  std::shuffle(own.begin(), own.end(), std::mt19937(seed));
  Gains gains(kMany, kMany);
  for (size_t row = 0; row < kMany; ++row) {
    for (size_t column = 0; column < kMany; ++column) gains.at(row, column) = 0.3;
    gains.at(row, own[row]) = 0.6;
  }
  const std::vector<Pair> pairs = best_pairs(gains);
  ASSERT_EQ(pairs.size(), kMany);
  for (const Pair& pair : pairs) EXPECT_EQ(pair.column, own[pair.row]) << "seed " << seed;
}

}  // namespace
}  // namespace smartcrop
