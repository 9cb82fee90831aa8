// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/carrier.h"

#include <gtest/gtest.h>

#include <string>

#include "stage2_evidence/subjects/fake_tracker.h"

namespace smartcrop {
namespace {

class CarrierTest : public testing::Test {
 protected:
  CarrierTest() {
    Carrier::Settings settings;
    settings.picture = kFilm;
    settings.found = [this] { return found_; };
    settings.map = []() -> const HeatMap* { return nullptr; };
    settings.is_asked = [this] { return is_asked_; };
    const auto keep = [](void* cookie, int, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(line);
    };
    carrier_ = std::make_unique<Carrier>(std::make_shared<FakeTracker>(&script_), settings,
                                         Log(keep, &lines_));
  }
  static Subject detected(const Square& square, int64_t id, float score = 0.9F) {
    Subject subject;
    subject.box = square.box();
    subject.id = id;
    subject.score = score;
    subject.label = static_cast<int>(id) + 20;
    return subject;
  }
  Findings see(const std::vector<Square>& squares, const std::vector<Subject>& found,
               bool analyse = true) {
    found_ = found;
    pictures_.show(paint(squares));
    const Observation observation{frame_,     frame_ * 0.1, &pictures_.proxy(),
                                  &pictures_, analyse,      {}};
    ++frame_;
    return carrier_->observe(observation);
  }

  FakeTracker::Script script_;
  WatchedPictures pictures_;
  std::vector<Subject> found_;
  bool is_asked_ = false;
  std::vector<std::string> lines_;
  std::unique_ptr<Carrier> carrier_;
  int64_t frame_ = 0;
};

TEST_F(CarrierTest, CarriesTheLeaderOnUnderItsIdWhereTheDetectorMissesIt) {
  Square square{40, 45};
  for (int i = 0; i < 4; ++i) see({square}, {detected(square, 5)});
  for (int i = 0; i < 15; ++i) {
    square.x += 5;
    const Findings findings = see({square}, {});
    ASSERT_EQ(findings.subjects.size(), 1U) << i;
    EXPECT_EQ(findings.subjects[0].id, 5);
    EXPECT_EQ(findings.subjects[0].label, 25);
    EXPECT_FALSE(findings.subjects[0].followed) << "nobody asked for it";
    EXPECT_NEAR(centre_x(findings.subjects[0].box), square.x, 3);
  }
}

TEST_F(CarrierTest, LeadsWithWhoIsWorthMost) {
  const Square large{40, 45, 30}, small{120, 45, 12, kBlue};
  const Findings findings = see({large, small}, {detected(small, 1), detected(large, 2)});
  ASSERT_EQ(findings.subjects.size(), 1U);
  EXPECT_EQ(findings.subjects[0].id, 2);
}

TEST_F(CarrierTest, LeadsWithAPersonWhoseFaceIsWorthMore) {
  const Square body{60, 50, 40}, head{60, 35, 10, kBlue};
  Subject face = detected(head, 2, 1.0F), person = detected(body, 1, 0.2F);
  face.owner = 1;
  const Findings findings = see({body, head}, {person, face});
  ASSERT_EQ(findings.subjects.size(), 1U);
  EXPECT_EQ(findings.subjects[0].id, 1);
}

TEST_F(CarrierTest, StaysWithALeaderWhomAnotherHardlyOutdoesAndGivesWayToAClearlyBetterOne) {
  const Square first{40, 45, 20};
  Square second{120, 45, 16, kBlue};
  const auto leader = [&](int looks) {
    int64_t id = -1;
    for (int i = 0; i < looks; ++i) {
      const Findings findings = see({first, second}, {detected(first, 1), detected(second, 2)});
      id = findings.subjects.empty() ? -1 : findings.subjects[0].id;
    }
    return id;
  };
  EXPECT_EQ(leader(10), 1);
  second.side = 22;
  EXPECT_EQ(leader(60), 1);
  second.side = 60;
  EXPECT_EQ(leader(60), 2);
}

TEST_F(CarrierTest, LosesALeaderWhoIsCoveredAndTakesTheNextThatIsFound) {
  const Square first{40, 45}, second{120, 45, 20, kBlue};
  for (int i = 0; i < 4; ++i) see({first}, {detected(first, 1)});
  for (int i = 0; i < 8; ++i) see({}, {});
  EXPECT_TRUE(see({}, {}).subjects.empty());
  const Findings findings = see({second}, {detected(second, 2)});
  ASSERT_EQ(findings.subjects.size(), 1U);
  EXPECT_EQ(findings.subjects[0].id, 2);
}

TEST_F(CarrierTest, GoesBackToTheDetectorsBoxWhereTheTwoPartForLong) {
  const Square square{40, 45};
  for (int i = 0; i < 4; ++i) see({square}, {detected(square, 1)});
  // Something of its colour stays where it was; the detector has it elsewhere.
  const Square there{120, 45};
  Findings findings;
  for (int i = 0; i < 6; ++i) findings = see({square, there}, {detected(there, 1)});
  ASSERT_EQ(findings.subjects.size(), 1U);
  EXPECT_NEAR(centre_x(findings.subjects[0].box), 120, 4);
}

TEST_F(CarrierTest, TakesNobodyWithoutAnId) {
  const Square square{40, 45};
  EXPECT_TRUE(see({square}, {detected(square, -1)}).subjects.empty());
  EXPECT_EQ(script_.remembered, 0);
}

TEST_F(CarrierTest, RestsWhileAWishIsFollowedAndBetweenAnalysedFrames) {
  const Square square{40, 45};
  is_asked_ = true;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(see({square}, {detected(square, 1)}).subjects.empty());
  EXPECT_EQ(script_.remembered + script_.looks, 0);
  is_asked_ = false;
  EXPECT_TRUE(see({square}, {detected(square, 1)}, false).subjects.empty());
  EXPECT_EQ(script_.remembered + script_.looks, 0);
  EXPECT_EQ(see({square}, {detected(square, 1)}).subjects.size(), 1U);
}

TEST_F(CarrierTest, ForgetsEverybodyAtACut) {
  const Square square{40, 45};
  for (int i = 0; i < 4; ++i) see({square}, {detected(square, 1)});
  carrier_->reset(Reset::kCut);
  EXPECT_TRUE(see({square}, {}).subjects.empty());
}

TEST_F(CarrierTest, SaysThatItFailedAndGoesOnWithWhatItHas) {
  const Square square{40, 45};
  for (int i = 0; i < 4; ++i) see({square}, {detected(square, 1)});
  script_.fail = true;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(see({square}, {detected(square, 1)}).failed);
  EXPECT_EQ(lines_.size(), 1U);
  script_.fail = false;
  const Findings findings = see({square}, {detected(square, 1)});
  EXPECT_FALSE(findings.failed);
  ASSERT_EQ(findings.subjects.size(), 1U);
  EXPECT_NEAR(centre_x(findings.subjects[0].box), 40, 3);
}

}  // namespace
}  // namespace smartcrop
