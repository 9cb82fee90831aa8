// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/box_tracker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace smartcrop {
namespace {

constexpr double kLook_s = 0.25;

Subject at(double x, double y, double side = 0.1, float score = 0.8f) {
  Subject found;
  found.box = {x, y, side, side};
  found.score = score;
  return found;
}

TEST(BoxTracker, TheFirstLookIsBelievedAtOnce) {
  BoxTracker tracker;
  tracker.look({at(0.3, 0.3)}, 7);
  ASSERT_EQ(tracker.boxes(7).size(), 1u);
  EXPECT_DOUBLE_EQ(tracker.boxes(7)[0].box.x, 0.3);
  EXPECT_EQ(tracker.boxes(7.1).size(), 1u) << "held between looks";
}

TEST(BoxTracker, AFlickerOfOneLookIsNeverShown) {
  BoxTracker tracker;
  tracker.look({at(0.3, 0.3)}, 0);
  for (int i = 1; i <= 8; ++i) {
    std::vector<Subject> found{at(0.3, 0.3)};
    if (i == 4) found.push_back(at(0.7, 0.6));
    tracker.look(found, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 1u) << i;
  }
}

TEST(BoxTracker, ANewBoxIsShownFromItsSecondLookOn) {
  BoxTracker tracker;
  tracker.look({}, 0);
  tracker.look({at(0.5, 0.5)}, kLook_s);
  EXPECT_TRUE(tracker.boxes(kLook_s).empty());
  tracker.look({at(0.5, 0.5)}, 2 * kLook_s);
  EXPECT_EQ(tracker.boxes(2 * kLook_s).size(), 1u);
}

TEST(BoxTracker, ABoxThatIsMissedIsKeptForAWhileAndThenDropped) {
  BoxTracker tracker;
  tracker.look({at(0.3, 0.3)}, 0);
  for (int i = 1; i <= 3; ++i) {
    tracker.look({}, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 1u) << i;
  }
  tracker.look({}, 4 * kLook_s);
  EXPECT_TRUE(tracker.boxes(4 * kLook_s).empty());
}

TEST(BoxTracker, BoxesAreDroppedInTimeEvenWithoutALook) {
  BoxTracker tracker;
  tracker.look({at(0.3, 0.3)}, 0);
  EXPECT_EQ(tracker.boxes(kUnseen_s).size(), 1u);
  EXPECT_TRUE(tracker.boxes(kUnseen_s + 0.01).empty());
}

TEST(BoxTracker, NoiseOfTheDetectorIsHalvedOrSo) {
  const unsigned seed = 5;
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.01);
  BoxTracker tracker;
  double found_size = 0, shown_size = 0, found_place = 0, shown_place = 0;
  for (int i = 0; i < 400; ++i) {
    Subject detection = at(0.4 + noise(random), 0.4, 0.2 + noise(random));
    tracker.look({detection}, i * kLook_s);
    const std::vector<Subject> boxes = tracker.boxes(i * kLook_s);
    ASSERT_EQ(boxes.size(), 1u) << "seed " << seed;
    if (i < 20) continue;
    found_size += std::pow(detection.box.width - 0.2, 2);
    shown_size += std::pow(boxes[0].box.width - 0.2, 2);
    found_place += std::pow(detection.box.x + detection.box.width / 2 - 0.5, 2);
    shown_place += std::pow(boxes[0].box.x + boxes[0].box.width / 2 - 0.5, 2);
  }
  EXPECT_LT(shown_size, 0.4 * found_size) << "seed " << seed;
  EXPECT_LT(shown_place, 0.9 * found_place) << "seed " << seed;
}

TEST(BoxTracker, AMovingBoxIsWhereTheSubjectIsBetweenLooksToo) {
  BoxTracker tracker;
  const double speed = 0.2;  // of the picture per second
  for (int i = 0; i <= 12; ++i) tracker.look({at(0.05 + speed * i * kLook_s, 0.4)}, i * kLook_s);
  for (const double later : {0.0, 0.1, 0.2}) {
    const double time_s = 12 * kLook_s + later;
    ASSERT_EQ(tracker.boxes(time_s).size(), 1u);
    EXPECT_NEAR(tracker.boxes(time_s)[0].box.x, 0.05 + speed * time_s, 0.005) << later;
  }
}

TEST(BoxTracker, TwoThatPassEachOtherStayTwo) {
  BoxTracker tracker;
  for (int i = 0; i <= 20; ++i) {
    const double way = 0.04 * i;
    tracker.look({at(0.05 + way, 0.3), at(0.85 - way, 0.34)}, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 2u) << i;
  }
}

TEST(BoxTracker, TwoThatPassEachOtherKeepTheirIdsAndTellTheirSpeeds) {
  BoxTracker tracker;
  std::vector<int64_t> ids;
  for (int i = 0; i <= 20; ++i) {
    const double way = 0.04 * i;
    Subject right = at(0.05 + way, 0.2), left = at(0.85 - way, 0.6);
    right.label = 1;
    left.label = 2;
    // In turns, for a network has no order.
    tracker.look(i % 2 == 0 ? std::vector<Subject>{right, left} : std::vector<Subject>{left, right},
                 i * kLook_s);
    const std::vector<Subject> boxes = tracker.boxes(i * kLook_s);
    ASSERT_EQ(boxes.size(), 2u) << i;
    if (i == 0) ids = {boxes[0].id, boxes[1].id};
    EXPECT_EQ(boxes[0].id, ids[0]);
    EXPECT_EQ(boxes[1].id, ids[1]);
    EXPECT_EQ(boxes[0].label, 1);
    EXPECT_EQ(boxes[1].label, 2);
    if (i < 10) continue;
    EXPECT_NEAR(boxes[0].speed.x, 0.04 / kLook_s, 0.01);
    EXPECT_NEAR(boxes[1].speed.x, -0.04 / kLook_s, 0.01);
    EXPECT_NEAR(boxes[0].speed.y, 0, 0.01);
  }
  EXPECT_NE(ids[0], ids[1]);
}

TEST(BoxTracker, AnIdOutlivesAMissAndNeverComesAgainInAnotherShot) {
  BoxTracker tracker;
  tracker.look({at(0.3, 0.3)}, 0);
  const int64_t id = tracker.boxes(0).at(0).id;
  tracker.look({}, kLook_s);
  tracker.look({at(0.3, 0.3)}, 2 * kLook_s);
  EXPECT_EQ(tracker.boxes(2 * kLook_s).at(0).id, id);
  tracker.reset(Reset::kCut);
  tracker.look({at(0.3, 0.3)}, 3 * kLook_s);
  EXPECT_NE(tracker.boxes(3 * kLook_s).at(0).id, id);
  tracker.reset(Reset::kSeek);
  tracker.look({at(0.3, 0.3)}, 0);
  EXPECT_EQ(tracker.boxes(0).at(0).id, id) << "the same frames again, the same ids";
}

TEST(BoxTracker, AFastSmallBallIsOneTrackThoughItsBoxesNeverOverlap) {
  BoxTracker tracker;
  for (int i = 0; i < 10; ++i) {
    tracker.look({at(0.1 + 0.04 * i, 0.5, 0.035)}, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 1u) << i;
  }
}

TEST(BoxTracker, BoxesStayInsideThePicture) {
  BoxTracker tracker;
  for (int i = 0; i < 6; ++i) tracker.look({at(0.6 + 0.06 * i, 0.5)}, i * kLook_s);
  for (int i = 0; i < 8; ++i) {
    for (const Subject& each : tracker.boxes(5 * kLook_s + 0.1 * i)) {
      EXPECT_LE(each.box.x + each.box.width, 1 + 1e-12);
      EXPECT_GT(each.box.width, 0);
    }
  }
}

TEST(BoxTracker, ResetForgetsAndBelievesTheNextLookAtOnce) {
  BoxTracker tracker;
  tracker.look({at(0.3, 0.3)}, 0);
  tracker.reset(Reset::kCut);
  EXPECT_TRUE(tracker.boxes(0).empty());
  tracker.look({at(0.7, 0.3)}, 0.1);
  ASSERT_EQ(tracker.boxes(0.1).size(), 1u);
  EXPECT_DOUBLE_EQ(tracker.boxes(0.1)[0].box.x, 0.7);
}

}  // namespace
}  // namespace smartcrop
