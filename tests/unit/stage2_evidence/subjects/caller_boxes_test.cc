// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/caller_boxes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

#include "error.h"

namespace smartcrop {
namespace {

constexpr Size kPicture{200, 100};

using Boxes = std::vector<smartcrop_box>;

SideData side_of(const Boxes& boxes) {
  static const smartcrop_box nothing{};
  SideData side;
  side.boxes = boxes.empty() ? &nothing : boxes.data();
  side.box_count = static_cast<int32_t>(boxes.size());
  return side;
}

std::string refusal(smartcrop_box box) {
  const Boxes boxes{{10, 10, 5, 5, 1, 0, 0}, box};
  try {
    check_boxes(side_of(boxes));
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_ARGUMENT);
    return error.what();
  }
  return "";
}

TEST(CallerBoxes, AreClippedAndBecomeSharesOfThePicture) {
  const Boxes boxes{
      {-20, 50, 60, 100, 0, 1, 7}, {100, 0, 50, 25, 2.5, 0, 0}, {300, 0, 5, 5, 1, 0, 0}};
  const std::vector<Subject> regions = regions_of(side_of(boxes), kPicture);
  ASSERT_EQ(regions.size(), 2u) << "what lies outside is left out";
  EXPECT_DOUBLE_EQ(regions[0].box.x, 0);
  EXPECT_DOUBLE_EQ(regions[0].box.width, 0.2);
  EXPECT_DOUBLE_EQ(regions[0].box.y, 0.5);
  EXPECT_DOUBLE_EQ(regions[0].box.height, 0.5);
  EXPECT_EQ(regions[0].weight, 1 / kMapsOfFullWeight) << "0 counts as 1";
  EXPECT_TRUE(regions[0].required);
  EXPECT_EQ(regions[0].kind, SubjectKind::kCaller);
  EXPECT_FLOAT_EQ(regions[1].weight, 2.5f / kMapsOfFullWeight);
  const smartcrop_box back = box_of(regions[1], kPicture);
  EXPECT_DOUBLE_EQ(back.x, 100);
  EXPECT_DOUBLE_EQ(back.width, 50);
  EXPECT_DOUBLE_EQ(back.weight, 2.5);
  EXPECT_EQ(back.kind, SMARTCROP_BOX_CALLER);
}

TEST(CallerBoxes, ThatAreNoneAreRefusedWithTheirNumberAndValue) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal({0, 0, 1, 1, 1, 0, 0}), "");
  EXPECT_NE(refusal({nan, 0, 1, 1, 1, 0, 0}).find("box 1 of the frame has x nan"),
            std::string::npos);
  EXPECT_NE(refusal({0, inf, 1, 1, 1, 0, 0}).find("y inf"), std::string::npos);
  EXPECT_NE(refusal({0, 0, 0, 1, 1, 0, 0}).find("width 0"), std::string::npos);
  EXPECT_NE(refusal({0, 0, 1, -4, 1, 0, 0}).find("height -4"), std::string::npos);
  EXPECT_NE(refusal({0, 0, 1, 1, 101, 0, 0}).find("weight 101"), std::string::npos);
  EXPECT_NE(refusal({0, 0, 1, 1, nan, 0, 0}).find("weight nan"), std::string::npos);
}

TEST(CallerBoxes, ACountWithoutBoxesIsRefused) {
  SideData side;
  check_boxes(side);
  for (const int32_t count : {1, -1, 1001}) {
    side.box_count = count;
    EXPECT_THROW(check_boxes(side), Error) << count;
  }
}

class CallerSource : public ::testing::Test {
 protected:
  // Boxes that are analysed at this frame. analyse: what the beat says.
  size_t see(double time_s, const std::optional<Boxes>& boxes, bool analyse) {
    const SideData side = boxes ? side_of(*boxes) : SideData{};
    Observation observation{frame_++, time_s, nullptr, nullptr, analyse, side};
    wanted_ = source_.wants(observation);
    observation.analyse = analyse || wanted_;
    const std::vector<Subject> subjects = source_.observe(observation).subjects;
    if (!subjects.empty()) x_ = subjects[0].box.x * kPicture.width;
    return subjects.size();
  }
  static Boxes one(double x = 20) { return {{x, 20, 10, 10, 1, 0, 0}}; }

  CallerBoxes source_{kPicture};
  int64_t frame_ = 0;
  bool wanted_ = false;
  double x_ = -1;
};

TEST_F(CallerSource, TheFirstBoxesAfterNoneHaveTheirFrameAnalysed) {
  EXPECT_EQ(see(0, std::nullopt, true), 0u);
  EXPECT_EQ(see(0.04, one(), false), 1u);
  EXPECT_TRUE(wanted_);
  see(0.08, one(), false);
  EXPECT_FALSE(wanted_) << "those that go on wait for the beat";
}

TEST_F(CallerSource, TheNewestOfTheFramesBetweenTwoAnalysedOnesCounts) {
  see(0, one(20), true);
  see(0.04, one(30), false);
  see(0.08, one(40), false);
  EXPECT_EQ(see(0.12, std::nullopt, true), 1u);
  EXPECT_NEAR(x_, 40, 1e-9);
}

TEST_F(CallerSource, BoxesHoldWhereFramesSayNothingButNotForEver) {
  see(0, one(), true);
  EXPECT_EQ(see(CallerBoxes::kHeld_s, std::nullopt, true), 1u);
  EXPECT_EQ(see(CallerBoxes::kHeld_s + 0.1, std::nullopt, true), 0u);
  EXPECT_EQ(see(CallerBoxes::kHeld_s + 0.2, one(), false), 1u) << "and then they are new again";
}

TEST_F(CallerSource, AnEmptyListAndACutEndThem) {
  see(0, one(), true);
  EXPECT_EQ(see(0.1, Boxes(), true), 0u);
  see(0.2, one(), true);
  source_.reset(Reset::kCut);
  EXPECT_EQ(see(0.3, std::nullopt, true), 0u);
}

}  // namespace
}  // namespace smartcrop
