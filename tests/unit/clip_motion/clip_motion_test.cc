// SPDX-License-Identifier: MIT
#include "clip_motion/clip_motion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "stage2_evidence/motion/vector_fixture.h"

namespace smartcrop {
namespace {

using vectors::blocks;
using vectors::kPicture;
using vectors::List;
using vectors::side_of;
using vectors::square;

constexpr Size kGrid = {8, 6};
constexpr Size kCells = {20, 15};  // of 32 x 24 pixels

// A square at (left, top) that moves against a camera.
ClipMotion clip_of(float left, float top, vectors::Motion camera, int frames = 20) {
  ClipMotion motion(kPicture);
  for (int i = 0; i < frames; ++i) {
    const List list = blocks(square(left, top, camera, {camera.dx + 3, camera.dy - 2}), 1);
    motion.add(side_of(list));
  }
  return motion;
}

float sum(const std::vector<float>& density) {
  return std::accumulate(density.begin(), density.end(), 0.0f);
}

// Share within the square and one of its sides around it.
float share_near(const std::vector<float>& density, Size grid, float left, float top) {
  float share = 0;
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x) {
      const float at_x = (static_cast<float>(x) + 0.5f) * 640 / static_cast<float>(grid.width);
      const float at_y = (static_cast<float>(y) + 0.5f) * 360 / static_cast<float>(grid.height);
      const bool near = std::abs(at_x - left - 48) <= 80 && std::abs(at_y - top - 48) <= 80;
      if (near) share += density[static_cast<size_t>(y * grid.width + x)];
    }
  }
  return share;
}

TEST(ClipMotion, IsDenseWhereSomethingMovesAgainstTheCamera) {
  for (const vectors::Motion camera : {vectors::Motion{0, 0}, {6, 1}, {-20, 4}}) {
    const auto density = clip_of(400, 200, camera).density(kCells, 0, 0);
    EXPECT_NEAR(sum(density), 1, 1e-5);
    EXPECT_GT(share_near(density, kCells, 400, 200), 0.95f) << camera.dx;
  }
}

TEST(ClipMotion, AddsUpWhatMovesHereAndThere) {
  ClipMotion motion(kPicture);
  for (int i = 0; i < 40; ++i) {
    const List list = blocks(square(i % 4 == 0 ? 64.0f : 448.0f, 128, {0, 0}, {4, 0}), 1);
    motion.add(side_of(list));
  }
  const auto density = motion.density(kCells, 0, 0);
  EXPECT_NEAR(share_near(density, kCells, 64, 128), 0.25, 0.02);
  EXPECT_NEAR(share_near(density, kCells, 448, 128), 0.75, 0.02);
}

TEST(ClipMotion, OneWildFrameDoesNotDecide) {
  ClipMotion motion(kPicture);
  for (int i = 0; i < 20; ++i) {
    const List list = blocks(square(400, 200, {0, 0}, {2, 0}), 1);
    motion.add(side_of(list));
  }
  const List wild = blocks(square(48, 48, {0, 0}, {300, -150}), 1);
  motion.add(side_of(wild));
  EXPECT_GT(share_near(motion.density(kCells, 0, 0), kCells, 400, 200), 0.9f);
}

TEST(ClipMotion, SamplesAreTheSameForASeedAndNearTheExactShares) {
  const ClipMotion motion = clip_of(400, 200, {2, 0});
  const auto exact = motion.density(kGrid, 0, 0);
  const auto drawn = motion.density(kGrid, 100000, 1);
  EXPECT_EQ(drawn, motion.density(kGrid, 100000, 1));
  EXPECT_NE(drawn, motion.density(kGrid, 100000, 2));
  EXPECT_NEAR(sum(drawn), 1, 1e-5);
  for (size_t i = 0; i < exact.size(); ++i) EXPECT_NEAR(drawn[i], exact[i], 0.01);
}

// What every platform has to draw.
TEST(ClipMotion, DrawsTheseVeryPlaces) {
  const auto density = clip_of(272, 132, {2, 0}).density({20, 1}, 40, 7);
  std::vector<int> counts;
  for (const float share : density) counts.push_back(static_cast<int>(std::lround(40 * share)));
  EXPECT_EQ(counts,
            (std::vector<int>{0, 0, 0, 0, 0, 0, 0, 0, 8, 19, 9, 4, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(ClipMotion, NothingIsKnownWithoutVectorsOrWhereNothingMoves) {
  ClipMotion none(kPicture);
  none.add(side_of({}));
  EXPECT_TRUE(none.density(kGrid, 100, 0).empty());
  EXPECT_EQ(none.frames(), 1);
  EXPECT_EQ(none.vectors(), 0);

  ClipMotion still(kPicture);
  const List list = blocks([](float, float) { return vectors::Motion{0, 0}; }, 1);
  still.add(side_of(list));
  EXPECT_TRUE(still.density(kGrid, 100, 0).empty());
  EXPECT_EQ(still.vectors(), static_cast<int64_t>(list.size()));

  ClipMotion panned(kPicture);
  const List pan = blocks([](float, float) { return vectors::Motion{7, 2}; }, 1);
  for (int i = 0; i < 5; ++i) panned.add(side_of(pan));
  EXPECT_TRUE(panned.density(kGrid, 100, 0).empty());
}

TEST(ClipMotion, WhatCannotBeIsNotCounted) {
  List list = blocks(square(400, 200, {0, 0}, {3, 0}), 1);
  const auto possible = static_cast<int64_t>(list.size());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  list.push_back({nan, 8, 16, 16, 1, 1, -1, 0});
  list.push_back({8, 8, 16, 16, nan, 1, -1, 0});
  list.push_back({8, 8, 0, 16, 1, 1, -1, 0});
  list.push_back({9000, 8, 16, 16, 1, 1, -1, 0});
  list.push_back({8, 8, 16, 16, 1, 1, 0, 0});
  ClipMotion motion(kPicture);
  motion.add(side_of(list));
  EXPECT_EQ(motion.vectors(), possible);
  EXPECT_EQ(motion.last().blocks.size(), static_cast<size_t>(possible));
}

TEST(ClipMotion, EverySizeOfPictureAndGridKeepsTheSum) {
  const unsigned seed = std::random_device()();
  std::mt19937 random(seed);
  for (int run = 0; run < 60; ++run) {
    const Size picture = {1 + static_cast<int>(random() % 5000),
                          1 + static_cast<int>(random() % 5000)};
    ClipMotion motion(picture);
    List list;
    for (int i = 0; i < 200; ++i) {
      const auto any = [&](int most) { return static_cast<float>(random() % (most + 1)); };
      list.push_back({any(picture.width), any(picture.height), 8, 8, any(30) - 15, any(30) - 15,
                      random() % 2 == 0 ? -1 : 1, static_cast<int32_t>(random() % 4)});
    }
    motion.add(side_of(list));
    const Size grid = {1 + static_cast<int>(random() % 64), 1 + static_cast<int>(random() % 64)};
    for (const int samples : {0, 500}) {
      const auto density = motion.density(grid, samples, seed);
      if (density.empty()) continue;
      EXPECT_EQ(density.size(), static_cast<size_t>(grid.width * grid.height));
      EXPECT_NEAR(sum(density), 1, 1e-4) << "seed " << seed << ", run " << run;
      EXPECT_GE(*std::min_element(density.begin(), density.end()), 0);
    }
  }
}

}  // namespace
}  // namespace smartcrop
