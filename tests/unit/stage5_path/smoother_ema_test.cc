// SPDX-License-Identifier: MIT
// The smoother ema.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "stage5_path/path.h"
#include "stage5_path/path_fixture.h"

namespace smartcrop {
namespace {

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
