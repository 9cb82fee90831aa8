// SPDX-License-Identifier: MIT
#include "stage4_crop/shape.h"

#include <gtest/gtest.h>

#include <string>

#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr double kWindow = 0.31667;  // 9:16 out of 16:9, on whole chroma samples

Geometry vertical() {
  return make_geometry({9.0 / 16, {}, false}, stream_of(yuv(1, 1, 8), {1920, 1080}));
}

Subject box(double x, double width, bool required, SubjectKind kind = SubjectKind::kCaller) {
  return {{x, 0.3, width, 0.4}, 1, required, kind};
}

// A map with nearly everything in a square of this size (a share of each side) about (0.5, 0.5).
Sample spot(double size) {
  HeatMap map{64, 36, std::vector<float>(64 * 36, 0.0F), 0.8F};
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const bool in =
          std::abs((x + 0.5) / 64 - 0.5) < size / 2 && std::abs((y + 0.5) / 36 - 0.5) < size / 2;
      map.values[static_cast<size_t>(y * map.width + x)] = in ? 1.0F : 1e-4F;
    }
  }
  Sample sample;
  sample.length_s = 0.125;
  sample.confidence = map.confidence;
  sample.profile = sample.own_profile = profiles_of(map, 1);
  return sample;
}

std::deque<Sample> samples_with(const std::vector<Subject>& regions) {
  Sample sample = spot(0.2);
  sample.regions = regions;
  return std::deque<Sample>(8, sample);
}

TEST(Shape, IsTheLargestWindowWhereNothingAsksForAnother) {
  const ShotShape shape = choose_shape(samples_with({}), vertical(), Options(), nullptr);
  EXPECT_FALSE(shape.fit);
  EXPECT_NEAR(shape.width, kWindow, 1e-4);
  EXPECT_EQ(shape.height, 1);
}

TEST(Shape, StaysWhereRequiredBoxesFitTogether) {
  const auto samples = samples_with({box(0.4, 0.1, true), box(0.55, 0.1, true)});
  EXPECT_FALSE(choose_shape(samples, vertical(), Options(), nullptr).fit);
}

TEST(Shape, BecomesAsWideAsRequiredBoxesFarApart) {
  const auto samples = samples_with({box(0.1, 0.1, true), box(0.7, 0.1, true)});
  const ShotShape shape = choose_shape(samples, vertical(), Options(), nullptr);
  EXPECT_TRUE(shape.fit);
  EXPECT_GE(shape.width, 0.7);
  EXPECT_LT(shape.width, 0.8) << "no wider than it must be";
  EXPECT_EQ(std::string(shape.why), "the required boxes do not fit into the window");
}

TEST(Shape, DoesNotFitForBoxesThatAreNotRequired) {
  const auto samples = samples_with({box(0.1, 0.1, false), box(0.7, 0.1, false)});
  EXPECT_FALSE(choose_shape(samples, vertical(), Options(), nullptr).fit);
}

TEST(Shape, FitsTextAcrossThePictureButNotALineOfIt) {
  const auto page = samples_with({{{0.1, 0.2, 0.8, 0.5}, 1, false, SubjectKind::kText}});
  EXPECT_TRUE(choose_shape(page, vertical(), Options(), nullptr).fit);
  const auto line = samples_with({{{0.1, 0.9, 0.8, 0.05}, 1, false, SubjectKind::kText}});
  EXPECT_FALSE(choose_shape(line, vertical(), Options(), nullptr).fit);
}

TEST(Shape, OfAShotThatWasFittedOnceStaysAsWide) {
  const auto wide = samples_with({box(0.1, 0.1, true), box(0.7, 0.1, true)});
  const ShotShape before = choose_shape(wide, vertical(), Options(), nullptr);
  const ShotShape after = choose_shape(samples_with({}), vertical(), Options(), &before);
  EXPECT_TRUE(after.fit);
  EXPECT_NEAR(after.width, before.width, 1e-12);
}

TEST(Shape, IsTheWholePictureWhereFitIsAskedFor) {
  Options options;
  set_option(&options, "strategy", "fit");
  const ShotShape shape = choose_shape(samples_with({}), vertical(), options, nullptr);
  EXPECT_TRUE(shape.fit);
  EXPECT_EQ(shape.width, 1);
  EXPECT_EQ(shape.height, 1);
}

TEST(Shape, OfForcedStrategiesIsNeverFitted) {
  for (const char* strategy : {"hold", "pan", "follow"}) {
    Options options;
    set_option(&options, "strategy", strategy);
    const auto samples = samples_with({box(0.1, 0.1, true), box(0.7, 0.1, true)});
    EXPECT_FALSE(choose_shape(samples, vertical(), options, nullptr).fit) << strategy;
  }
}

TEST(Shape, LeavesTheSourcesBordersOut) {
  auto samples = samples_with({});
  for (Sample& sample : samples) sample.content = {0, 0.125, 1, 0.75};
  const ShotShape shape = choose_shape(samples, vertical(), Options(), nullptr);
  EXPECT_FALSE(shape.fit);
  EXPECT_EQ(shape.content.y, 0.125);
  EXPECT_NEAR(shape.height, 0.75, 1e-12);
  EXPECT_NEAR(shape.width, 0.75 * kWindow, 1e-4) << "of the same shape";
}

TEST(Zoom, IsNoneUnlessAskedFor) {
  const ShotShape shape =
      choose_shape(std::deque<Sample>(8, spot(0.05)), vertical(), Options(), nullptr);
  EXPECT_EQ(shape.height, 1);
}

TEST(Zoom, IsMoreForASmallerSubjectWithinItsBounds) {
  Options options;
  set_option(&options, "zoom", "3");
  const auto height_for = [&](double size) {
    return choose_shape(std::deque<Sample>(8, spot(size)), vertical(), options, nullptr).height;
  };
  EXPECT_NEAR(height_for(0.03), 1.0 / 3, 1e-9);
  EXPECT_GT(height_for(0.2), height_for(0.1));
  EXPECT_EQ(height_for(0.9), 1);
}

TEST(Zoom, KeepsTheWindowsShape) {
  Options options;
  set_option(&options, "zoom", "2");
  const ShotShape shape =
      choose_shape(std::deque<Sample>(8, spot(0.03)), vertical(), options, nullptr);
  EXPECT_NEAR(shape.width / shape.height, kWindow, 1e-4);
}

TEST(Zoom, IsChosenOnceAShot) {
  Options options;
  set_option(&options, "zoom", "3");
  const ShotShape before =
      choose_shape(std::deque<Sample>(8, spot(0.9)), vertical(), options, nullptr);
  const ShotShape after =
      choose_shape(std::deque<Sample>(8, spot(0.03)), vertical(), options, &before);
  EXPECT_EQ(after.height, before.height);
}

TEST(Zoom, LeavesRoomAboutABox) {
  Options options;
  set_option(&options, "zoom", "4");
  Sample sample = spot(0.02);
  sample.regions = {{{0.45, 0.4, 0.05, 0.2}, 1, false, SubjectKind::kSubject}};
  const ShotShape shape = choose_shape(std::deque<Sample>(8, sample), vertical(), options, nullptr);
  EXPECT_GT(shape.height, 0.4);
  EXPECT_LT(shape.height, 0.6);
}

}  // namespace
}  // namespace smartcrop
