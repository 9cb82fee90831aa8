// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/motion_vectors.h"

#include <gtest/gtest.h>

#include <limits>

#include "error.h"
#include "stage2_evidence/motion/vector_fixture.h"

namespace smartcrop {
namespace {

using vectors::blocks;
using vectors::kPicture;
using vectors::List;
using vectors::side_of;

const vectors::Field kPan = [](float, float) { return vectors::Motion{3, -1}; };

TEST(VectorIntake, PFramesReachBackToTheLastFrameThatIsNoBFrame) {
  VectorIntake intake(kPicture);
  intake.take(side_of({}));
  for (const int expected : {1, 2, 3}) {
    EXPECT_EQ(intake.take(side_of(blocks(kPan, 1), true)).past.frames, expected);
  }
  EXPECT_EQ(intake.take(side_of(blocks(kPan, 4))).past.frames, 4);
  EXPECT_EQ(intake.take(side_of(blocks(kPan, 1))).past.frames, 1);
}

TEST(VectorIntake, LaterFramesAreAsFarAsInTheGroupBefore) {
  VectorIntake intake(kPicture);
  intake.take(side_of({}));
  for (int i = 0; i < 2; ++i) intake.take(side_of(blocks(kPan, 1), true));
  intake.take(side_of(blocks(kPan, 3)));
  EXPECT_EQ(intake.take(side_of(blocks(kPan, -2), true)).future.frames, 2);
  EXPECT_EQ(intake.take(side_of(blocks(kPan, -1), true)).future.frames, 1);
}

TEST(VectorIntake, MotionIsForwardInTimeWhicheverFrameItPointsTo) {
  VectorIntake intake(kPicture);
  List both = blocks(kPan, 1);
  const List later = blocks(kPan, -1);
  both.insert(both.end(), later.begin(), later.end());
  const MotionFields fields = intake.take(side_of(both, true));
  ASSERT_EQ(fields.past.blocks.size(), fields.future.blocks.size());
  EXPECT_EQ(fields.past.blocks[0].dx, 3);
  EXPECT_EQ(fields.future.blocks[0].dx, 3);
  EXPECT_EQ(fields.future.blocks[0].dy, -1);
  EXPECT_EQ(fields.past.blocks[0].x, 8 - 320);
}

TEST(VectorIntake, DistancesThatAreStatedCount) {
  VectorIntake intake(kPicture);
  List list = blocks(kPan, 2);
  for (size_t i = 0; i < list.size(); ++i) {
    list[i].distance = i % 2 == 0 ? 2 : 4;
    if (i % 2 == 1) list[i].dx *= 2;
  }
  const MotionFields fields = intake.take(side_of(list));
  EXPECT_TRUE(fields.past.stated);
  EXPECT_EQ(fields.past.frames, 2);
  EXPECT_EQ(fields.past.blocks[0].dx, 6);
  EXPECT_EQ(fields.past.blocks[1].dx, 6) << "twice as far over twice the distance";
}

TEST(VectorIntake, WhatCannotBeIsLeftOut) {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  constexpr float kEndless = std::numeric_limits<float>::infinity();
  const List wrong = {{-1, 8, 16, 16, 0, 0, -1, 0},     {8, 400, 16, 16, 0, 0, -1, 0},
                      {8, 8, 0, 16, 0, 0, -1, 0},       {8, 8, 16, 1000, 0, 0, -1, 0},
                      {8, 8, 16, 16, 0, 0, 0, 0},       {8, 8, 16, 16, 9999, 0, -1, 0},
                      {kNone, 8, 16, 16, 0, 0, 1, 0},   {8, 8, 16, 16, kNone, 0, -1, 0},
                      {8, 8, 16, 16, 0, kEndless, 1, 0}};
  VectorIntake intake(kPicture);
  EXPECT_TRUE(intake.take(side_of(wrong)).empty());
  List some = blocks(kPan, 1);
  const size_t right = some.size();
  some.insert(some.end(), wrong.begin(), wrong.end());
  EXPECT_EQ(intake.take(side_of(some)).past.blocks.size(), right);
}

TEST(VectorIntake, VectorsOfAPictureThatWasTurnedOrMadeSmallerAreLeftOutWhole) {
  for (const Size picture : {Size{360, 640}, Size{320, 180}, Size{560, 360}}) {
    VectorIntake intake(picture);
    EXPECT_TRUE(intake.take(side_of(blocks(kPan, 1))).empty()) << picture.width;
  }
  VectorIntake intake(Size{634, 354});  // coded in whole blocks, shown without their ends
  EXPECT_FALSE(intake.take(side_of(blocks(kPan, 1))).empty());
}

TEST(VectorIntake, CountsWithoutVectorsAreRefused) {
  SideData side = side_of({});
  EXPECT_NO_THROW(check_motion_vectors(side));
  side.vectors = nullptr;
  for (const int32_t count : {-1, 3, 2000000}) {
    side.vector_count = count;
    try {
      check_motion_vectors(side);
      ADD_FAILURE() << count << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_ARGUMENT);
      EXPECT_NE(std::string(error.what()).find(std::to_string(count)), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace smartcrop
