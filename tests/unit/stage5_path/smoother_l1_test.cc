// SPDX-License-Identifier: MIT
// The smoother l1, live and over a whole shot.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stage5_path/path.h"
#include "stage5_path/path_fixture.h"

namespace smartcrop {
namespace {

struct Motion {
  double speed = 0, accel = 0;  // the highest of each
};

// Of the mean speeds between frames: their change belongs to the time between the middles.
Motion motion_of(const std::vector<double>& times, const std::vector<double>& centres) {
  Motion motion;
  double speed = 0, before = 0;
  for (size_t i = 1; i < centres.size(); ++i) {
    const double elapsed = times[i] - times[i - 1];
    if (elapsed <= 0) {
      EXPECT_EQ(centres[i], centres[i - 1]) << "moved in no time";
      continue;
    }
    const double now = (centres[i] - centres[i - 1]) / elapsed;
    motion.speed = std::max(motion.speed, std::abs(now));
    if (i > 1) {
      motion.accel = std::max(motion.accel, std::abs(now - speed) / ((elapsed + before) / 2));
    }
    speed = now;
    before = elapsed;
  }
  return motion;
}

// Targets that rest for a while and jump.
std::function<double(double)> random_places(std::mt19937* random) {
  std::uniform_real_distribution<double> place(-0.1, 1.1), rest(0.05, 2);
  std::vector<std::pair<double, double>> places;
  for (double until = 0; until < 20;) {
    until += rest(*random);
    places.emplace_back(until, place(*random));
  }
  return [places](double t) {
    size_t i = 0;
    while (places[i].first < t) ++i;
    return places[i].second;
  };
}

class L1Bounds : public testing::TestWithParam<double> {};  // lookahead
INSTANTIATE_TEST_SUITE_P(Path, L1Bounds, testing::Values(0.0, 0.3, 1.5));

TEST_P(L1Bounds, OnSpeedAndAccelerationHoldForAnyTargetsAndFrameTimes) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 30; ++round) {
    Options options;
    options.lookahead = GetParam();
    options.max_speed = std::uniform_real_distribution<double>(0.05, 1)(random);
    options.max_accel = std::uniform_real_distribution<double>(0.05, 3)(random);
    const double fps = std::uniform_real_distribution<double>(8, 60)(random);
    const Shot shot{round % 2 == 0 ? steady_times(8, fps) : random_times(&random, 0.01, 0.2),
                    random_places(&random)};
    const Motion motion = motion_of(shot.times, centres_of(options, shot));
    EXPECT_LE(motion.speed, options.max_speed * (1 + 1e-6)) << "round " << round;
    EXPECT_LE(motion.accel, options.max_accel * (1 + 1e-3) + 1e-6) << "round " << round;
  }
}

TEST_P(L1Bounds, HoldWhenALimitIsLoweredInTheMiddleOfAMove) {
  Options options;
  options.lookahead = GetParam();
  Path path(options, {kWindow, 1});
  const std::vector<double> times = steady_times(6, 50);
  std::vector<double> centres;
  for (const double t : times) {
    if (t >= 1) {
      options.max_speed = 0.1;
      path.set_options(options);
    }
    centres.push_back(path.next({target_at(t, t == 0 ? 0.2 : 0.8, t == 0)}).x);
  }
  const Motion motion = motion_of(times, centres);
  EXPECT_LE(motion.accel, options.max_accel * (1 + 1e-3));
  EXPECT_LE(std::abs(centres.back() - centres[centres.size() - 2]) * 50, 0.1 * (1 + 1e-6));
}

TEST(L1, MovesNoFasterAfterALongPauseThanItMay) {
  Options options;
  Path path(options, {kWindow, 1});
  path.next({target_at(0, 0.2, true)});
  const double before = path.next({target_at(0.04, 0.2, false)}).x;
  const double after = path.next({target_at(30, 0.8, false)}).x;
  EXPECT_LE(after - before, options.max_speed);
}

TEST(L1, RestsWhileTheTargetMovesInsideTheDeadZone) {
  constexpr double kAnalysis = 8;  // frames a second: too few to take an edge of it for an outlier
  Options options;
  options.dead_zone = 0.5;
  const double reach = options.dead_zone * kWindow / 2;
  const std::vector<double> centres =
      centres_of(options, {steady_times(10, kAnalysis),
                           [&](double t) { return 0.5 + 0.99 * reach * std::sin(5 * t); }});
  for (const double centre : centres) EXPECT_EQ(centre, centres.front());
}

TEST(L1, GoesNoFurtherThanTheDeadZoneAsks) {
  constexpr double kBraking = 0.04;  // it arrives sooner where it brakes inside the zone
  Options options;
  options.dead_zone = 0.5;
  const std::vector<double> centres =
      centres_of(options, {steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }});
  EXPECT_NEAR(centres.back(), wanted_for(options, 0.75) - options.dead_zone * kWindow / 2,
              kBraking);
}

TEST(L1, MakesOneMoveOfAStepAndRestsExactlyBeforeAndAfterIt) {
  const std::vector<double> centres =
      centres_of(Options(), {steady_times(14), [](double t) { return t < 7 ? 0.25 : 0.75; }});
  for (size_t i = 1; i < 125; ++i) EXPECT_EQ(centres[i], centres[0]);
  for (size_t i = 225; i < centres.size(); ++i) EXPECT_EQ(centres[i], centres.back());
  for (size_t i = 1; i < centres.size(); ++i) EXPECT_GE(centres[i], centres[i - 1]);
}

TEST(L1, IsHalfWayAtTheStepOfATargetWithALookahead) {
  const Shot shot{steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }};
  const auto at_the_step = [&](double lookahead) {
    Options options;
    options.lookahead = lookahead;
    return centres_of(options, shot)[99];
  };
  EXPECT_EQ(at_the_step(0), at_the_step(0.04));
  EXPECT_NEAR(at_the_step(1.5), 0.5, 0.06);
}

std::vector<PathPoint> track_of(const Shot& shot) {
  std::vector<PathPoint> track;
  for (const double t : shot.times) track.push_back({t, shot.place(t), 0, 1, 1});
  return track;
}

TEST(L1, TakesNoNoticeOfABurstOfOutliersAmongManyPoints) {
  const auto place = [](double t) { return t > 5 && t < 5.2 ? 0.8 : 0.4; };
  const std::vector<double> centres =
      smooth_path(Options(), track_of({steady_times(10, 30), place}), kWindow);
  for (const double centre : centres) EXPECT_NEAR(centre, wanted_for(Options(), 0.4), 1e-6);
}

TEST(L1, GivesTheSameCurveInTimeAtEveryFrameRate) {
  const auto place = [](double t) { return 0.5 + 0.25 * std::sin(t) * (t < 9 ? 1 : 0); };
  std::mt19937 random(3);
  const Shot even{steady_times(16, 50), place};
  Shot uneven{{0.0}, place};
  std::uniform_real_distribution<double> step(0.01, 0.07);
  while (uneven.times.back() < 15.9) uneven.times.push_back(uneven.times.back() + step(random));
  const std::vector<double> expected = smooth_path(Options(), track_of(even), kWindow);
  const std::vector<double> centres = smooth_path(Options(), track_of(uneven), kWindow);
  for (size_t i = 0; i < centres.size(); ++i) {
    const auto at =
        std::min(even.times.size() - 1, static_cast<size_t>(std::lround(uneven.times[i] * 50)));
    EXPECT_NEAR(centres[i], expected[at], 0.03) << "at " << uneven.times[i];
  }
}

TEST(L1, KeepsToARequiredSpanInEveryFrameWithinTheLimits) {
  const std::vector<double> times = steady_times(20, 30);
  std::vector<PathPoint> track;
  for (const double t : times) {  // the target pulls elsewhere
    const double middle = 0.5 + 0.2 * std::sin(0.8 * t);
    track.push_back({t, 1 - middle, middle - 0.04, middle + 0.04, 1});
  }
  const Options options;
  const std::vector<double> centres = smooth_path(options, track, kWindow);
  for (size_t i = 0; i < track.size(); ++i) {
    EXPECT_GE(centres[i], track[i].lowest - kRounding);
    EXPECT_LE(centres[i], track[i].highest + kRounding);
  }
  const Motion motion = motion_of(times, centres);
  EXPECT_LE(motion.speed, options.max_speed * (1 + 1e-6));
  EXPECT_LE(motion.accel, options.max_accel * (1 + 1e-3));
}

TEST(L1, KeepsToASpanThatMovesFasterThanTheWindowMay) {
  const std::vector<double> times = steady_times(10, 30);
  std::vector<PathPoint> track;
  for (const double t : times) {
    const double middle = t < 5 ? 0.25 : 0.75;
    track.push_back({t, 0.5, middle - 0.02, middle + 0.02, 1});
  }
  const std::vector<double> centres = smooth_path(Options(), track, kWindow);
  for (size_t i = 0; i < track.size(); ++i) {
    EXPECT_GE(centres[i], track[i].lowest - kRounding);
    EXPECT_LE(centres[i], track[i].highest + kRounding);
  }
}

TEST(L1, StaysInsideThePictureWhateverTheSpansSay) {
  const std::vector<double> times = steady_times(6, 30);
  std::vector<PathPoint> track;
  for (const double t : times) track.push_back({t, -3, -2 + t, -1 + t, t < 3 ? 0.0 : 5.0});
  for (const double centre : smooth_path(Options(), track, kWindow)) {
    EXPECT_GE(centre, kWindow / 2 - kRounding);
    EXPECT_LE(centre, 1 - kWindow / 2 + kRounding);
  }
}

TEST(L1, DoesNotMoveForTargetsWithoutWeight) {
  const Shot shot{steady_times(12, 30), [](double t) { return t > 4 && t < 7 ? 0.8 : 0.3; }};
  std::vector<PathPoint> track = track_of(shot);
  const std::vector<double> trusted = smooth_path(Options(), track, kWindow);
  for (PathPoint& point : track) point.weight = point.centre > 0.5 ? 0 : 1;
  const std::vector<double> centres = smooth_path(Options(), track, kWindow);
  EXPECT_GT(*std::max_element(trusted.begin(), trusted.end()), 0.7);
  for (const double centre : centres) EXPECT_EQ(centre, centres[0]);
}

TEST(L1, HasNoSeamsInALongShot) {
  // A polynomial a stretch of 600 frames, as others fit, jumps where one ends.
  const Shot shot{steady_times(400, 30), [](double t) { return 0.5 + 0.3 * std::sin(0.3 * t); }};
  const Options options;
  const std::vector<double> centres = smooth_path(options, track_of(shot), kWindow);
  const Motion motion = motion_of(shot.times, centres);
  EXPECT_LE(motion.speed, options.max_speed * (1 + 1e-6));
  EXPECT_LE(motion.accel, options.max_accel * (1 + 1e-3));
  for (size_t i = 0; i < centres.size(); ++i) {
    EXPECT_NEAR(centres[i], shot.place(shot.times[i]), 0.06) << "at " << shot.times[i];
  }
}

TEST(L1, LiveIsNearThePathThatSeesTheWholeShot) {
  const auto place = [](double t) { return t < 3 ? 0.3 : t < 8 ? 0.3 + 0.08 * (t - 3) : 0.7; };
  const Shot shot{steady_times(12, 25), place};
  const std::vector<double> whole = smooth_path(Options(), track_of(shot), kWindow);
  const std::vector<double> live = centres_of(Options(), shot);
  for (size_t i = 0; i < live.size(); ++i) EXPECT_NEAR(live[i], whole[i], 0.03) << "frame " << i;
}

// A target that sways by less than the dead zone, with a share of it.
double sway_of_path(double slack) {
  Options options = smoother("l1");
  options.dead_zone = 0.3;
  Path path(options, {kWindow, 1});
  const std::vector<double> times = steady_times(8);
  double lowest = 1, highest = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    std::vector<Target> track;
    for (size_t k = i; k < times.size() && times[k] <= times[i] + options.lookahead; ++k) {
      track.push_back(target_at(times[k], 0.4 + 0.03 * std::sin(1.5 * times[k]), k == 0));
      track.back().slack = slack;
    }
    const double centre = path.next(track).x;
    lowest = std::min(lowest, centre);
    highest = std::max(highest, centre);
  }
  return highest - lowest;
}

TEST(L1Path, SlackNarrowsTheDeadZone) {
  EXPECT_LT(sway_of_path(1), 0.01) << "the window rests in a dead zone of .3 of its width";
  EXPECT_GT(sway_of_path(0.1), 0.02);
  EXPECT_GT(sway_of_path(0), sway_of_path(0.4));
}

}  // namespace
}  // namespace smartcrop
