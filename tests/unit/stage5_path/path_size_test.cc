// SPDX-License-Identifier: MIT
// Windows that change their size within a shot, and between shots.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stage5_path/path.h"

namespace smartcrop {
namespace {

constexpr double kFps = 25;

Target sized(int frame, double width, bool start = false) {
  Target target;
  target.time_s = frame / kFps;
  target.width = width;
  target.height = 1;
  target.start = start;
  target.span_x = {width / 2, 1 - width / 2};
  return target;
}

TEST(WindowSize, IsTheRunsOwnWhereTheTargetNamesNone) {
  Path path(Options(), {0.3, 1});
  Target target;
  target.start = true;
  EXPECT_EQ(path.next({target}).width, 0.3);
}

TEST(WindowSize, IsTakenAtOnceWhereAShotBegins) {
  Path path(Options(), {0.3, 1});
  EXPECT_EQ(path.next({sized(0, 0.3, true)}).width, 0.3);
  EXPECT_EQ(path.next({sized(1, 0.8, true)}).width, 0.8);
  EXPECT_EQ(path.next({sized(2, 0.8)}).width, 0.8);
}

TEST(WindowSize, IsEasedWithinAShot) {
  Path path(Options(), {0.3, 1});
  std::vector<double> widths{path.next({sized(0, 0.3, true)}).width};
  for (int i = 1; i < 50; ++i) {
    const Target shown = path.next({sized(i, i < 5 ? 0.3 : 0.8)});
    widths.push_back(shown.width);
    EXPECT_GE(shown.x - shown.width / 2, -1e-9);
    EXPECT_LE(shown.x + shown.width / 2, 1 + 1e-9);
  }
  EXPECT_EQ(widths[4], 0.3);
  EXPECT_EQ(widths.back(), 0.8);
  for (size_t i = 1; i < widths.size(); ++i) {
    EXPECT_GE(widths[i], widths[i - 1]);
    EXPECT_LE(widths[i] - widths[i - 1], 0.05) << "no jump";
  }
}

TEST(WindowSize, SetsHowFarTheCentreGoes) {
  Path path(Options(), {0.3, 1});
  Target target = sized(0, 0.1, true);
  target.x = 0;
  EXPECT_NEAR(path.next({target}).x, 0.05, 1e-9);
}

}  // namespace
}  // namespace smartcrop
