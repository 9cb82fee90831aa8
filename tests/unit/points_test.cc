// SPDX-License-Identifier: MIT
// Runs over the points of a plan: what is decided where no analysis is left, and what is refused.
#include "points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "error.h"
#include "session.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kSize{640, 360};
constexpr int kRate = 25;
constexpr double kNear = 1.5 / 640;  // windows go in steps of two pixels
// A step of a path within max_speed, and of a window on its steps.
const double kFastest = Options().max_speed / kRate + 2 * kNear;

std::optional<int> by(smartcrop_strategy strategy) { return strategy; }

// A shot of 8 s whose target swings to the right and back, then one of 8 s that goes to the right.
std::vector<smartcrop_point> swing_and_go() {
  std::vector<smartcrop_point> points;
  for (int i = 0; i < 400; ++i) {
    const int shot = i / 200;
    const double passed = (i % 200) / 200.0;
    const double x = shot == 0 ? 200 + 400 * std::min(passed, 1 - passed) : 150 + 300 * passed;
    const uint32_t flags = i % 200 == 0 ? SMARTCROP_SHOT_START : 0;
    points.push_back({10 + i / static_cast<double>(kRate), x, 180, 0.8, shot, flags, 0, 0});
  }
  return points;
}

Options whole(const std::string& strategy = "auto") {
  Options options;
  set_option(&options, "whole_shots", "1");
  set_option(&options, "strategy", strategy);
  return options;
}

Session open(const Options& options, std::vector<smartcrop_point> points = swing_and_go()) {
  return {options, stream_of(yuv(1, 1, 8), kSize), std::move(points)};
}

// The centre of each window, as a share of the width.
std::vector<double> centres(Session* session) {
  std::vector<double> found;
  smartcrop_decision at{};
  while (session->receive(&at) == SMARTCROP_OK) {
    EXPECT_EQ(at.frame, static_cast<int64_t>(found.size()));
    EXPECT_EQ(at.pts, SMARTCROP_NO_PTS);
    EXPECT_EQ(at.width, 202);
    found.push_back((at.x + at.width / 2) / kSize.width);
  }
  return found;
}

std::vector<double> centres_by(const std::string& strategy) {
  Session session = open(whole(strategy));
  return centres(&session);
}

double largest_step(const std::vector<double>& path, size_t from, size_t to) {
  double largest = 0;
  for (size_t i = from + 1; i < to; ++i) {
    largest = std::max(largest, std::abs(path[i] - path[i - 1]));
  }
  return largest;
}

TEST(Points, AreFollowedWhereverTheyLieBetweenCells) {
  const std::vector<double> path = centres_by("follow");
  const std::vector<smartcrop_point> points = swing_and_go();
  ASSERT_EQ(path.size(), points.size());
  for (size_t i = 0; i < path.size(); ++i) EXPECT_NEAR(path[i], points[i].x / 640, 0.07) << i;
  EXPECT_GT(path[100], path[0] + 0.2);
  EXPECT_LT(path[199], path[100] - 0.2);
  EXPECT_LT(largest_step(path, 0, 200), 3 * kNear);
}

TEST(Points, TheMiddleOfASpotIsItsPoint) {
  for (double x = 100; x < 540; x += 7) {
    PointScenes scenes(Options(), kSize, {{0, x, 90, 0.5, 0, SMARTCROP_SHOT_START, 0, 0}});
    Scene scene;
    int64_t pts = 0;
    ASSERT_TRUE(scenes.next(&scene, &pts));
    const HeatMap& map = scene.evidence.map;
    EXPECT_EQ(map.confidence, 0.5F);
    double sum = 0, moment = 0;
    for (size_t i = 0; i < map.values.size(); ++i) {
      const double raised = std::pow(map.values[i], 6);
      sum += raised;
      moment += raised * (static_cast<double>(i % 64) + 0.5) / 64;
    }
    EXPECT_NEAR(moment / sum, x / 640, 1e-3);
    EXPECT_FALSE(scenes.next(&scene, &pts));
  }
}

TEST(Points, HoldPanAndFollowDifferAsTheyShould) {
  const std::vector<double> held = centres_by("hold"), panned = centres_by("pan");
  EXPECT_EQ(largest_step(held, 0, 200), 0);
  EXPECT_EQ(largest_step(held, 200, 400), 0);
  for (size_t i = 201; i < 400; ++i) EXPECT_GE(panned[i], panned[i - 1]);
  EXPECT_GT(panned[399], panned[200] + 0.1);
  const std::vector<double> followed = centres_by("follow");
  EXPECT_GT(followed[399], panned[399] + 0.05);
  EXPECT_LT(followed[200], panned[200]);
}

TEST(Points, AHeldShotStandsAtItsPlaceAndTheOthersStay) {
  Session session = open(whole("follow"));
  session.ask(0, std::nullopt, std::optional(0.7), std::nullopt);
  const std::vector<double> path = centres(&session), own = centres_by("follow");
  for (size_t i = 0; i < 200; ++i) EXPECT_NEAR(path[i], 0.7, kNear);
  for (size_t i = 200; i < 400; ++i) EXPECT_EQ(path[i], own[i]);
}

TEST(Points, AFollowMeetsItsKeyFramesWithinItsLimitsAndKeepsItsWayFarFromThem) {
  Session session = open(whole("follow"));
  session.ask(0, KeyFrame{14, 0.75, {}});
  const std::vector<double> path = centres(&session), own = centres_by("follow");
  EXPECT_NEAR(path[100], 0.75, kNear);
  EXPECT_GT(path[100], own[100] + 0.1);
  for (size_t i = 0; i < 25; ++i) EXPECT_NEAR(path[i], own[i], 0.03);
  for (size_t i = 175; i < 400; ++i) EXPECT_NEAR(path[i], own[i], 0.03);
  EXPECT_LT(largest_step(path, 0, 200), kFastest);
}

TEST(Points, AFollowMeetsAKeyFrameAtItsFirstAndItsLastFrame) {
  Session session = open(whole("follow"));
  session.ask(1, KeyFrame{18, 0.6, {}});
  session.ask(1, KeyFrame{18 + 199.0 / kRate, 0.3, {}});
  const std::vector<double> path = centres(&session);
  EXPECT_NEAR(path[200], 0.6, kNear);
  EXPECT_NEAR(path[399], 0.3, kNear);
  EXPECT_LT(largest_step(path, 200, 400), kFastest);
}

TEST(Points, APanGoesThroughItsKeyFramesAndRestsOutsideThem) {
  Session session = open(whole());
  session.ask(0, by(SMARTCROP_PAN), std::nullopt, std::nullopt);
  session.ask(0, KeyFrame{12, 0.7, {}});
  session.ask(0, KeyFrame{15, 0.3, {}});
  const std::vector<double> path = centres(&session);
  for (size_t i = 0; i <= 50; ++i) EXPECT_NEAR(path[i], 0.7, kNear);
  for (size_t i = 51; i < 200; ++i) EXPECT_LE(path[i], path[i - 1]);
  for (size_t i = 125; i < 200; ++i) EXPECT_NEAR(path[i], 0.3, kNear);
  EXPECT_NEAR(path[87], 0.5, 0.02);
}

TEST(Points, OneKeyFrameOfAPanLeavesTheOtherEndToTheCamera) {
  const std::vector<double> own = centres_by("pan");
  Session early = open(whole("pan")), late = open(whole("pan"));
  early.ask(1, KeyFrame{19, 0.2, {}});
  late.ask(1, KeyFrame{25, 0.8, {}});
  const std::vector<double> first = centres(&early), last = centres(&late);
  EXPECT_NEAR(first[225], 0.2, kNear);
  EXPECT_NEAR(first[399], own[399], 0.02);
  EXPECT_NEAR(last[200], own[200], 0.02);
  EXPECT_NEAR(last[375], 0.8, kNear);
  EXPECT_NEAR(last[399], 0.8, kNear);
}

TEST(Points, ShotsThatNoFlagStartsAreGlidedInto) {
  std::vector<smartcrop_point> points = swing_and_go();
  for (smartcrop_point& point : points) point.x = point.shot == 0 ? 150 : 480;
  Session jumps = open(whole(), points);
  EXPECT_GT(largest_step(centres(&jumps), 0, 400), 0.3);
  points[200].flags = 0;
  Session glides = open(whole(), points);
  const std::vector<double> path = centres(&glides);
  EXPECT_LT(largest_step(path, 0, 400), 0.1);
  EXPECT_GT(path[399], path[0] + 0.3);
}

TEST(Points, AreZoomedToAsFarAsTheirWindowsWere) {
  std::vector<smartcrop_point> points = swing_and_go();
  for (smartcrop_point& point : points) {
    if (point.shot == 1) point.width = 101, point.height = 180;
  }
  const auto widths = [&points](const char* zoom) {
    Options options = whole();
    set_option(&options, "zoom", zoom);
    Session session = open(options, points);
    smartcrop_decision at{};
    std::vector<double> found;
    while (session.receive(&at) == SMARTCROP_OK) found.push_back(at.width);
    return found;
  };
  EXPECT_NEAR(widths("8")[100], 202, 1e-6);
  EXPECT_NEAR(widths("8")[300], 101, 1e-6);
  EXPECT_EQ(widths("1")[300], 202);
}

TEST(Points, BeginAgainAfterResetWithTheSameWishes) {
  Session session = open(whole());
  session.ask(0, std::nullopt, std::optional(0.3), std::nullopt);
  const std::vector<double> first = centres(&session);
  session.reset();
  EXPECT_EQ(centres(&session), first);
  session.reset();
  session.ask(0, std::nullopt, std::optional(0.6), std::nullopt);
  EXPECT_NEAR(centres(&session)[10], 0.6, kNear);
}

template <typename Body>
std::string refusal(Body body, smartcrop_status status = SMARTCROP_ERROR_ARGUMENT) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), status);
    return error.what();
  }
  return "";
}

TEST(Points, TakeWishesBeforeTheFirstDecisionAloneAndForShotsThatTheyHave) {
  Session session = open(whole());
  const auto hold = [&session](int32_t shot) {
    return refusal([&] { session.ask(shot, by(SMARTCROP_HOLD), std::nullopt, std::nullopt); });
  };
  EXPECT_EQ(hold(2), "wish for shot 2: no point is in it");
  EXPECT_EQ(hold(1), "");
  smartcrop_decision at{};
  ASSERT_EQ(session.receive(&at), SMARTCROP_OK);
  EXPECT_NE(hold(0).find("after the first decision"), std::string::npos);
}

TEST(Points, RefuseOptionsThatReadOrWriteFiles) {
  Options options = whole();
  options.plan = "a.plan";
  EXPECT_NE(refusal([&] { open(options); }, SMARTCROP_ERROR_OPTION).find("plan=a.plan"),
            std::string::npos);
}

TEST(Points, NamesThePointThatCannotBe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto with_point = [](const smartcrop_point& point) {
    std::vector<smartcrop_point> points = swing_and_go();
    points[7] = point;
    return refusal([&] { open(whole(), points); });
  };
  const double now = 10 + 7.0 / kRate;
  EXPECT_NE(with_point({nan, 1, 1, 0, 0, 0, 0, 0}).find("point 7: its time"), std::string::npos);
  EXPECT_NE(with_point({now, nan, 1, 0, 0, 0, 0, 0}).find("finite"), std::string::npos);
  EXPECT_NE(with_point({now, 1, 1, nan, 0, 0, 0, 0}).find("confidence"), std::string::npos);
  EXPECT_NE(with_point({now, 1, 1, 2, 0, 0, 0, 0}).find("confidence"), std::string::npos);
  EXPECT_NE(with_point({now, 1, 1, 0, -1, 0, -0.0, 0}).find("below 0"), std::string::npos);
  EXPECT_NE(with_point({now, 1, 1, 0, 0, 0, -5, 5}).find("sides of its window"), std::string::npos);
  EXPECT_NE(with_point({9, 1, 1, 0, 0, 0, 0, 0}).find("before that of the point"),
            std::string::npos);
  EXPECT_NE(refusal([&] { open(whole(), {}); }).find("no points"), std::string::npos);
  std::vector<smartcrop_point> back = swing_and_go();
  back[250].shot = 0;
  EXPECT_NE(refusal([&] { open(whole(), back); }).find("point 250: its shot"), std::string::npos);
}

// Whatever the numbers are, each point has a window inside the picture or there is a sentence.
TEST(Points, OfAnyNumbersAreDecidedOrRefused) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 dice(seed);
  const double strange[] = {0,
                            -1,
                            1e300,
                            -1e300,
                            0.5,
                            3,
                            std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN()};
  int decided = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<smartcrop_point> points;
    double time = 0;
    int32_t shot = 0;
    const size_t count = dice() % 40;
    for (size_t i = 0; i < count; ++i) {
      time += dice() % 5 == 0 ? 0 : static_cast<double>(dice() % 1000) / 100;
      shot += dice() % 7 == 0 ? static_cast<int32_t>(dice() % 3) : 0;
      const double x = dice() % 200 == 0 ? strange[dice() % 8] : static_cast<double>(dice() % 900);
      points.push_back({dice() % 300 == 0 ? strange[dice() % 8] : time, x, 100, 0.3, shot,
                        static_cast<uint32_t>(dice() % 2), static_cast<double>(dice() % 300), 100});
    }
    const std::string said = refusal([&] {
      Session session = open(whole(), points);
      if (dice() % 2 == 0) session.ask(0, KeyFrame{strange[dice() % 6], 0.5, {}});
      smartcrop_decision at{};
      size_t windows = 0;
      while (session.receive(&at) == SMARTCROP_OK) {
        ++windows;
        EXPECT_TRUE(at.x >= 0 && at.x + at.width <= kSize.width) << at.x;
      }
      EXPECT_EQ(windows, count);
      ++decided;
    });
    EXPECT_EQ(said.find('\n'), std::string::npos);
  }
  EXPECT_GT(decided, 10);
}

}  // namespace
}  // namespace smartcrop
