// SPDX-License-Identifier: MIT
#include "stage4_crop/choose.h"

#include <gtest/gtest.h>

#include <vector>

#include "stage4_crop/screening.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

TEST(Chooser, ShowsAClearSubject) {
  for (const double place : {0.1, 0.3, 0.5, 0.8, 0.95}) {
    Screening run((Options()));
    for (const double centre : run.show(3, {{place, 1}}).centres()) {
      EXPECT_TRUE(run.shows(centre, place)) << centre << " for " << place;
    }
  }
}

TEST(Chooser, ShowsAClearSubjectUpAndDownToo) {
  for (const double place : {0.1, 0.5, 0.9}) {
    Screening run(Options(), {1080, 1920}, 16.0 / 9);
    for (const double centre : run.show(3, {{place, 1}}).centres()) {
      EXPECT_TRUE(run.shows(centre, place)) << centre << " for " << place;
    }
  }
}

TEST(Chooser, PicksOneOfTwoSubjectsAndNeverTheMiddleBetweenThem) {
  for (const float left : {0.4F, 0.5F, 0.6F}) {
    Screening run((Options()));
    for (const double centre : run.show(4, {{0.12, left}, {0.88, 1 - left}}).centres()) {
      EXPECT_TRUE(run.shows(centre, 0.12) || run.shows(centre, 0.88)) << centre;
    }
  }
}

TEST(Chooser, PicksTheStrongerOfTwoSubjects) {
  Screening run((Options()));
  for (const double centre : run.show(4, {{0.12, 0.3F}, {0.88, 0.7F}}).centres()) {
    EXPECT_TRUE(run.shows(centre, 0.88)) << centre;
  }
}

TEST(Chooser, StaysWhereItIsWhileTwoEqualSubjectsFlicker) {
  Screening run((Options()));
  for (int i = 0; i < 40; ++i) {
    const float left = i % 2 == 0 ? 0.53F : 0.47F;
    run.show(1 / kFps, {{0.12, left}, {0.88, 1 - left}});
  }
  const std::vector<double> centres = run.centres();
  for (const double centre : centres) EXPECT_EQ(centre, centres.front());
}

TEST(Chooser, DoesNotSwitchForAShortDistraction) {
  Screening run((Options()));
  run.show(3, {{0.2, 1}}).show(0.2, {{0.9, 1}}).show(3, {{0.2, 1}});
  for (const double centre : run.centres()) EXPECT_TRUE(run.shows(centre, 0.2)) << centre;
}

TEST(Chooser, SwitchesToASubjectThatWinsClearlyAndForLong) {
  Screening run((Options()));
  const std::vector<double> centres = run.show(3, {{0.2, 1}}).show(5, {{0.8, 1}}).centres();
  EXPECT_TRUE(run.shows(centres.front(), 0.2));
  EXPECT_TRUE(run.shows(centres.back(), 0.8));
  int moves = 0;
  for (size_t i = 1; i < centres.size(); ++i) {
    if (centres[i] != centres[i - 1]) ++moves;
  }
  EXPECT_LE(moves, 3) << "a switch is one decision, not a wander";
}

TEST(Chooser, KnowsWithALookaheadBeforeTheSubjectChanges) {
  const auto frame_of_switch = [](const char* lookahead) {
    Screening run(with({{"lookahead", lookahead}}));
    const std::vector<double> centres = run.show(3, {{0.2, 1}}).show(5, {{0.8, 1}}).centres();
    size_t i = 0;
    while (i < centres.size() && !run.shows(centres[i], 0.8)) ++i;
    return i;
  };
  EXPECT_LT(frame_of_switch("1.5"), frame_of_switch("0"));
}

TEST(Chooser, StaysStillForASubjectThatStaysStill) {
  for (const char* strategy : {"auto", "hold", "pan", "follow"}) {
    Screening run(with({{"strategy", strategy}}));
    const std::vector<double> centres = run.show(5, {{0.33, 0.8F}, {0.6, 0.2F}}, 0.7F).centres();
    for (const double centre : centres) EXPECT_EQ(centre, centres.front()) << strategy;
  }
}

TEST(Chooser, StaysNearTheMiddleWhereTheEvidenceSaysNothing) {
  Screening run((Options()));
  for (const double centre : run.show(3, {{0.02, 1}}, 0).centres()) {
    EXPECT_NEAR(centre, 0.5, 0.01);
  }
}

TEST(Chooser, GivesTransitionsNoSay) {
  Screening run((Options()));
  run.show(2, {{0.2, 1}}).show(1.5, {{0.9, 1}}, 1, true);
  for (const double centre : run.centres()) EXPECT_TRUE(run.shows(centre, 0.2)) << centre;
  for (const Target& target : run.targets()) {
    EXPECT_EQ(target.confidence, target.frame < 20 ? 1 : 0) << target.frame;
  }
}

TEST(Chooser, StartsAfreshAtACut) {
  Screening run((Options()));
  const std::vector<Target> targets =
      run.show(2, {{0.1, 1}}).cut().show(2, {{0.9, 1}}).cut().show(0.3, {{0.1, 1}}).targets();
  ASSERT_EQ(targets.size(), 43U);
  for (const Target& target : targets) {
    const double place = target.frame >= 20 && target.frame < 40 ? 0.9 : 0.1;
    EXPECT_TRUE(run.shows(target.x, place)) << target.frame;
    EXPECT_EQ(target.start, target.frame == 0 || target.frame == 20 || target.frame == 40);
    EXPECT_EQ(target.shot, target.frame / 20) << target.frame;
  }
}

TEST(Chooser, AsksForNothingOfTheNextShotBeforeACut) {
  Screening run((Options()));
  const std::vector<double> centres = run.show(2, {{0.1, 1}}).cut().show(2, {{0.9, 1}}).centres();
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(centres[i], centres[0]);
}

TEST(Chooser, AnswersForAShotWithoutEvidence) {
  const Options options;
  Chooser chooser(make_geometry({9.0 / 16, {}, false}, stream_of(yuv(1, 1, 8), {1920, 1080})),
                  options);
  chooser.start_shot();
  const std::vector<Target> track = chooser.choose(0, 0, {0, 0, true, false});
  ASSERT_EQ(track.size(), 1U);
  EXPECT_EQ(track[0].x, 0.5);
  EXPECT_EQ(track[0].confidence, 0);
}

// ---- forced strategies

std::vector<double> walk(const char* strategy, const std::vector<double>& places) {
  Screening run(with({{"strategy", strategy}}));
  for (const double place : places) run.show(4, {{place, 1}});
  return run.centres();
}

int direction_changes(const std::vector<double>& centres) {
  int changes = 0;
  double last = 0;
  for (size_t i = 1; i < centres.size(); ++i) {
    const double step = centres[i] - centres[i - 1];
    if (step * last < 0) ++changes;
    if (step != 0) last = step;
  }
  return changes;
}

TEST(ForcedHold, NeverMovesWithinAShot) {
  const std::vector<double> centres = walk("hold", {0.2, 0.8, 0.3, 0.9});
  for (const double centre : centres) EXPECT_EQ(centre, centres.front());
}

TEST(ForcedPan, MovesOneWayOnlyAndThenRests) {
  const std::vector<double> centres = walk("pan", {0.2, 0.8, 0.2, 0.8});
  EXPECT_EQ(direction_changes(centres), 0);
  EXPECT_GT(centres.back() - centres.front(), 0.2) << "the one move is made";
}

TEST(ForcedPan, EndsItsMoveOnTheNewSubject) {
  Screening run(with({{"strategy", "pan"}}));
  run.show(4, {{0.2, 1}}).show(6, {{0.8, 1}});
  EXPECT_TRUE(run.shows(run.centres().back(), 0.8));
}

TEST(Chooser, GoesToANewSubjectInOneMove) {
  Screening run((Options()));
  const std::vector<double> centres = run.show(4, {{0.2, 1}}).show(6, {{0.8, 1}}).centres();
  // From the first change of the target to the last, one pause between analysed frames at the most.
  size_t first = 1, last = centres.size() - 1;
  while (first < last && centres[first] == centres[first - 1]) ++first;
  while (last > first && centres[last] == centres[last - 1]) --last;
  const double seconds = static_cast<double>(last - first) / kFps;
  EXPECT_LT(seconds, 0.5);
}

TEST(ForcedFollow, GoesWithTheSubjectBackAndForth) {
  const std::vector<double> centres = walk("follow", {0.2, 0.8, 0.2, 0.8});
  EXPECT_GE(direction_changes(centres), 2);
}

TEST(ForcedStrategies, BeginAnewInEachShot) {
  for (const char* strategy : {"hold", "pan"}) {
    Screening run(with({{"strategy", strategy}}));
    const std::vector<double> centres = run.show(3, {{0.1, 1}}).cut().show(3, {{0.9, 1}}).centres();
    EXPECT_TRUE(run.shows(centres.front(), 0.1)) << strategy;
    EXPECT_TRUE(run.shows(centres.back(), 0.9)) << strategy;
  }
}

TEST(Strategy, IsCalledWhatTheTargetsDid) {
  const auto last_of = [](const std::vector<double>& places) {
    Screening run((Options()));
    for (const double place : places) run.show(4, {{place, 1}});
    return run.targets().back().strategy;
  };
  EXPECT_EQ(last_of({0.3}), SMARTCROP_HOLD);
  EXPECT_EQ(last_of({0.1, 0.9}), SMARTCROP_PAN);
  EXPECT_EQ(last_of({0.1, 0.9, 0.1}), SMARTCROP_FOLLOW);
}

// Two subjects, of which now one and now the other counts more, and a quarter of it all elsewhere.
TEST(Strategy, SaysWhereNoWindowShowsAllThatCounts) {
  Screening crowd(with({{"lookahead", "60"}}));
  for (int i = 0; i < 10; ++i) {
    crowd.show(1, {{0.2, 0.4F}, {0.5, 0.25F}, {0.8, 0.35F}});
    crowd.show(1, {{0.2, 0.35F}, {0.5, 0.25F}, {0.8, 0.4F}});
  }
  const Target last = crowd.targets().back();
  EXPECT_EQ(last.strategy, SMARTCROP_HOLD);
  EXPECT_STREQ(last.why, "no window shows every subject; this one shows the most");
  Screening one(with({{"lookahead", "60"}}));
  EXPECT_STREQ(one.show(5, {{0.3, 1}}).targets().back().why, "one window shows the subject");
}

// A body, and a head at its end that counts most.
TEST(Chooser, GoesByPeaksTheMoreTheNarrowerTheWindowIs) {
  Peaks subject{{0.62, 0.28F}};
  for (int i = 0; i < 9; ++i) subject.emplace_back(0.3 + 0.04 * i, 0.08F);
  const auto place_at = [&](double aspect) {
    return Screening(Options(), {1920, 1080}, aspect).show(3, subject).centres().back();
  };
  EXPECT_NEAR(place_at(1.0 / 3), 0.62, 0.04);
  EXPECT_LT(place_at(1), 0.58);
}

TEST(Chooser, StaysWithWhatCountedInTheShotUntilNow) {
  const auto last = [](bool cut) {
    Screening run((Options()));
    run.show(20, {{0.2, 1}});
    if (cut) run.cut();
    const std::vector<double> centres = run.show(10, {{0.2, 0.45F}, {0.8, 0.55F}}).centres();
    return run.shows(centres.back(), 0.8);
  };
  EXPECT_FALSE(last(false));
  EXPECT_TRUE(last(true));
}

TEST(Chooser, AnswersTheSameAfterAReset) {
  const Options options;
  Chooser chooser(make_geometry({9.0 / 16, {}, false}, stream_of(yuv(1, 1, 8), {1920, 1080})),
                  options);
  std::vector<double> rounds[2];
  for (std::vector<double>& centres : rounds) {
    chooser.reset();
    for (int64_t i = 0; i < 30; ++i) {
      const ShotMark mark{i, 0, i == 0, false};
      if (mark.start) chooser.start_shot();
      const double time_s = static_cast<double>(i) / kFps;
      chooser.push(evidence_of(i, time_s, map_of({{i < 15 ? 0.1 : 0.9, 1}}, 1)), mark);
      centres.push_back(chooser.choose(i, time_s, mark).front().x);
    }
  }
  EXPECT_EQ(rounds[0], rounds[1]);
}

}  // namespace
}  // namespace smartcrop
