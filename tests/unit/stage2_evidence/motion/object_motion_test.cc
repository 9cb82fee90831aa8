// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/object_motion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "stage2_evidence/evidence_scene.h"
#include "stage2_evidence/motion/vector_fixture.h"

namespace smartcrop {
namespace {

using vectors::blocks;
using vectors::kPicture;
using vectors::List;
using vectors::side_of;

std::vector<BlockMotion> taken(const List& list) {
  return VectorIntake(kPicture).take(side_of(list)).past.blocks;
}

TEST(VectorCamera, AffineMotionIsFoundAmongOutliers) {
  // Pan, zoom of 2 % and a slight turn, pixels a frame.
  const auto camera = [](float x, float y) {
    const float u = (x - 320) / 640, v = (y - 180) / 640;
    return vectors::Motion{4 + 12.8f * u - 3 * v, -2 + 3 * u + 12.8f * v};
  };
  List list = blocks(camera, 1);
  const unsigned seed = 5;
  std::mt19937 random(seed);
  for (auto& vector : list) {
    if (random() % 100 >= 30) continue;
    vector.dx = static_cast<float>(random() % 100) - 50;
    vector.dy = static_cast<float>(random() % 100) - 50;
  }
  const VectorCamera found = fit_camera(taken(list), kPicture);
  EXPECT_NEAR(found.x[0], 4, 0.05) << "seed " << seed;
  EXPECT_NEAR(found.y[0], -2, 0.05);
  EXPECT_NEAR(found.x[1], 12.8, 0.3);
  EXPECT_NEAR(found.x[2], -3, 0.3);
  EXPECT_NEAR(found.y[1], 3, 0.3);
  EXPECT_NEAR(found.trust, 0.7, 0.05);
}

TEST(VectorCamera, FewBlocksTellNothingOfTheCamera) {
  List list = blocks([](float, float) { return vectors::Motion{5, 0}; }, 1);
  list.resize(40);  // the first row: the rest is intra
  EXPECT_EQ(fit_camera(taken(list), kPicture).trust, 0);
  EXPECT_EQ(fit_camera(taken(list), kPicture).x[0], 0);
  EXPECT_EQ(fit_camera({}, kPicture).trust, 0);
}

// Speed inside and outside the square of vectors::square, pixels a frame.
struct Speeds {
  double inside = 0, outside = 0;
};

Speeds speeds_of(const ObjectMotion& motion, float left, float top) {
  double sums[2] = {}, counts[2] = {};
  for (const BlockMotion& block : motion.blocks) {
    const float x = block.x + 320, y = block.y + 180;
    const bool inside = x >= left && x < left + 96 && y >= top && y < top + 96;
    sums[inside] += std::hypot(block.dx, block.dy);
    counts[inside] += 1;
  }
  return {sums[1] / counts[1], sums[0] / counts[0]};
}

TEST(ObjectMotion, TheCameraIsTakenOutOfWhatMoves) {
  ObjectMotionFinder finder(kPicture);
  finder.find(side_of({}), nullptr);
  const auto scene = vectors::square(256, 128, {-4, 1}, {2, 1});
  const ObjectMotion motion = finder.find(side_of(blocks(scene, 1)), nullptr);
  const Speeds speeds = speeds_of(motion, 256, 128);
  EXPECT_NEAR(speeds.inside, 6, 0.2);
  EXPECT_EQ(speeds.outside, 0);
  EXPECT_NEAR(motion.camera.x[0], -4, 0.1);
}

TEST(ObjectMotion, IsOfOneFrameWhateverTheDistance) {
  ObjectMotionFinder finder(kPicture);
  finder.find(side_of({}), nullptr);
  for (int i = 0; i < 3; ++i) finder.find(side_of({}, true), nullptr);
  const auto scene = vectors::square(256, 128, {-4, 1}, {2, 1});
  const ObjectMotion motion = finder.find(side_of(blocks(scene, 4)), nullptr);
  EXPECT_NEAR(motion.camera.x[0], -4, 0.1);
  EXPECT_NEAR(speeds_of(motion, 256, 128).inside, 6, 0.2);
}

TEST(ObjectMotion, BlocksOfTheSceneThatPointFurtherBackDoNotMove) {
  ObjectMotionFinder finder(kPicture);
  finder.find(side_of({}), nullptr);
  const auto pan = [](float, float) { return vectors::Motion{-4, 1}; };
  List list = blocks(pan, 1);
  const List further = blocks(pan, 3);
  for (size_t i = 0; i < list.size(); i += 5) list[i] = further[i];
  const ObjectMotion motion = finder.find(side_of(list), nullptr);
  for (const BlockMotion& block : motion.blocks) EXPECT_EQ(std::hypot(block.dx, block.dy), 0);
}

// A small picture of a scene that the camera has passed over.
GreyImage small_picture(double camera, int frame) {
  const double scale = 128.0 / kPicture.width;
  const Size size{128, 72};
  GreyImage image{size, {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double at = 2 * (x - scale * camera * frame);
      image.values.push_back(static_cast<float>(scene::texture(at, 2 * y)));
    }
  }
  return image;
}

TEST(ObjectMotion, PicturesTellToWhichFrameABFramePoints) {
  const auto pan = [](float, float) { return vectors::Motion{-4, 0}; };
  for (const int distance : {1, 2, 3}) {
    ObjectMotionFinder finder(kPicture);
    ObjectMotion motion;
    for (int frame = 0; frame <= 3; ++frame) {
      const GreyImage small = small_picture(-4, frame);
      const List list = frame < 3 ? List() : blocks(pan, distance);
      motion = finder.find(side_of(list, frame > 0), &small);
    }
    EXPECT_NEAR(motion.camera.x[0], -4, 0.1) << "predicted from " << distance << " frames before";
  }
}

TEST(ObjectMotion, FramesWithoutVectorsHaveNone) {
  ObjectMotionFinder finder(kPicture);
  const ObjectMotion motion = finder.find(side_of({}), nullptr);
  EXPECT_TRUE(motion.blocks.empty());
  EXPECT_EQ(motion.camera.trust, 0);
}

TEST(CoherentSpeed, WhatGoesEveryWayCountsLess) {
  const unsigned seed = 9;
  std::mt19937 random(seed);
  const auto scene = [&random](float x, float) {
    const double angle = x < 320 ? 0.5 : static_cast<double>(random() % 628) / 100;
    return vectors::Motion{static_cast<float>(4 * std::cos(angle)),
                           static_cast<float>(4 * std::sin(angle))};
  };
  const Size grid{40, 22};
  const std::vector<float> speed = coherent_speed(gather(taken(blocks(scene, 1)), kPicture, grid));
  double together = 0, apart = 0;
  for (int row = 0; row < grid.height; ++row) {
    for (int column = 0; column < 18; ++column) {
      together += static_cast<double>(speed[static_cast<size_t>(row * grid.width + column)]);
      apart += static_cast<double>(speed[static_cast<size_t>(row * grid.width + 22 + column)]);
    }
  }
  EXPECT_NEAR(together / (18 * grid.height), 4, 0.05) << "seed " << seed;
  EXPECT_LT(apart, 0.5 * together);
}

}  // namespace
}  // namespace smartcrop
