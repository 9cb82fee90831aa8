// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/follow_source.h"

#include <gtest/gtest.h>

#include <string>

#include "stage2_evidence/subjects/fake_tracker.h"

namespace smartcrop {
namespace {

Subject detected(const Box& box, int64_t id, int label = -1) {
  Subject subject;
  subject.box = box;
  subject.id = id;
  subject.label = label;
  return subject;
}

class FollowSourceTest : public testing::Test {
 protected:
  void open(const std::string& follow, bool detector = true, bool strict = false) {
    const auto keep = [](void* cookie, int, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(line);
    };
    Detections detections;
    if (detector) {
      detections.now = [this] { return found_; };
      detections.in_part = [this](Pictures*, const Window& part) {
        looked_at_.push_back(part);
        return part.width < closer_than_ ? closer_ : std::vector<Subject>();
      };
    }
    source_ = std::make_unique<FollowSource>(
        std::make_shared<FakeTracker>(&script_),
        FollowSource::Settings{kFilm, parse_follow(follow), detections, strict},
        Log(keep, &lines_));
  }
  Findings see(const std::vector<Square>& squares, bool analyse = true) {
    pictures_.show(paint(squares));
    const Observation observation{frame_,     frame_ * 0.1, &pictures_.proxy(),
                                  &pictures_, analyse,      {}};
    wanted_ = source_->wants(observation);
    ++frame_;
    return source_->observe(observation);
  }
  void expect_follows(const Findings& findings, const Square& square, double slack = 3) {
    ASSERT_EQ(findings.subjects.size(), 1U);
    const Subject& subject = findings.subjects[0];
    EXPECT_TRUE(subject.followed);
    EXPECT_EQ(subject.weight, 0) << "the lock goes after it, not the map";
    EXPECT_FALSE(subject.required);
    EXPECT_NEAR(centre_x(subject.box), square.x, slack);
    EXPECT_NEAR(centre_y(subject.box), square.y, slack);
  }

  FakeTracker::Script script_;
  WatchedPictures pictures_;
  std::vector<Subject> found_, closer_;
  double closer_than_ = 1e9;
  std::vector<Window> looked_at_;
  std::vector<std::string> lines_;
  std::unique_ptr<FollowSource> source_;
  int64_t frame_ = 0;
  bool wanted_ = false;
};

// ---- what a wish means

TEST_F(FollowSourceTest, PointMeansTheSmallestOfTheDetectorsBoxesThatHoldsIt) {
  const Square square{80, 45, 30};
  found_ = {detected({0, 0, 1, 1}, 4), detected(square.box(), 5), detected({0, 0, 0.1, 0.1}, 6)};
  open("0.5x0.5");
  const Findings findings = see({square});
  EXPECT_TRUE(wanted_) << "the frame in which a wish begins is analysed";
  expect_follows(findings, square, 0.1);
  EXPECT_NEAR(findings.subjects[0].box.width, square.side / kFilm.width, 1e-9);
  EXPECT_TRUE(looked_at_.empty());
  see({square});
  EXPECT_FALSE(wanted_);
}

TEST_F(FollowSourceTest, PointIsLookedAtCloserWhereTheDetectorHasNoBoxThere) {
  const Square square{80, 45};
  found_ = {detected({0, 0, 0.1, 0.1}, 6)};
  closer_ = {detected(square.box(), -1)};
  closer_than_ = 30;  // of the four looks the last
  open("0.5x0.5");
  expect_follows(see({square}), square, 0.1);
  ASSERT_EQ(looked_at_.size(), 5U);
  EXPECT_EQ(looked_at_[0].width, kFilm.width);
  for (size_t i = 1; i < 4; ++i) EXPECT_LT(looked_at_[i].width, looked_at_[i - 1].width);
}

TEST_F(FollowSourceTest, WhatIsSmallIsSeenAgainCloserAndItsBoxIsThatOne) {
  const Square group{84, 45, 20}, own{80, 45, 14};
  found_ = {detected(group.box(), 5)};
  closer_ = {detected(own.box(), -1)};
  open("0.5x0.5");
  expect_follows(see({own}), own, 0.1);
  ASSERT_EQ(looked_at_.size(), 1U);
  EXPECT_NEAR(looked_at_[0].x + looked_at_[0].width / 2, group.x, 1e-6);
  EXPECT_NEAR(looked_at_[0].height, 2 * group.side, 1e-6);
  // Another one there is not it.
  closer_ = {detected(Square{78, 44, 5}.box(), -1)};
  frame_ = 0;
  open("0.5x0.5");
  expect_follows(see({group}), group, 0.1);
}

TEST_F(FollowSourceTest, PointMeansWhatStandsOutWhereNoDetectorKnows) {
  const Square square{70, 40, 24};
  for (const bool detector : {true, false}) {
    frame_ = 0;
    open("0.44x0.45", detector);
    expect_follows(see({square}), square, 5);
  }
}

TEST_F(FollowSourceTest, BoxMeansItselfWhateverTheDetectorSays) {
  const Square square{80, 45}, other{30, 30, 20, kBlue};
  found_ = {detected(other.box(), 5)};
  open("0.4375x0.389x0.125x0.222");
  expect_follows(see({square, other}), square, 1);
  Square moved = square;
  for (int i = 0; i < 10; ++i) {
    moved.x += 3;
    expect_follows(see({moved, other}), moved);
  }
}

TEST_F(FollowSourceTest, NumberWaitsUntilItsSubjectIsSeen) {
  Square square{80, 45};
  open("#3");
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(see({square}).subjects.empty());
    EXPECT_TRUE(source_->is_asked());
  }
  found_ = {detected(square.box(), 7), detected({0.8, 0.8, 0.1, 0.1}, -1)};
  EXPECT_TRUE(see({square}).subjects.empty()) << "another";
  found_ = {detected({0, 0, 0.1, 0.1}, 0), detected(square.box(), 2, 11)};
  const Findings findings = see({square});
  expect_follows(findings, square, 0.1);
  EXPECT_EQ(findings.subjects[0].id, 2);
  EXPECT_EQ(findings.subjects[0].label, 11);
}

// ---- when a wish counts

TEST_F(FollowSourceTest, BeginsAtItsTimeAndGivesWayToTheNext) {
  const Square red{40, 45}, blue{120, 45, 20, kBlue};
  open("0.25x0.5@0.3+0.75x0.5@0.8+auto@1.2", false);
  for (int i = 0; i < 16; ++i) {
    const Findings findings = see({red, blue});
    SCOPED_TRACE(i);
    EXPECT_EQ(wanted_, i == 3 || i == 8 || i == 12);
    EXPECT_EQ(source_->is_asked(), i >= 3 && i < 12);
    if (i < 3 || i >= 12) EXPECT_TRUE(findings.subjects.empty());
    if (i >= 3 && i < 8) expect_follows(findings, red, 5);
    if (i >= 8 && i < 12) expect_follows(findings, blue, 5);
  }
}

TEST_F(FollowSourceTest, SaysThatTheVideoEndedBeforeTheLastWish) {
  const Square square{60, 45};
  open("0.375x0.5+auto@0.4+0.7x0.5@9", false);
  for (int i = 0; i < 10; ++i) see({square});
  EXPECT_NE(source_->not_met().find("ended before"), std::string::npos) << source_->not_met();
  frame_ = 0;
  open("0.375x0.5+auto@0.4", false);
  for (int i = 0; i < 10; ++i) see({square});
  EXPECT_EQ(source_->not_met(), "");
}

TEST_F(FollowSourceTest, FollowsWhatItIsAskedForFromTheNextFrameOn) {
  const Square red{40, 45}, blue{120, 45, 20, kBlue};
  open("auto", false);
  EXPECT_TRUE(see({red, blue}).subjects.empty());
  source_->ask(parse_follow("0.25x0.5"));
  expect_follows(see({red, blue}), red, 5);
  EXPECT_TRUE(wanted_);
  source_->ask(parse_follow("0.75x0.5"));
  expect_follows(see({red, blue}), blue, 5);
  source_->ask(parse_follow("auto"));
  EXPECT_TRUE(see({red, blue}).subjects.empty());
  EXPECT_FALSE(source_->is_asked());
}

TEST_F(FollowSourceTest, LooksInEveryFrameAndAnswersWhereOneIsAnalysed) {
  Square square{40, 45};
  open("0.25x0.5", false);
  see({square});
  for (int i = 0; i < 12; ++i) {
    square.x += 6;
    const Findings findings = see({square}, i % 4 == 3);
    if (i % 4 == 3) expect_follows(findings, square);
    if (i % 4 != 3) EXPECT_TRUE(findings.subjects.empty());
  }
  EXPECT_EQ(script_.looks, 12);
}

TEST_F(FollowSourceTest, BeginsAgainAfterASeek) {
  const Square square{40, 45};
  open("0.25x0.5@0.2", false);
  for (int round = 0; round < 2; ++round) {
    frame_ = 0;
    for (int i = 0; i < 4; ++i) EXPECT_EQ(see({square}).subjects.empty(), i < 2);
    source_->reset(Reset::kSeek);
  }
}

// ---- what is lost

TEST_F(FollowSourceTest, SaysNothingWhileTheSubjectIsCoveredAndGoesOnAfterwards) {
  const Square square{60, 45};
  open("0.375x0.5", false);
  for (int i = 0; i < 4; ++i) see({square});
  for (int i = 0; i < 8; ++i) see({});
  EXPECT_TRUE(see({}).subjects.empty());
  EXPECT_TRUE(source_->is_asked());
  for (int i = 0; i < 6; ++i) see({square});
  expect_follows(see({square}), square);
}

TEST_F(FollowSourceTest, IsFoundAgainAfterACutAmongTheDetectorsByWhatItLooksLike) {
  const Square square{40, 45};
  found_ = {detected(square.box(), 0)};
  open("0.25x0.5");
  for (int i = 0; i < 5; ++i) see({square});
  source_->reset(Reset::kCut);
  const Square there{130, 60}, other{50, 30, 30, kBlue};
  found_ = {detected(other.box(), 8), detected(there.box(), 9)};
  for (int i = 0; i < 3; ++i) see({there, other});
  const Findings findings = see({there, other});
  expect_follows(findings, there);
  EXPECT_EQ(findings.subjects[0].id, 9);
}

TEST_F(FollowSourceTest, AfterACutTheSubjectWithItsIdComesBeforeWhoLooksLikeIt) {
  const Square square{40, 45};
  found_ = {detected(square.box(), 3)};
  open("0.25x0.5");
  for (int i = 0; i < 5; ++i) see({square});
  source_->reset(Reset::kCut);
  const Square changed{130, 60, 20, kBlue}, alike{50, 30};
  found_ = {detected(alike.box(), 8), detected(changed.box(), 3)};
  const Findings findings = see({changed, alike});
  expect_follows(findings, changed);
  EXPECT_EQ(findings.subjects[0].id, 3);
}

TEST_F(FollowSourceTest, AnIdThatWasSeenForAMomentOnlyIsNotWaitedFor) {
  const Square square{40, 45};
  open("0.25x0.5");
  for (int i = 0; i < 5; ++i) see({square});
  found_ = {detected(square.box(), 3)};
  see({square});
  source_->reset(Reset::kCut);
  const Square other{130, 60, 20, kBlue};
  found_ = {detected(other.box(), 3)};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(see({other}).subjects.empty());
}

TEST_F(FollowSourceTest, IsNotFoundAfterACutWhereNobodyLooksLikeIt) {
  const Square square{40, 45};
  found_ = {detected(square.box(), 0)};
  open("0.25x0.5");
  for (int i = 0; i < 5; ++i) see({square});
  source_->reset(Reset::kCut);
  const Square other{40, 45, 20, kBlue};
  found_ = {detected(other.box(), 8)};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(see({other}).subjects.empty());
  EXPECT_TRUE(source_->is_asked());
  // The shot after shows it again.
  source_->reset(Reset::kCut);
  found_ = {detected(square.box(), 9)};
  see({square});
  expect_follows(see({square}), square);
}

TEST_F(FollowSourceTest, ADetectorThatAgreedCorrectsATrackerThatWentAstray) {
  Square square{40, 45};
  open("0.25x0.5");
  for (int i = 0; i < 6; ++i) {
    found_ = {detected(square.box(), 3)};
    see({square});
  }
  EXPECT_EQ(see({square}).subjects.at(0).id, 3);
  // The tracker loses it; the detector has it elsewhere, under the same id.
  square.x = 130;
  found_ = {detected(square.box(), 3)};
  for (int i = 0; i < 8; ++i) see({square});
  expect_follows(see({square}), square);
}

TEST_F(FollowSourceTest, ADetectorThatMixesTwoUpCorrectsNothing) {
  Square square{40, 45}, other{130, 45, 20, kBlue};
  open("0.25x0.5");
  for (int i = 0; i < 6; ++i) {
    found_ = {detected(square.box(), 3), detected(other.box(), 4)};
    see({square, other});
  }
  // They have passed each other, and the detector's numbers went over.
  found_ = {detected(square.box(), 4), detected(other.box(), 3)};
  for (int i = 0; i < 12; ++i) see({square, other});
  const Findings findings = see({square, other});
  expect_follows(findings, square);
  EXPECT_EQ(findings.subjects[0].id, 4);
}

TEST_F(FollowSourceTest, GoesOnAfterWhatWasNoCut) {
  const Square square{40, 45};
  open("0.25x0.5", false);
  for (int i = 0; i < 5; ++i) see({square});
  source_->reset(Reset::kCut);
  expect_follows(see({square}), square);
}

TEST_F(FollowSourceTest, IsFoundAgainAfterACutWhereNoDetectorKnowsIt) {
  const Square square{30, 45};
  open("0.1875x0.5", false);
  for (int i = 0; i < 5; ++i) see({square});
  source_->reset(Reset::kCut);
  const Square there{140, 20};
  int looks = 0;
  while (see({there}).subjects.empty() && looks < 40) ++looks;
  EXPECT_GT(looks, 0) << "it is not where it was";
  EXPECT_LT(looks, 40);
  for (int i = 0; i < 8; ++i) see({there});
  expect_follows(see({there}), there);
}

TEST_F(FollowSourceTest, ADetectorsStrangerCorrectsNothing) {
  const Square square{40, 45};
  open("0.25x0.5");
  for (int i = 0; i < 6; ++i) {
    found_ = {detected(square.box(), 3)};
    see({square});
  }
  found_ = {detected(Square{130, 45}.box(), 4)};
  for (int i = 0; i < 12; ++i) see({square});
  expect_follows(see({square}), square);
}

// ---- inference that fails

TEST_F(FollowSourceTest, SaysThatItFailedAndNamesNoSubject) {
  const Square square{40, 45};
  open("0.25x0.5", false);
  see({square});
  script_.fail = true;
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(see({square}).failed);
  EXPECT_EQ(lines_.size(), 1U) << "one line for a run of failures";
  EXPECT_NE(lines_.at(0).find("inference failed"), std::string::npos);
  script_.fail = false;
  const Findings findings = see({square});
  EXPECT_FALSE(findings.failed);
  expect_follows(findings, square);
}

TEST_F(FollowSourceTest, BeginsWhenInferenceWorksWhereItFailedAtFirst) {
  const Square square{40, 45}, other{130, 20, 16, kBlue};
  for (const char* follow : {"0.25x0.5", "0.1875x0.389x0.125x0.222"}) {
    frame_ = 0;
    found_ = {detected(other.box(), -1)};  // one that has no number yet
    open(follow);
    script_.fail = true;
    for (int i = 0; i < 3; ++i) {
      const Findings findings = see({square, other});
      EXPECT_TRUE(findings.failed);
      EXPECT_TRUE(findings.subjects.empty());
    }
    script_.fail = false;
    expect_follows(see({square, other}), square, 5);
  }
}

TEST_F(FollowSourceTest, ThrowsWithStrict) {
  open("0.25x0.5", false, true);
  script_.fail = true;
  EXPECT_THROW(see({{40, 45}}), Error);
}

}  // namespace
}  // namespace smartcrop
