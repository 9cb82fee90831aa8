// SPDX-License-Identifier: MIT
// Finding the window of a frame in a plan.
#include "plan/plan_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace smartcrop {
namespace {

PlanReader reader(const std::vector<PlanFrame>& frames, int* warnings = nullptr) {
  PlanFile plan;
  plan.path = "test.plan";
  plan.source = {640, 360};
  plan.output = {202, 360};
  plan.frames = frames;
  const auto count = [](void* cookie, int, const char*) { ++*static_cast<int*>(cookie); };
  return PlanReader(plan, warnings == nullptr ? Log() : Log(count, warnings));
}

// Frames at 25 fps from start_s on; the window of the n-th is at x = n.
std::vector<PlanFrame> steady(int count, double start_s = 0) {
  std::vector<PlanFrame> frames;
  for (int i = 0; i < count; ++i) {
    frames.push_back({start_s + i * 0.04, {static_cast<double>(i), 0, 202, 360}, 0.5, 0});
  }
  return frames;
}

TEST(PlanReader, MatchesFramesByOrderWhileTheirTimesAgree) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(plan.at(i, 0.04 * i, &start).window.x, i);
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, MatchesFramesByOrderWhereTheVideosStartDiffersOrTimesAreRounded) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100, 7.5), &warnings);
  for (int i = 0; i < 100; ++i) {
    const double rounded = std::round(i * 40.0 + (i % 2 == 0 ? 0.4 : -0.4)) / 1000;
    EXPECT_EQ(plan.at(i, rounded, &start).window.x, i);
  }
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, MatchesByTimeFromADroppedFrameOn) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 50; ++i) plan.at(i, 0.04 * i, &start);
  for (int i = 50; i < 90; ++i) {  // three frames were dropped
    EXPECT_EQ(plan.at(i, 0.04 * (i + 3), &start).window.x, i + 3);
  }
  plan.end(90);
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, MatchesAPartOfAVideoByItsOwnTimes) {
  for (const double start_s : {0.0, 3.5}) {
    int warnings = 0;
    bool start;
    PlanReader plan = reader(steady(100, start_s), &warnings);
    for (int i = 0; i < 40; ++i) {
      EXPECT_EQ(plan.at(i, start_s + 0.04 * (i + 50), &start).window.x, i + 50);
    }
    plan.end(40);
    EXPECT_EQ(warnings, 0);
  }
}

TEST(PlanReader, MatchesAPartOfAVideoWhoseStartWasSubtracted) {
  int warnings = 0;
  bool start;
  PlanFile file = reader(steady(100, 1.4)).plan();
  file.start_s = 1.4;
  const auto count = [](void* cookie, int, const char*) { ++*static_cast<int*>(cookie); };
  PlanReader plan(file, Log(count, &warnings));
  for (int i = 0; i < 40; ++i) EXPECT_EQ(plan.at(i, 0.04 * (i + 50), &start).window.x, i + 50);
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, MatchesAnotherFrameRateByTime) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 20; ++i) {
    EXPECT_NEAR(plan.at(i, 0.2 * i, &start).window.x, 5 * i, 1e-9) << i;
  }
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, SaysOnceThatAVideoGoesOnAfterItsPlan) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 112; ++i) plan.at(i, 0.04 * i, &start);
  EXPECT_EQ(warnings, 0);  // a few frames more are within a container's ways
  for (int i = 112; i < 200; ++i) plan.at(i, 0.04 * i, &start);
  plan.end(200);
  EXPECT_EQ(warnings, 1);
}

TEST(PlanReader, SaysThatAVideoWithTheSameBeginningHasFewerFrames) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 60; ++i) plan.at(i, 0.04 * i, &start);
  EXPECT_EQ(warnings, 0);
  plan.end(60);
  EXPECT_EQ(warnings, 1);
}

TEST(PlanReader, TakesTheWindowNearestInTime) {
  bool start;
  PlanReader plan = reader(steady(100));
  plan.at(0, 0, &start);
  EXPECT_EQ(plan.at(1, 0.04 * 20 + 0.015, &start).window.x, 20);
  EXPECT_EQ(plan.at(2, 0.04 * 20 + 0.025, &start).window.x, 21);
}

TEST(PlanReader, RestsAtTheLastWindowPastTheEndOfThePlan) {
  bool start;
  PlanReader plan = reader(steady(10));
  for (int i = 0; i < 10; ++i) plan.at(i, 0.04 * i, &start);
  for (int i = 10; i < 20; ++i) EXPECT_EQ(plan.at(i, 0.04 * i, &start).window.x, 9);
}

TEST(PlanReader, MarksTheFirstFrameOfEachShotAndOnlyThat) {
  std::vector<PlanFrame> frames = steady(6);
  frames[3].shot = frames[4].shot = frames[5].shot = 1;
  PlanReader plan = reader(frames);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 6; ++i) {
      bool start = false;
      plan.at(i, 0.04 * i, &start);
      EXPECT_EQ(start, i == 0 || i == 3) << i;
    }
    plan.reset();
  }
}

TEST(PlanReader, MatchesByOrderAgainAfterAReset) {
  bool start;
  PlanReader plan = reader(steady(100));
  plan.at(0, 0, &start);
  plan.at(1, 3.0, &start);
  plan.reset();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(plan.at(i, 100 + 0.04 * i, &start).window.x, i);
}

TEST(PlanReader, AnswersWithSomeRowWhereThePlansTimesRunBackwards) {
  std::vector<PlanFrame> frames = steady(20);
  for (size_t i = 10; i < 20; ++i) frames[i].time_s -= 5;
  bool start;
  PlanReader plan = reader(frames);
  for (int i = 0; i < 40; ++i) {
    const double x = plan.at(i, 0.04 * i, &start).window.x;
    EXPECT_GE(x, 0);
    EXPECT_LT(x, 20);
  }
}

TEST(PlanReader, HoldsInAShotThatHasNoRow) {
  PlanFile plan;
  plan.frames = steady(1);
  plan.shots = {{0, SMARTCROP_FOLLOW}, {1, SMARTCROP_PAN}};
  const PlanReader plan_reader(plan, Log());
  EXPECT_EQ(plan_reader.strategy_of(0), SMARTCROP_FOLLOW);
  EXPECT_EQ(plan_reader.strategy_of(1), SMARTCROP_PAN);
  EXPECT_EQ(plan_reader.strategy_of(7), SMARTCROP_HOLD);
}

}  // namespace
}  // namespace smartcrop
