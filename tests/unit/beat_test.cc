// SPDX-License-Identifier: MIT
#include "beat.h"

#include <gtest/gtest.h>

#include <vector>

namespace smartcrop {
namespace {

// The moments of a steady frame rate that are due.
std::vector<int> struck(Beat* beat, double fps, int frames, double first_s = 0) {
  std::vector<int> struck;
  for (int i = 0; i < frames; ++i) {
    if (beat->strikes(first_s + i / fps)) struck.push_back(i);
  }
  return struck;
}

TEST(BeatTest, KeepsItsRateWhereFramesFallBesideIt) {
  Beat beat(0.25);
  // Every 6.25 frames: the fraction is kept, not lost at each.
  EXPECT_EQ(struck(&beat, 25, 51), (std::vector<int>{0, 7, 13, 19, 25, 32, 38, 44, 50}));
}

TEST(BeatTest, StrikesAtTheFirstMomentWhereverTimeBegins) {
  for (const double first_s : {-1000.0, -0.04, 0.0, 0.1, 86400.0}) {
    Beat beat(0.25);
    EXPECT_EQ(struck(&beat, 8, 9, first_s), (std::vector<int>{0, 2, 4, 6, 8})) << first_s;
  }
}

TEST(BeatTest, StrikesAtEachMomentWhereTheseAreFewer) {
  Beat beat(0.25);
  EXPECT_EQ(struck(&beat, 4, 5).size(), 5u);
  beat.reset();
  EXPECT_EQ(struck(&beat, 1, 5).size(), 5u);
}

TEST(BeatTest, BeginsAnewAfterAGapAndDoesNotCatchUp) {
  Beat beat(0.25);
  EXPECT_TRUE(beat.strikes(0));
  EXPECT_TRUE(beat.strikes(10.1));
  EXPECT_FALSE(beat.strikes(10.2));
  EXPECT_FALSE(beat.strikes(10.3));
  EXPECT_TRUE(beat.strikes(10.35));
}

TEST(BeatTest, StrikesOnceWhereTimeStandsStill) {
  Beat beat(0.25);
  EXPECT_TRUE(beat.strikes(3));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(beat.strikes(3));
}

TEST(BeatTest, AResetMakesTheNextMomentDue) {
  Beat beat(0.25);
  EXPECT_TRUE(beat.strikes(0));
  beat.reset();
  EXPECT_TRUE(beat.strikes(0.01));
  EXPECT_FALSE(beat.strikes(0.25));
  EXPECT_TRUE(beat.strikes(0.26));
}

}  // namespace
}  // namespace smartcrop
