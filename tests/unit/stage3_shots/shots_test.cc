// SPDX-License-Identifier: MIT
#include "stage3_shots/shots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "stage2_evidence/cuts/cut_score.h"
#include "stage3_shots/shots_fixture.h"

namespace smartcrop::shots {
namespace {

class EveryDelay : public testing::TestWithParam<double> {
 protected:
  ShotOptions options(double min_shot_s = 0.25) const { return with(min_shot_s, GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Shots, EveryDelay, testing::Values(0.0, 0.1, 0.4, 1.5, 60.0));

TEST_P(EveryDelay, TheFirstFrameStartsShotZero) {
  Clip clip;
  clip.add(1, 3);
  const Result result = run(clip, options());
  ASSERT_EQ(result.marks.size(), 3U);
  EXPECT_TRUE(result.marks[0].start);
  EXPECT_EQ(result.marks[2].shot, 0);
  EXPECT_TRUE(result.flagged.count(0));
}

TEST_P(EveryDelay, HardCutsAreFoundWhereTheyAre) {
  Clip clip;
  clip.add(1, 40);
  clip.add(2, 50);
  clip.add(3, 20);
  const Result result = run(clip, options());
  EXPECT_EQ(result.jumps(), (Frames{40, 90}));
  EXPECT_EQ(result.boundaries(), (Frames{40, 90}));
}

TEST_P(EveryDelay, FiveCutsInTwoSecondsAreFiveCuts) {
  Clip clip;
  clip.add(1, 30);
  for (unsigned seed = 2; seed < 7; ++seed) clip.add(seed, 10);
  clip.add(8, 30);
  EXPECT_EQ(run(clip, options()).jumps(), (Frames{30, 40, 50, 60, 70, 80}));
}

TEST_P(EveryDelay, ACutThatWouldEndAShotShorterThanMinShotIsNotTaken) {
  Clip clip;
  clip.add(1, 30);
  clip.add(2, 10);
  clip.add(3, 30);
  EXPECT_EQ(run(clip, options(0.5)).jumps(), (Frames{30}));
  EXPECT_EQ(run(clip, options(0.3)).jumps(), (Frames{30, 40}));
}

TEST_P(EveryDelay, TheFirstShotMayBeShorterThanMinShot) {
  Clip clip;
  clip.add(1, 4);
  clip.add(2, 40);
  EXPECT_EQ(run(clip, options(0.5)).jumps(), (Frames{4}));
}

TEST_P(EveryDelay, AFastPanIsNoCut) {
  Clip clip;
  for (int i = 0; i < 80; ++i) clip.add(scene(5, i > 30 ? (i - 30) * 4 : 0));
  EXPECT_EQ(run(clip, options()).boundaries(), Frames{});
}

TEST_P(EveryDelay, CutsOfVariableRateVideoAreFoundByTheirTimes) {
  Clip clip;
  std::mt19937 random(3);
  std::uniform_real_distribution<double> step(0.004, 0.2);
  clip.add(1, 30);
  clip.add(2, 40);
  clip.add(3, 30);
  for (size_t i = 1; i < clip.times.size(); ++i) clip.times[i] = clip.times[i - 1] + step(random);
  EXPECT_EQ(run(clip, options()).jumps(), (Frames{30, 70}));
}

TEST_P(EveryDelay, TimesThatStandStillOrRunBackwardsDoNoHarm) {
  Clip clip;
  clip.add(1, 30);
  clip.add(2, 40);
  clip.add(3, 30);
  for (size_t i = 0; i < clip.times.size(); ++i) {
    clip.times[i] = i % 3 == 0 ? 5 : -static_cast<double>(i);
  }
  clip.times[50] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(run(clip, options()).jumps(), (Frames{30, 70}));
  std::fill(clip.times.begin(), clip.times.end(), 7.0);
  EXPECT_EQ(run(clip, options()).jumps(), (Frames{30, 70}));
}

TEST_P(EveryDelay, AFadeThroughBlackJumpsOnceWhereItIsDark) {
  Clip clip;
  clip.add(1, 40);
  for (int i = 1; i <= 10; ++i) clip.add(blend(scene(1), flat(0), i / 10.0));
  clip.add(flat(0));
  clip.add(flat(0));
  for (int i = 1; i < 10; ++i) clip.add(blend(flat(0), scene(2), i / 10.0));
  clip.add(2, 40);
  const Result result = run(clip, options());
  ASSERT_EQ(result.jumps().size(), 1U);
  EXPECT_GE(result.jumps()[0], 46);
  EXPECT_LE(result.jumps()[0], 54);
  EXPECT_EQ(result.boundaries(), result.jumps());
}

TEST(Shots, WithLookaheadAFadeIsMarkedFromEndToEndAndJumpsWhereItIsFlattest) {
  Clip clip;
  clip.add(1, 40);
  for (int i = 1; i <= 10; ++i) clip.add(blend(scene(1, 9), flat(255), i / 10.0));
  for (int i = 1; i < 10; ++i) clip.add(blend(flat(255), scene(2), i / 10.0));
  clip.add(2, 40);
  const Result result = run(clip);
  EXPECT_EQ(result.jumps(), (Frames{49}));
  for (size_t i = 42; i < 58; ++i) EXPECT_TRUE(result.marks[i].transition) << i;
  for (size_t i = 0; i < 40; ++i) EXPECT_FALSE(result.marks[i].transition) << i;
  for (size_t i = 62; i < 90; ++i) EXPECT_FALSE(result.marks[i].transition) << i;
}

TEST(Shots, ADissolveBeginsAShotInItsMiddleWithoutAJump) {
  for (const int length : {6, 12, 20, 28}) {
    Clip clip;
    clip.add(1, 40);
    for (int i = 1; i <= length; ++i) {
      clip.add(blend(scene(1, 10), scene(2), i / (length + 1.0)));
    }
    clip.add(2, 40);
    const Result result = run(clip);
    EXPECT_EQ(result.jumps(), Frames{}) << "length " << length;
    ASSERT_EQ(result.boundaries().size(), 1U) << "length " << length;
    EXPECT_NEAR(static_cast<double>(result.boundaries()[0]), 40 + length / 2.0, 2);
    EXPECT_TRUE(result.marks[static_cast<size_t>(40 + length / 2)].transition);
    EXPECT_FALSE(result.marks[36].transition);
    EXPECT_FALSE(result.marks[static_cast<size_t>(44 + length)].transition);
  }
}

TEST(Shots, AFlashThatReturnsToThePictureIsNoCut) {
  for (int length = 1; length <= 3; ++length) {
    for (const bool blinding : {false, true}) {
      Clip clip;
      clip.add(1, 30);
      for (int i = 0; i < length; ++i) clip.add(blinding ? flat(255) : flash(scene(1, 7)));
      for (int i = 0; i < 40; ++i) clip.add(scene(1, 7 + i / 4));
      EXPECT_EQ(run(clip, with(0.25, 0.4)).boundaries(), Frames{}) << "length " << length;
      // Live, a flash may count as a cut where it begins, never again where it ends.
      EXPECT_LE(run(clip, with(0, 0)).boundaries().size(), 1U) << "length " << length;
    }
  }
}

Picture darkened(Picture picture, float gain) {
  for (size_t i = 0; i < static_cast<size_t>(kWidth * kHeight); ++i) picture[i] *= gain;
  return picture;
}

TEST_P(EveryDelay, CutsBetweenDarkShotsAreFoundWhereTheyAre) {
  for (const float gain : {0.3F, 0.12F}) {
    Clip clip;
    for (const unsigned seed : {1U, 2U, 3U}) {
      for (int i = 0; i < 30; ++i) clip.add(darkened(scene(seed, i / 4), gain));
    }
    EXPECT_EQ(run(clip, options()).jumps(), (Frames{30, 60})) << "gain " << gain;
  }
}

TEST(Shots, AStrobeIsNoCut) {
  for (const int period : {2, 3, 4}) {
    Clip clip;
    for (int i = 0; i < 90; ++i) {
      const Picture picture = scene(4, i / 4);
      const bool lit = i >= 30 && i < 50 && i % period == 0;
      clip.add(lit ? flash(picture) : picture);
    }
    EXPECT_EQ(run(clip).boundaries(), Frames{}) << "period " << period;
  }
}

TEST(Shots, AFlashAtACutLeavesOneCut) {
  Clip clip;
  clip.add(1, 30);
  clip.add(flat(255));
  clip.add(flat(255));
  clip.add(2, 40);
  const Result result = run(clip);
  ASSERT_EQ(result.jumps().size(), 1U);
  EXPECT_GE(result.jumps()[0], 30);
  EXPECT_LE(result.jumps()[0], 32);
}

TEST(Shots, ALampIsNoCut) {
  Clip clip;
  clip.add(1, 40);
  for (int i = 0; i < 40; ++i) clip.add(blend(flat(0), scene(1, 10), 0.5));
  EXPECT_EQ(run(clip).boundaries(), Frames{});
}

TEST(Shots, AHigherThresholdTakesFewerCuts) {
  Clip clip;
  clip.add(1, 40);
  clip.add(2, 40);
  EXPECT_EQ(run(clip, {1, 0.25, 1.5}).jumps(), (Frames{40}));
  EXPECT_EQ(run(clip, {10, 0.25, 1.5}).jumps(), Frames{});
}

TEST(Shots, ResetForgetsEverything) {
  Clip clip;
  clip.add(1, 40);
  clip.add(2, 40);
  ShotDetector detector(with(0.25, 1.5));
  std::vector<Frames> jumps;
  for (int round = 0; round < 2; ++round) {
    CutScore score;
    Result result;
    for (int64_t i = 0; i < clip.size(); ++i) {
      const auto at = static_cast<size_t>(i);
      detector.push(features_of(clip.pictures[at], i, clip.times[at], &score));
    }
    detector.decide_through(round == 0 ? 20 : clip.size());
    take(&detector, &result);
    jumps.push_back(result.jumps());
    detector.reset();
    EXPECT_FALSE(detector.pop(&result.marks[0]));
  }
  EXPECT_EQ(jumps[1], (Frames{40}));
}

// One random video under one random schedule of decide_through; checks what every host relies on.
void check_schedule(unsigned seed) {
  std::mt19937 random(seed);
  auto below = [&](int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); };
  const double delays[] = {0, 0.05, 0.3, 0.6, 2};
  ShotDetector detector(with(0.1 * below(6), delays[below(5)]));
  EXPECT_LE(detector.delay_s(), 2);
  CutScore score;
  Result result;
  std::vector<double> times;
  unsigned content = 1;
  for (int64_t i = 0; i < 120; ++i) {
    if (below(12) == 0) content = static_cast<unsigned>(1 + below(6));
    const double step_s = below(10) == 0 ? 0 : 0.001 * (1 + below(80));
    times.push_back(times.empty() ? 0 : times.back() + step_s);
    const Picture picture = below(25) == 0 ? flat(0) : scene(content);
    if (detector.push(features_of(picture, i, times.back(), &score))) result.flagged.insert(i);
    if (below(9) == 0) detector.decide_through(i - below(6));
    take(&detector, &result);
    const auto next = static_cast<int64_t>(result.marks.size());
    if (next <= i) {
      EXPECT_LT(times.back() - times[static_cast<size_t>(next)], detector.delay_s());
    }
  }
  detector.decide_through(119);
  take(&detector, &result);
  ASSERT_EQ(result.marks.size(), 120U);
  for (size_t i = 0; i < result.marks.size(); ++i) {
    const ShotMark& mark = result.marks[i];
    EXPECT_EQ(mark.frame, static_cast<int64_t>(i));
    const int32_t before = i == 0 ? -1 : result.marks[i - 1].shot;
    EXPECT_TRUE(mark.shot == before || mark.shot == before + 1);
    EXPECT_TRUE(!mark.start || mark.shot == before + 1);
    EXPECT_TRUE(!mark.start || result.flagged.count(mark.frame)) << "frame " << i;
  }
}

TEST(Shots, AnyScheduleGivesOneMarkAFrameInOrderAndInTime) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    check_schedule(seed);
  }
}

TEST(Shots, EqualTimesForEverAreStillDecided) {
  ShotDetector detector(with(0.5, 60));
  CutScore score;
  CutFeatures features = features_of(scene(1), 0, 0, &score);
  size_t marks = 0;
  ShotMark mark;
  for (int64_t i = 0; i < 5000; ++i) {
    features.frame = i;
    detector.push(features);
    while (detector.pop(&mark)) ++marks;
    EXPECT_LE(static_cast<size_t>(i) + 1 - marks, 513U);
  }
}

}  // namespace
}  // namespace smartcrop::shots
