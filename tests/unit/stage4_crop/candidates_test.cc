// SPDX-License-Identifier: MIT
#include "stage4_crop/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

namespace smartcrop {
namespace {

HeatMap uniform(int width, int height) {
  HeatMap map{width, height, {}, 1};
  map.values.assign(static_cast<size_t>(width * height), 1.0F / static_cast<float>(width * height));
  return map;
}

HeatMap single(int width, int height, int column, int row) {
  HeatMap map{width, height, {}, 1};
  map.values.assign(static_cast<size_t>(width * height), 0.0F);
  map.values[static_cast<size_t>(row * width + column)] = 1;
  return map;
}

std::vector<float> profile(const HeatMap& map) { return profiles_of(map, 1).x; }

TEST(Candidates, ReachFromEndToEndInEvenSteps) {
  for (const Span content : {Span{0, 1}, {0.1, 0.9}, {0.25, 0.75}}) {
    for (const double window : {0.05, 0.316, 0.45}) {
      const Candidates candidates(content, window);
      ASSERT_GT(candidates.count(), 1);
      EXPECT_NEAR(candidates.centre(0), content.lowest + window / 2, 1e-12);
      EXPECT_NEAR(candidates.centre(candidates.count() - 1), content.highest - window / 2, 1e-12);
      for (int i = 1; i < candidates.count(); ++i) {
        EXPECT_NEAR(candidates.centre(i) - candidates.centre(i - 1), candidates.spacing(), 1e-12);
      }
    }
  }
}

TEST(Candidates, AreOneInTheMiddleWhereTheWindowFillsTheContent) {
  const Candidates candidates({0.2, 0.8}, 0.7);
  EXPECT_EQ(candidates.count(), 1);
  EXPECT_EQ(candidates.centre(0), 0.5);
  EXPECT_NEAR(candidates.window(), 0.6, 1e-12);
}

TEST(Candidates, KnowTheNearestOfThem) {
  const Candidates candidates({0, 1}, 0.3);
  for (int i = 0; i < candidates.count(); ++i) {
    EXPECT_EQ(candidates.nearest(candidates.centre(i) + 0.3 * candidates.spacing()), i);
  }
  EXPECT_EQ(candidates.nearest(-1), 0);
  EXPECT_EQ(candidates.nearest(2), candidates.count() - 1);
}

TEST(Coverage, OfAnEvenMapIsTheWindowsShareOfThePicture) {
  for (const auto& [width, height] : {std::pair{64, 36}, {1, 1}, {7, 3}, {48, 27}}) {
    const Candidates candidates({0, 1}, 0.316);
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      for (const float share :
           candidates.coverage(profiles_of(uniform(width, height), 1.5F).along(axis))) {
        EXPECT_NEAR(share, candidates.window(), 1e-5);
      }
    }
  }
}

TEST(Coverage, OfASingleCellIsWholeInsideNoneOutsideAndPartlyOnItsEdge) {
  const Candidates candidates({0, 1}, 9.0 / 16);
  const std::vector<float> coverage = candidates.coverage(profile(single(16, 9, 3, 4)));
  for (int i = 0; i < candidates.count(); ++i) {
    const double left = candidates.centre(i) - candidates.window() / 2;
    const double right = candidates.centre(i) + candidates.window() / 2;
    const double inside = std::min(right, 4.0 / 16) - std::max(left, 3.0 / 16);
    EXPECT_NEAR(coverage[static_cast<size_t>(i)], std::clamp(inside * 16, 0.0, 1.0), 1e-5) << i;
  }
}

TEST(Coverage, CountsRowsAlongY) {
  const Candidates candidates({0, 1}, 9.0 / 16);
  const std::vector<float> coverage = candidates.coverage(profiles_of(single(9, 16, 4, 0), 1).y);
  EXPECT_NEAR(coverage.front(), 1, 1e-5);
  EXPECT_NEAR(coverage.back(), 0, 1e-5);
}

TEST(Profile, RaisedToAPowerGoesByThePeaks) {
  HeatMap map = uniform(4, 1);
  map.values = {0.4F, 0.2F, 0.2F, 0.2F};
  const std::vector<float> plain = profile(map), sharp = profiles_of(map, 2).x;
  EXPECT_NEAR(plain[1], 0.4F, 1e-6);
  EXPECT_NEAR(sharp[1], 16.0F / 28, 1e-6);
  EXPECT_NEAR(sharp[4], 1, 1e-6);
}

TEST(Profile, MeanIsTakenBetweenTwoPlaces) {
  const std::vector<float> two = profile([] {
    HeatMap map = uniform(10, 1);
    map.values.assign(10, 0.0F);
    map.values[1] = 0.5F;
    map.values[7] = 0.5F;
    return map;
  }());
  EXPECT_NEAR(mean_between(two, 0, 0.4), 0.15, 1e-6);
  EXPECT_NEAR(mean_between(two, 0.5, 1), 0.75, 1e-6);
  EXPECT_NEAR(mean_between(two, 0, 1), 0.45, 1e-6);
  EXPECT_NEAR(mean_between(two, 0.3, 0.6), 0.45, 1e-6) << "nothing there: the middle";
}

TEST(Coverage, LiesBetweenZeroAndOneForAnyMap) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(0, 1);
  for (int round = 0; round < 200; ++round) {
    HeatMap map = uniform(1 + static_cast<int>(random() % 64), 1 + static_cast<int>(random() % 36));
    for (float& each : map.values) each = value(random);
    const Candidates candidates({0, 1}, 0.05 + 0.001 * static_cast<double>(random() % 900));
    for (const float share : candidates.coverage(profile(map))) {
      EXPECT_GE(share, -1e-5F);
      EXPECT_LE(share, 1 + 1e-4F);
    }
  }
}

}  // namespace
}  // namespace smartcrop
