// SPDX-License-Identifier: MIT
// What every smoother does.
#include "stage5_path/path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "stage5_path/path_fixture.h"

namespace smartcrop {
namespace {

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
      for (const double centre : centres) EXPECT_EQ(centre, wanted_for(options(), place));
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
  for (const double centre : shot(0.2)) EXPECT_EQ(centre, wanted_for(options(), 0.2));
  for (const double centre : shot(0.8)) EXPECT_EQ(centre, wanted_for(options(), 0.8));
  // A new shot that does not start with a cut, as after a dissolve: the window glides.
  Target target = target_at(2, 0.2, false);
  const double step = std::abs(path.next({target}).x - 0.8);
  EXPECT_LT(step, 0.1);
}

TEST_P(EverySmoother, ArrivesWhereTheTargetRests) {
  const std::vector<double> centres =
      centres_of(options(), {steady_times(12), [](double t) { return t < 4 ? 0.25 : 0.75; }});
  EXPECT_EQ(centres.front(), wanted_for(options(), 0.25));
  EXPECT_NEAR(centres.back(), wanted_for(options(), 0.75),
              options().dead_zone * kWindow / 2 + 1e-3);
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
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(path.next({target_at(0, 0.8, false)}).x, wanted_for(options(), 0.3));
  }
  EXPECT_TRUE(std::isfinite(path.next({target_at(0.04, 0.8, false)}).x));
}

}  // namespace
}  // namespace smartcrop
