// SPDX-License-Identifier: MIT
#include "stage4_crop/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "test_picture.h"

namespace smartcrop {
namespace {

Geometry geometry_of(Size size, double aspect) {
  return make_geometry({aspect, {}, false}, stream_of(yuv(1, 1, 8), size));
}

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

TEST(Candidates, LieAlongTheSideThatTheWindowDoesNotFill) {
  EXPECT_EQ(Candidates(geometry_of({1920, 1080}, 9.0 / 16)).axis(), Axis::kX);
  EXPECT_EQ(Candidates(geometry_of({1080, 1920}, 16.0 / 9)).axis(), Axis::kY);
}

TEST(Candidates, ReachFromEndToEndInEvenSteps) {
  for (const double aspect : {0.1, 9.0 / 16, 1.0, 1.5, 1.7}) {
    const Candidates candidates(geometry_of({1920, 1080}, aspect));
    ASSERT_GT(candidates.count(), 1);
    const double half = candidates.window() / 2;
    EXPECT_NEAR(candidates.centre(0), half, 1e-12);
    EXPECT_NEAR(candidates.centre(candidates.count() - 1), 1 - half, 1e-12);
    for (int i = 1; i < candidates.count(); ++i) {
      EXPECT_NEAR(candidates.centre(i) - candidates.centre(i - 1), candidates.spacing(), 1e-12);
    }
  }
}

TEST(Candidates, AreOneWhereTheWindowFillsThePicture) {
  const Candidates candidates(geometry_of({1920, 1080}, 16.0 / 9));
  EXPECT_EQ(candidates.count(), 1);
  EXPECT_EQ(candidates.centre(0), 0.5);
  EXPECT_NEAR(candidates.coverage(single(64, 36, 63, 0))[0], 1, 1e-6);
}

TEST(Coverage, OfAnEvenMapIsTheWindowsShareOfThePicture) {
  for (const auto& [width, height] : {std::pair{64, 36}, {1, 1}, {7, 3}, {48, 27}}) {
    const Candidates across(geometry_of({1920, 1080}, 9.0 / 16));
    for (const float share : across.coverage(uniform(width, height))) {
      EXPECT_NEAR(share, across.window(), 1e-5);
    }
    const Candidates down(geometry_of({1080, 1920}, 16.0 / 9));
    for (const float share : down.coverage(uniform(width, height))) {
      EXPECT_NEAR(share, down.window(), 1e-5);
    }
  }
}

TEST(Coverage, OfASingleCellIsWholeInsideNoneOutsideAndPartlyOnItsEdge) {
  const Candidates candidates(geometry_of({1600, 900}, 1.0));  // window 9/16 of the width
  const HeatMap map = single(16, 9, 3, 4);
  const std::vector<float> coverage = candidates.coverage(map);
  for (int i = 0; i < candidates.count(); ++i) {
    const double left = candidates.centre(i) - candidates.window() / 2;
    const double right = candidates.centre(i) + candidates.window() / 2;
    const double inside = std::min(right, 4.0 / 16) - std::max(left, 3.0 / 16);
    EXPECT_NEAR(coverage[static_cast<size_t>(i)], std::clamp(inside * 16, 0.0, 1.0), 1e-5) << i;
  }
}

TEST(Coverage, CountsRowsWhereTheWindowMovesUpAndDown) {
  const Candidates candidates(geometry_of({900, 1600}, 1.0));
  const std::vector<float> coverage = candidates.coverage(single(9, 16, 4, 0));
  EXPECT_NEAR(coverage.front(), 1, 1e-5);
  EXPECT_NEAR(coverage.back(), 0, 1e-5);
}

TEST(Coverage, LiesBetweenZeroAndOneForAnyMap) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(0, 1);
  for (int round = 0; round < 200; ++round) {
    HeatMap map = uniform(1 + static_cast<int>(random() % 64), 1 + static_cast<int>(random() % 36));
    for (float& each : map.values) each = value(random);
    const float sum = std::accumulate(map.values.begin(), map.values.end(), 0.0F);
    for (float& each : map.values) each /= sum;
    const Candidates candidates(
        geometry_of({640, 360}, 0.3 + 0.001 * static_cast<double>(random() % 4000)));
    for (const float share : candidates.coverage(map)) {
      EXPECT_GE(share, -1e-5F);
      EXPECT_LE(share, 1 + 1e-4F);
    }
  }
}

}  // namespace
}  // namespace smartcrop
