// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

namespace smartcrop {
namespace {

double sum_of(const Worths& worths, const std::vector<Pair>& pairs) {
  double sum = 0;
  for (const Pair& pair : pairs) sum += worths.at(pair.row, pair.column);
  return sum;
}

// Every way to give rows to columns, and the best sum among them.
double best_sum_by_trying(const Worths& worths, size_t row, std::vector<bool>* taken) {
  if (row == worths.rows()) return 0;
  double best = best_sum_by_trying(worths, row + 1, taken);
  for (size_t column = 0; column < worths.columns(); ++column) {
    if ((*taken)[column] || !(worths.at(row, column) > 0)) continue;
    (*taken)[column] = true;
    best = std::max(best, worths.at(row, column) + best_sum_by_trying(worths, row + 1, taken));
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
  std::uniform_real_distribution<double> worth(-0.6, 1);
  for (int round = 0; round < 600; ++round) {
    Worths worths(side(random), side(random));
    for (size_t row = 0; row < worths.rows(); ++row) {
      // Rounded worths tie often.
      for (size_t column = 0; column < worths.columns(); ++column) {
        worths.at(row, column) = round % 2 == 0 ? worth(random) : std::round(4 * worth(random)) / 4;
      }
    }
    const std::vector<Pair> pairs = best_pairs(worths);
    expect_no_partner_twice(pairs);
    for (const Pair& pair : pairs) EXPECT_GT(worths.at(pair.row, pair.column), 0);
    std::vector<bool> taken(worths.columns());
    ASSERT_NEAR(sum_of(worths, pairs), best_sum_by_trying(worths, 0, &taken), 1e-9)
        << "seed " << seed << " round " << round;
  }
}

TEST(Assignment, GivesTheSecondBestWhereTheBestOfBothIsOne) {
  Worths worths(2, 2);
  worths.at(0, 0) = 0.9;
  worths.at(0, 1) = 0.8;
  worths.at(1, 0) = 0.7;
  const std::vector<Pair> pairs = best_pairs(worths);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_DOUBLE_EQ(sum_of(worths, pairs), 1.5) << "a greedy choice makes 0.9 and leaves one alone";
}

TEST(Assignment, MakesNoPairThatIsWorthNothing) {
  Worths worths(3, 2);
  worths.at(1, 1) = 0.4;
  worths.at(2, 0) = -1;
  const std::vector<Pair> pairs = best_pairs(worths);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].row, 1u);
  EXPECT_EQ(pairs[0].column, 1u);
  EXPECT_TRUE(best_pairs(Worths(0, 5)).empty());
  EXPECT_TRUE(best_pairs(Worths(5, 0)).empty());
}

TEST(Assignment, ManyRowsAndColumnsGetTheirOwn) {
  constexpr size_t kMany = 64;
  std::vector<size_t> own(kMany);
  std::iota(own.begin(), own.end(), size_t{0});
  const unsigned seed = 3;
  std::shuffle(own.begin(), own.end(), std::mt19937(seed));
  Worths worths(kMany, kMany);
  for (size_t row = 0; row < kMany; ++row) {
    for (size_t column = 0; column < kMany; ++column) worths.at(row, column) = 0.3;
    worths.at(row, own[row]) = 0.6;
  }
  const std::vector<Pair> pairs = best_pairs(worths);
  ASSERT_EQ(pairs.size(), kMany);
  for (const Pair& pair : pairs) EXPECT_EQ(pair.column, own[pair.row]) << "seed " << seed;
}

}  // namespace
}  // namespace smartcrop
