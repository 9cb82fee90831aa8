// SPDX-License-Identifier: MIT
#include "picture/plane_scaler.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "error.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

ConstPlane source_plane(const TestPicture& picture) {
  return plane_of(picture.frame(), picture.layout(), 0, picture.size(0));
}

Plane target_plane(const TestPicture& picture) {
  return plane_of(picture.picture(), picture.layout(), 0, picture.size(0));
}

TEST(PlaneScaler, RegionsThatDifferByWholeSamplesHaveOneShape) {
  Origin first, second;
  const auto shape = [](double left, double top, Origin* origin) {
    return window_of_plane(8, ScaleFilter::kSpline36, {left, top, 50, 40}, {50, 40}, origin);
  };
  const ScaleShape one = shape(10.3125, 7, &first);
  const ScaleShape other = shape(33.3125, 12, &second);
  EXPECT_TRUE(one == other);
  EXPECT_EQ(second.x - first.x, 23);
  EXPECT_EQ(second.y - first.y, 5);
  EXPECT_FALSE(one == shape(10.375, 7, &first));
  // No samples above and below where nothing is resampled along that axis.
  EXPECT_EQ(one.source.height, 40);
  EXPECT_GT(one.source.width, 50);
}

TEST(PlaneScaler, DrawsOutTheEdgeOfThePlane) {
  TestPicture source(grey(8), {10, 6}, Placement::kTight), got(grey(8), {30, 20});
  source.fill(0, [](int x, int y) { return 10 * x + y; });
  const PlaneScaler copy({8, ScaleFilter::kBilinear, {30, 20}, {0, 0, 30, 20}, {30, 20}});
  ScaleScratch scratch;
  copy.run(source_plane(source), {-8, -5}, target_plane(got), &scratch);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) {
      const int from_x = std::clamp(x - 8, 0, 9), from_y = std::clamp(y - 5, 0, 5);
      ASSERT_EQ(got.get(0, x, y), source.get(0, from_x, from_y)) << x << "," << y;
    }
  }
}

TEST(PlaneScaler, ReadsAndWritesNothingBesideItsRows) {
  for (const int depth : {8, 10, 32}) {
    for (int width = 1; width < 80; width += 3) {
      for (const Placement placement : kPlacements) {
        TestPicture source(grey(depth), {width, 9}, placement);
        TestPicture got(grey(depth), {width + 5, 7}, placement);
        source.fill(0, [](int, int) { return 1; });
        const Region all{0, 0, double(width), 9};
        const PlaneScaler scaler({depth, ScaleFilter::kBicubic, {width, 9}, all, {width + 5, 7}});
        ScaleScratch scratch;
        scaler.run(source_plane(source), {0, 0}, target_plane(got), &scratch);
        ASSERT_TRUE(got.is_padding_intact()) << width << " placement " << int(placement);
        ASSERT_NEAR(got.get(0, width + 4, 6), 1, 1e-5);
      }
    }
  }
}

TEST(PlaneScaler, StopsReadingAtTheEndOfRowsOfWholeVectors) {
  // Such rows are handed to zimg as they are; which of its kernels runs depends on the processor.
  for (const int depth : {8, 10, 32}) {
    for (const int width : {16, 32, 64, 128}) {
      for (int target = 1; target < 150; target += 7) {
        TestPicture source(grey(depth), {width, 9}, Placement::kTight);
        TestPicture got(grey(depth), {target, 9}, Placement::kTight);
        source.fill(0, [](int, int) { return 1; });
        const Region all{0, 0, double(width), 9};
        const PlaneScaler scaler({depth, ScaleFilter::kSpline36, {width, 9}, all, {target, 9}});
        ScaleScratch scratch;
        scaler.run(source_plane(source), {0, 0}, target_plane(got), &scratch);
        ASSERT_NEAR(got.get(0, target - 1, 8), 1, 1e-5) << width << " to " << target;
      }
    }
  }
}

TEST(Planes, HalfRowsAndColumnsCountAsWhole) {
  const PlaneLayout layout(yuv(1, 1, 10, 1));
  EXPECT_EQ(layout.count, 4);
  EXPECT_EQ(layout.sample_bytes, 2);
  EXPECT_EQ(layout.size(0, {5, 3}).width, 5);
  EXPECT_EQ(layout.size(1, {5, 3}).width, 3);
  EXPECT_EQ(layout.size(2, {5, 3}).height, 2);
  EXPECT_EQ(layout.size(3, {5, 3}).height, 3);  // alpha is as large as luma
  EXPECT_EQ(PlaneLayout(grey(32)).sample_bytes, 4);
  EXPECT_THROW(PlaneLayout(grey(7)), Error);
  EXPECT_THROW(PlaneLayout({9, 8, 0, 0, 0}), Error);
}

TEST(Planes, FieldsAreEverySecondRow) {
  TestPicture picture(grey(8), {4, 5}, Placement::kUpwards);
  picture.fill(0, [](int, int y) { return y; });
  const ConstPlane upper = field_of(source_plane(picture), 0);
  const ConstPlane lower = field_of(source_plane(picture), 1);
  EXPECT_EQ(upper.size.height, 3);
  EXPECT_EQ(lower.size.height, 2);
  EXPECT_EQ(*upper.row(2), 4);
  EXPECT_EQ(*lower.row(1), 3);
}

}  // namespace
}  // namespace smartcrop
