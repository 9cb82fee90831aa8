// SPDX-License-Identifier: MIT
#include "stage5_path/path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace smartcrop {
namespace {

constexpr double kWindow = 0.316;  // 9:16 out of 16:9
constexpr double kRounding = 1e-9;

// The targets of a shot: place(t) at each of the times; the path is asked with a lookahead.
struct Shot {
  std::vector<double> times;
  std::function<double(double)> place;
};

std::vector<double> steady_times(double seconds, double fps = 25) {
  std::vector<double> times;
  for (int i = 0; i < std::lround(seconds * fps); ++i) times.push_back(i / fps);
  return times;
}

Target target_at(double time_s, double place, bool start) {
  Target target;
  target.time_s = time_s;
  target.x = place;
  target.start = start;
  return target;
}

std::vector<double> centres_of(Path* path, const Shot& shot, double lookahead_s) {
  std::vector<double> centres;
  for (size_t i = 0; i < shot.times.size(); ++i) {
    std::vector<Target> track;
    for (size_t k = i; k < shot.times.size() && shot.times[k] <= shot.times[i] + lookahead_s; ++k) {
      track.push_back(target_at(shot.times[k], shot.place(shot.times[k]), k == 0));
    }
    track.front().frame = static_cast<int64_t>(i);
    const Target answer = path->next(track);
    EXPECT_EQ(answer.frame, static_cast<int64_t>(i));
    EXPECT_EQ(answer.time_s, shot.times[i]);
    EXPECT_EQ(answer.y, 0.5);
    centres.push_back(answer.x);
  }
  return centres;
}

std::vector<double> centres_of(const Options& options, const Shot& shot) {
  Path path(options, {kWindow, 1});
  return centres_of(&path, shot, options.lookahead);
}

Options smoother(const char* name) {
  Options options;
  options.smoother = name;
  return options;
}

class EverySmoother : public testing::TestWithParam<const char*> {
 protected:
  Options options() const { return smoother(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Path, EverySmoother, testing::Values("l1", "ema"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(EverySmoother, IsAsStillAsATripodForATargetThatIsStill) {
  for (const double place : {0.2, 0.1 + 0.2, 0.5, 2.0 / 3, 0.77}) {
    for (const double fps : {12.5, 24.0, 30000 / 1001.0, 60.0}) {
      const std::vector<double> centres =
          centres_of(options(), {steady_times(10, fps), [&](double) { return place; }});
      for (const double centre : centres) EXPECT_EQ(centre, place);
    }
  }
}

TEST_P(EverySmoother, NeverLeavesThePicture) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(-0.5, 1.5);
  for (int round = 0; round < 50; ++round) {
    const std::vector<double> centres =
        centres_of(options(), {steady_times(4), [&](double) { return place(random); }});
    for (const double centre : centres) {
      EXPECT_GE(centre, kWindow / 2 - kRounding);
      EXPECT_LE(centre, 1 - kWindow / 2 + kRounding);
    }
  }
}

TEST_P(EverySmoother, StaysInTheMiddleWhereTheWindowFillsThePicture) {
  Path path(options(), {1, 1});
  const Shot shot{steady_times(2), [](double t) { return t / 2; }};
  for (const double centre : centres_of(&path, shot, 1.5)) EXPECT_EQ(centre, 0.5);
}

TEST_P(EverySmoother, JumpsAtAStartAndNowhereElse) {
  Path path(options(), {kWindow, 1});
  const auto shot = [&](double place) {
    return centres_of(&path, {steady_times(2), [=](double) { return place; }}, 1.5);
  };
  for (const double centre : shot(0.2)) EXPECT_EQ(centre, 0.2);
  for (const double centre : shot(0.8)) EXPECT_EQ(centre, 0.8);
  // A new shot that does not start with a cut, as after a dissolve: the window glides.
  Target target = target_at(2, 0.2, false);
  const double step = std::abs(path.next({target}).x - 0.8);
  EXPECT_LT(step, 0.1);
}

TEST_P(EverySmoother, ArrivesWhereTheTargetRests) {
  const std::vector<double> centres =
      centres_of(options(), {steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }});
  EXPECT_EQ(centres.front(), 0.25);
  EXPECT_NEAR(centres.back(), 0.75, options().dead_zone * kWindow / 2 + 1e-3);
}

TEST_P(EverySmoother, TakesAStepWithoutEverTurningBack) {
  const std::vector<double> centres =
      centres_of(options(), {steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }});
  for (size_t i = 1; i < centres.size(); ++i) {
    EXPECT_GE(centres[i], centres[i - 1] - kRounding) << "frame " << i;
  }
  EXPECT_LE(*std::max_element(centres.begin(), centres.end()), 0.75 + kRounding);
}

TEST_P(EverySmoother, AnswersTheSameAfterAReset) {
  Path path(options(), {kWindow, 1});
  const Shot shot{steady_times(5), [](double t) { return 0.5 + 0.3 * std::sin(3 * t); }};
  const std::vector<double> first = centres_of(&path, shot, 1.5);
  path.reset();
  EXPECT_EQ(centres_of(&path, shot, 1.5), first);
}

TEST_P(EverySmoother, StandsStillWhileTheClockDoes) {
  Path path(options(), {kWindow, 1});
  path.next({target_at(0, 0.3, true)});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(path.next({target_at(0, 0.8, false)}).x, 0.3);
  EXPECT_TRUE(std::isfinite(path.next({target_at(0.04, 0.8, false)}).x));
}

// ---- glide

struct Motion {
  double speed = 0, accel = 0;  // the highest of each
};

Motion motion_of(const std::vector<double>& times, const std::vector<double>& centres) {
  Motion motion;
  double speed = 0;  // a shot begins at rest
  for (size_t i = 1; i < centres.size(); ++i) {
    const double elapsed = times[i] - times[i - 1];
    if (elapsed <= 0) {
      EXPECT_EQ(centres[i], centres[i - 1]) << "moved in no time";
      continue;
    }
    const double now = (centres[i] - centres[i - 1]) / elapsed;
    motion.speed = std::max(motion.speed, std::abs(now));
    motion.accel = std::max(motion.accel, std::abs(now - speed) / elapsed);
    speed = now;
  }
  return motion;
}

std::vector<double> random_times(std::mt19937* random, double shortest_s, double longest_s) {
  std::uniform_real_distribution<double> step(shortest_s, longest_s);
  std::vector<double> times(1, 0.0);
  while (times.back() < 8) times.push_back(times.back() + step(*random));
  return times;
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

class GlideBounds : public testing::TestWithParam<double> {};  // lookahead
INSTANTIATE_TEST_SUITE_P(Path, GlideBounds, testing::Values(0.0, 0.3, 1.5));

TEST_P(GlideBounds, OnSpeedAndAccelerationHoldForAnyTargetsAtAnySteadyRate) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    Options options;
    options.lookahead = GetParam();
    options.max_speed = std::uniform_real_distribution<double>(0.05, 1)(random);
    options.max_accel = std::uniform_real_distribution<double>(0.05, 3)(random);
    const Shot shot{steady_times(8, std::uniform_real_distribution<double>(8, 120)(random)),
                    random_places(&random)};
    const Motion motion = motion_of(shot.times, centres_of(options, shot));
    EXPECT_LE(motion.speed, options.max_speed * (1 + 1e-6)) << "round " << round;
    EXPECT_LE(motion.accel, options.max_accel * (1 + 1e-3) + 1e-6) << "round " << round;
  }
}

TEST_P(GlideBounds, OnSpeedAndAccelerationHoldForUnevenFrameTimes) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    Options options;
    options.lookahead = GetParam();
    const Shot shot{random_times(&random, 0.005, 0.2), random_places(&random)};
    const Motion motion = motion_of(shot.times, centres_of(options, shot));
    EXPECT_LE(motion.speed, options.max_speed * (1 + 1e-6)) << "round " << round;
    EXPECT_LE(motion.accel, options.max_accel * (1 + 1e-3) + 1e-6) << "round " << round;
  }
}

TEST_P(GlideBounds, HoldWhenALimitIsLoweredInTheMiddleOfAMove) {
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

TEST(Glide, MovesNoFasterAfterALongPauseThanItMay) {
  Options options;
  Path path(options, {kWindow, 1});
  path.next({target_at(0, 0.2, true)});
  const double before = path.next({target_at(0.04, 0.2, false)}).x;
  const double after = path.next({target_at(30, 0.8, false)}).x;
  EXPECT_LE(after - before, options.max_speed);
}

TEST(Glide, RestsWhileTheTargetMovesInsideTheDeadZone) {
  Options options;
  options.dead_zone = 0.5;
  const double reach = options.dead_zone * kWindow / 2;
  const std::vector<double> centres = centres_of(
      options, {steady_times(10), [&](double t) { return 0.5 + 0.99 * reach * std::sin(5 * t); }});
  for (const double centre : centres) EXPECT_EQ(centre, centres.front());
}

TEST(Glide, GoesNoFurtherThanTheDeadZoneAsks) {
  Options options;
  options.dead_zone = 0.5;
  const std::vector<double> centres =
      centres_of(options, {steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }});
  EXPECT_NEAR(centres.back(), 0.75 - options.dead_zone * kWindow / 2, 1e-6);
}

TEST(Glide, ComesToRestExactlyAfterAMove) {
  const std::vector<double> centres =
      centres_of(Options(), {steady_times(14), [](double t) { return t < 4 ? 0.25 : 0.75; }});
  for (size_t i = centres.size() - 50; i < centres.size(); ++i) {
    EXPECT_EQ(centres[i], centres.back());
  }
}

TEST(Glide, BeginsToMoveBeforeTheTargetDoesWithALookahead) {
  const Shot shot{steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }};
  const auto at_the_step = [&](double lookahead) {
    Options options;
    options.lookahead = lookahead;
    return centres_of(options, shot)[99];
  };
  EXPECT_EQ(at_the_step(0), 0.25);
  EXPECT_GT(at_the_step(1.5), 0.25);
}

// ---- ema

TEST(Ema, IsTheExponentialMovingAverageOfTheTargets) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> any(0.2, 0.8);
  Options options = smoother("ema");
  options.ema_time = 0.37;
  const std::vector<double> times = random_times(&random, 0.001, 0.3);
  Path path(options, {kWindow, 1});
  double expected = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    const double target = any(random);
    const double alpha = i == 0 ? 1 : 1 - std::exp(-(times[i] - times[i - 1]) / 0.37);
    expected = alpha * target + (1 - alpha) * expected;
    EXPECT_NEAR(path.next({target_at(times[i], target, i == 0)}).x, expected, 1e-12);
  }
}

TEST(Ema, TakesTheSameTimeAtEveryFrameRate) {
  const auto after_a_second = [](double fps) {
    const Shot shot{steady_times(1 + 1.5 / fps, fps), [](double t) { return t > 0 ? 0.8 : 0.2; }};
    return centres_of(smoother("ema"), shot)[static_cast<size_t>(fps)];
  };
  EXPECT_NEAR(after_a_second(10), after_a_second(120), 1e-9);
  EXPECT_NEAR(after_a_second(50), 0.8 - 0.6 * std::exp(-1 / Options().ema_time), 1e-9);
}

}  // namespace
}  // namespace smartcrop
