// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/box_tracker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "stage2_evidence/subjects/following.h"

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
  BoxTracker tracker({});
  tracker.look({at(0.3, 0.3)}, 7);
  ASSERT_EQ(tracker.boxes(7).size(), 1u);
  EXPECT_DOUBLE_EQ(tracker.boxes(7)[0].box.x, 0.3);
  EXPECT_EQ(tracker.boxes(7.1).size(), 1u) << "held between looks";
}

TEST(BoxTracker, AFlickerOfOneLookIsNeverShown) {
  BoxTracker tracker({});
  tracker.look({at(0.3, 0.3)}, 0);
  for (int i = 1; i <= 8; ++i) {
    std::vector<Subject> found{at(0.3, 0.3)};
    if (i == 4) found.push_back(at(0.7, 0.6));
    tracker.look(found, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 1u) << i;
  }
}

TEST(BoxTracker, ANewBoxIsShownFromItsSecondLookOn) {
  BoxTracker tracker({});
  tracker.look({}, 0);
  tracker.look({at(0.5, 0.5)}, kLook_s);
  EXPECT_TRUE(tracker.boxes(kLook_s).empty());
  tracker.look({at(0.5, 0.5)}, 2 * kLook_s);
  EXPECT_EQ(tracker.boxes(2 * kLook_s).size(), 1u);
}

TEST(BoxTracker, ABoxThatIsMissedIsKeptForAWhileAndThenDropped) {
  BoxTracker tracker({});
  tracker.look({at(0.3, 0.3)}, 0);
  for (int i = 1; i <= 3; ++i) {
    tracker.look({}, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 1u) << i;
  }
  tracker.look({}, 4 * kLook_s);
  EXPECT_TRUE(tracker.boxes(4 * kLook_s).empty());
}

TEST(BoxTracker, BoxesAreDroppedInTimeEvenWithoutALook) {
  BoxTracker tracker({});
  tracker.look({at(0.3, 0.3)}, 0);
  EXPECT_EQ(tracker.boxes(kUnseen_s).size(), 1u);
  EXPECT_TRUE(tracker.boxes(kUnseen_s + 0.01).empty());
}

TEST(BoxTracker, NoiseOfTheDetectorIsHalvedOrSo) {
  const unsigned seed = 5;
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.01);
  BoxTracker tracker({});
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
  BoxTracker tracker({});
  const double speed = 0.2;  // of the picture per second
  for (int i = 0; i <= 12; ++i) tracker.look({at(0.05 + speed * i * kLook_s, 0.4)}, i * kLook_s);
  for (const double later : {0.0, 0.1, 0.2}) {
    const double time_s = 12 * kLook_s + later;
    ASSERT_EQ(tracker.boxes(time_s).size(), 1u);
    EXPECT_NEAR(tracker.boxes(time_s)[0].box.x, 0.05 + speed * time_s, 0.005) << later;
  }
}

TEST(BoxTracker, TwoThatPassEachOtherStayTwo) {
  BoxTracker tracker({});
  for (int i = 0; i <= 20; ++i) {
    const double way = 0.04 * i;
    tracker.look({at(0.05 + way, 0.3), at(0.85 - way, 0.34)}, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 2u) << i;
  }
}

TEST(BoxTracker, TwoThatPassEachOtherKeepTheirIdsAndTellTheirSpeeds) {
  BoxTracker tracker({});
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
  BoxTracker tracker({});
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
  BoxTracker tracker({});
  for (int i = 0; i < 10; ++i) {
    tracker.look({at(0.1 + 0.04 * i, 0.5, 0.035)}, i * kLook_s);
    EXPECT_EQ(tracker.boxes(i * kLook_s).size(), 1u) << i;
  }
}

TEST(BoxTracker, BoxesStayInsideThePicture) {
  BoxTracker tracker({});
  for (int i = 0; i < 6; ++i) tracker.look({at(0.6 + 0.06 * i, 0.5)}, i * kLook_s);
  for (int i = 0; i < 8; ++i) {
    for (const Subject& each : tracker.boxes(5 * kLook_s + 0.1 * i)) {
      EXPECT_LE(each.box.x + each.box.width, 1 + 1e-12);
      EXPECT_GT(each.box.width, 0);
    }
  }
}

TEST(BoxTracker, ResetForgetsAndBelievesTheNextLookAtOnce) {
  BoxTracker tracker({});
  tracker.look({at(0.3, 0.3)}, 0);
  tracker.reset(Reset::kCut);
  EXPECT_TRUE(tracker.boxes(0).empty());
  tracker.look({at(0.7, 0.3)}, 0.1);
  ASSERT_EQ(tracker.boxes(0.1).size(), 1u);
  EXPECT_DOUBLE_EQ(tracker.boxes(0.1)[0].box.x, 0.7);
}

// ---- whose box is whose

// The id of the box that holds a place, -1 where there is none.
int64_t id_at(const BoxTracker& tracker, double time_s, double x, double y) {
  for (const Subject& each : tracker.boxes(time_s)) {
    const Box& box = each.box;
    const bool across = x >= box.x && x <= box.x + box.width;
    if (across && y >= box.y && y <= box.y + box.height) return each.id;
  }
  return -1;
}

// Looks at one box whose score is low for longer than a track is kept. The id before and after.
std::pair<int64_t, int64_t> ids_round_a_dip(float score) {
  BoxTracker tracker({});
  const int dip = static_cast<int>(following::kBuffer_s / kLook_s) + 4;
  int i = 0;
  for (; i < 4; ++i) tracker.look({at(0.3, 0.3)}, i * kLook_s);
  const int64_t before = id_at(tracker, 3 * kLook_s, 0.35, 0.35);
  for (; i < 4 + dip; ++i) {
    std::vector<Subject> found;
    if (score >= 0) found.push_back(at(0.3, 0.3, 0.1, score));
    tracker.look(found, i * kLook_s);
  }
  for (; i < 8 + dip; ++i) tracker.look({at(0.3, 0.3)}, i * kLook_s);
  return {before, id_at(tracker, (i - 1) * kLook_s, 0.35, 0.35)};
}

TEST(BoxTracker, TheSecondRoundKeepsAnIdThroughADipInScore) {
  const auto [before, after] = ids_round_a_dip(0.2F);
  EXPECT_GE(before, 0);
  EXPECT_EQ(after, before);
  const auto [seen, again] = ids_round_a_dip(-1);
  EXPECT_GE(again, 0);
  EXPECT_NE(again, seen) << "where nothing is handed over in the dip";
}

TEST(BoxTracker, AWeakBoxNeitherBeginsATrackNorConfirmsOne) {
  BoxTracker tracker({});
  for (int i = 0; i < 6; ++i) tracker.look({at(0.3, 0.3, 0.1, 0.3F)}, i * kLook_s);
  EXPECT_TRUE(tracker.boxes(5 * kLook_s).empty());
  tracker.look({at(0.3, 0.3)}, 6 * kLook_s);
  tracker.look({at(0.3, 0.3, 0.1, 0.3F)}, 7 * kLook_s);
  EXPECT_TRUE(tracker.boxes(7 * kLook_s).empty());
  tracker.look({at(0.3, 0.3)}, 8 * kLook_s);
  EXPECT_EQ(tracker.boxes(8 * kLook_s).size(), 1U);
}

TEST(BoxTracker, AStrongBoxIsTakenBeforeAWeakOneThatFitsBetter) {
  BoxTracker tracker({});
  tracker.look({at(0.3, 0.3)}, 0);
  tracker.look({at(0.3, 0.3, 0.1, 0.3F), at(0.33, 0.3)}, kLook_s);
  const std::vector<Subject> boxes = tracker.boxes(kLook_s);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_GT(boxes[0].box.x, 0.31);
}

// One walks to the right, one to the left, at two heights that overlap; while they meet, only the
// nearer one is found.
TEST(BoxTracker, ACrossingKeepsIds) {
  BoxTracker tracker({});
  const double step = 0.02;
  int64_t right = -1, left = -1;
  for (int i = 0; i <= 30; ++i) {
    const double x_right = 0.1 + step * i, x_left = 0.7 - step * i;
    std::vector<Subject> found{at(x_right, 0.4)};
    if (std::abs(x_right - x_left) > 0.07) found.insert(found.begin(), at(x_left, 0.42));
    tracker.look(found, i * kLook_s);
    if (i == 3) {
      right = id_at(tracker, i * kLook_s, x_right + 0.05, 0.47);
      left = id_at(tracker, i * kLook_s, x_left + 0.05, 0.47);
    }
  }
  ASSERT_GE(right, 0);
  ASSERT_GE(left, 0);
  EXPECT_NE(right, left);
  EXPECT_EQ(id_at(tracker, 30 * kLook_s, 0.1 + step * 30 + 0.05, 0.47), right);
  EXPECT_EQ(id_at(tracker, 30 * kLook_s, 0.7 - step * 30 + 0.05, 0.47), left);
}

// Five in a row, a place apart; then the camera pans by one place from look to look.
std::vector<int64_t> ids_in_a_pan(float trust) {
  constexpr double kPlace = 0.14;
  BoxTracker tracker({});
  std::vector<int64_t> ids;
  for (int i = 0; i < 6; ++i) {
    const int panned = std::max(0, i - 3);
    CameraStep step;
    step.motion.x = i > 3 ? static_cast<float>(-kPlace) : 0;
    step.motion.trust = trust;
    step.seconds = kLook_s;
    if (i > 0) tracker.move_with(step);
    std::vector<Subject> found;
    for (int k = 0; k < 5; ++k) found.push_back(at(0.3 + kPlace * (k - panned), 0.4));
    tracker.look(found, i * kLook_s);
    ids.push_back(id_at(tracker, i * kLook_s, 0.3 + kPlace * (2 - panned) + 0.05, 0.45));
  }
  EXPECT_GE(ids.front(), 0);
  return ids;
}

TEST(BoxTracker, APanOfTheCameraKeepsIds) {
  const std::vector<int64_t> known = ids_in_a_pan(1), unknown = ids_in_a_pan(0.1F);
  EXPECT_EQ(known.back(), known.front());
  EXPECT_NE(unknown.back(), unknown.front()) << "a camera that is not trusted moves nothing";
  EXPECT_EQ(unknown[3], unknown.front()) << "until it pans, it is of no matter";
}

TEST(BoxTracker, WhatACameraFollowsKeepsItsPlaceWhateverTheCameraSays) {
  BoxTracker tracker({});
  CameraStep step;
  step.motion.trust = 1;
  step.seconds = kLook_s;
  for (int i = 0; i < 12; ++i) {
    // It keeps its place, while the ground runs by in jerks.
    step.motion.x = i % 2 == 0 ? -0.02F : -0.1F;
    tracker.move_with(step);
    tracker.look({at(0.45, 0.4)}, i * kLook_s);
    ASSERT_EQ(tracker.boxes(i * kLook_s).size(), 1U);
    EXPECT_EQ(tracker.boxes(i * kLook_s)[0].id, 0);
    if (i < 4) continue;
    EXPECT_NEAR(tracker.boxes(i * kLook_s)[0].box.x, 0.45, 0.005);
  }
}

TEST(BoxTracker, TheSpeedThatIsToldIsThatInThePictureAlsoInAPan) {
  BoxTracker tracker({});
  CameraStep step;
  step.motion.x = -0.03F;
  step.motion.trust = 1;
  step.seconds = kLook_s;
  for (int i = 0; i < 8; ++i) {
    if (i > 0) tracker.move_with(step);
    tracker.look({at(0.7 - 0.03 * i, 0.4)}, i * kLook_s);
  }
  const std::vector<Subject> boxes = tracker.boxes(7 * kLook_s);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_NEAR(boxes[0].speed.x, -0.03 / kLook_s, 0.01);
  EXPECT_NEAR(boxes[0].speed.y, 0, 0.01);
}

constexpr int kFaceLabel = 0, kPersonLabel = 1, kThingLabel = 2;

Subject of(int label, double x, double y, double side = 0.1, float score = 0.8F) {
  Subject found = at(x, y, side, score);
  found.label = label;
  found.kind = label == kFaceLabel ? SubjectKind::kFace : SubjectKind::kSubject;
  return found;
}

TEST(BoxTracker, AFaceNeverTakesTheIdOfAPersonNorAPersonThatOfAFace) {
  for (const int first : {kFaceLabel, kPersonLabel}) {
    const int second = first == kFaceLabel ? kPersonLabel : kFaceLabel;
    for (const float score : {0.8F, 0.3F}) {  // a weak box keeps no id of the other either
      BoxTracker tracker({});
      for (int i = 0; i < 4; ++i) tracker.look({of(first, 0.3, 0.3)}, i * kLook_s);
      const int64_t id = tracker.boxes(3 * kLook_s).at(0).id;
      for (int i = 4; i < 8; ++i) tracker.look({of(second, 0.3, 0.3, 0.1, score)}, i * kLook_s);
      const std::vector<Subject> boxes = tracker.boxes(7 * kLook_s);
      EXPECT_EQ(boxes.size(), score > 0.5F ? 1U : 0U);
      for (const Subject& each : boxes) {
        EXPECT_EQ(each.label, second);
        EXPECT_EQ(each.kind == SubjectKind::kFace, second == kFaceLabel);
        EXPECT_NE(each.id, id);
      }
    }
  }
}

// The face's box is where the person was expected, and the person's where the face was.
TEST(BoxTracker, AFaceAndItsPersonKeepTheirIdsInACloseUp) {
  BoxTracker tracker({});
  std::vector<int64_t> ids;
  for (int i = 0; i < 8; ++i) {
    const bool near = i >= 4;
    tracker.look({of(kFaceLabel, 0.3, near ? 0.2 : 0.3, near ? 0.3 : 0.25),
                  of(kPersonLabel, 0.3, near ? 0.3 : 0.2, near ? 0.25 : 0.3)},
                 i * kLook_s);
    const std::vector<Subject> boxes = tracker.boxes(i * kLook_s);
    ASSERT_EQ(boxes.size(), 2U);
    if (i == 0) ids = {boxes[0].id, boxes[1].id};
    EXPECT_EQ(boxes[0].id, ids[0]);
    EXPECT_EQ(boxes[0].kind, SubjectKind::kFace);
    EXPECT_EQ(boxes[1].id, ids[1]);
    EXPECT_EQ(boxes[1].kind, SubjectKind::kSubject);
  }
}

TEST(BoxTracker, ADoubtAboutTheClassChangesNoIdAndTheClassThatIsSeenMostIsTold) {
  BoxTracker tracker({});
  for (int i = 0; i < 12; ++i) {
    tracker.look({of(i % 3 == 2 ? kThingLabel : kPersonLabel, 0.3, 0.3)}, i * kLook_s);
    const std::vector<Subject> boxes = tracker.boxes(i * kLook_s);
    ASSERT_EQ(boxes.size(), 1U) << i;
    EXPECT_EQ(boxes[0].id, 0);
    EXPECT_EQ(boxes[0].label, kPersonLabel) << i;
  }
  for (int i = 12; i < 16; ++i) tracker.look({of(kThingLabel, 0.3, 0.3)}, i * kLook_s);
  EXPECT_EQ(tracker.boxes(15 * kLook_s).at(0).id, 0);
  EXPECT_EQ(tracker.boxes(15 * kLook_s).at(0).label, kThingLabel) << "it was a thing after all";
}

TEST(BoxTracker, AnIdIsKeptForTheBufferAndNotLonger) {
  for (const bool longer : {false, true}) {
    BoxTracker tracker({});
    for (int i = 0; i < 4; ++i) tracker.look({at(0.3, 0.3)}, i * kLook_s);
    const double seen_s = 3 * kLook_s;
    const int64_t id = tracker.boxes(seen_s).at(0).id;
    const double again_s = seen_s + following::kBuffer_s + (longer ? 0.05 : -0.05);
    EXPECT_TRUE(tracker.boxes(again_s - kLook_s).empty()) << "kept, but no longer shown";
    tracker.look({at(0.3, 0.3)}, again_s);
    tracker.look({at(0.3, 0.3)}, again_s + kLook_s);
    const std::vector<Subject> boxes = tracker.boxes(again_s + kLook_s);
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_EQ(boxes[0].id == id, !longer);
  }
}

}  // namespace
}  // namespace smartcrop
