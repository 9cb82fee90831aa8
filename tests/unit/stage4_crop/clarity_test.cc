// SPDX-License-Identifier: MIT
#include "stage4_crop/clarity.h"

#include <gtest/gtest.h>

namespace smartcrop {
namespace {

// Two places, of which each has the larger share for a second in turn; the rest is at neither.
double clarity_of(float larger, float smaller, double pan, int seconds = 20) {
  Clarity clarity;
  for (int i = 0; i < seconds; ++i) {
    const bool first = i % 2 == 0;
    clarity.add(1, {first ? larger : smaller, first ? smaller : larger}, pan);
  }
  return clarity.value();
}

TEST(Clarity, IsWholeWhereNothingIsKnownOrAllIsShown) {
  EXPECT_EQ(Clarity().value(), 1);
  Clarity all;
  all.add(1, {0.5F, 1}, 0);
  EXPECT_EQ(all.value(), 1);
}

TEST(Clarity, FallsWhereGoingMissesNearlyAsMuchAsResting) {
  EXPECT_LT(clarity_of(0.6F, 0.4F, 0), 0.06);
  EXPECT_LT(clarity_of(0.8F, 0.7F, 0), 0.06);
}

TEST(Clarity, StaysWhereGoingShowsNearlyAll) {
  EXPECT_GT(clarity_of(0.99F, 0.01F, 0), 0.99);
  EXPECT_GT(clarity_of(0.88F, 0.12F, 0), 0.95);
}

TEST(Clarity, IsNotDoubtedWhereTheCameraMoves) { EXPECT_GT(clarity_of(0.8F, 0.7F, 0.1), 0.99); }

TEST(Clarity, ForgetsInTheLongRun) {
  Clarity clarity;
  for (int i = 0; i < 60; ++i) clarity.add(1, {0.5F, 0.4F}, 0);
  EXPECT_LT(clarity.value(), 0.06);
  for (int i = 0; i < 600; ++i) clarity.add(1, {i % 2 == 0 ? 1.0F : 0.0F, 0.5F}, 0);
  for (int i = 0; i < 600; ++i) clarity.add(1, {0, 1}, 0);
  EXPECT_GT(clarity.value(), 0.99);
}

}  // namespace
}  // namespace smartcrop
