// SPDX-License-Identifier: MIT
#include "stage4_crop/lock.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace smartcrop {
namespace {

constexpr double kStep_s = 0.1;

// A subject of a fifth of the picture's height, around a place along x.
Subject someone(int64_t id, double place, SubjectKind kind = SubjectKind::kSubject) {
  Subject subject;
  subject.id = id;
  subject.kind = kind;
  subject.box = {place - 0.05, 0.4, 0.1, 0.2};
  subject.score = 0.9F;
  return subject;
}

double place_of(const Subject& subject) { return subject.box.x + subject.box.width / 2; }

class LockTest : public testing::Test {
 protected:
  LockTest() { lock_.set_window(Axis::kX, 0.316); }

  // Whom each sample shows, with the map's share in each.
  using Shown = std::vector<std::pair<Subject, float>>;
  void push(const Shown& shown, double step_s = kStep_s) {
    Sample sample;
    sample.time_s = now_s_;
    sample.length_s = step_s;
    for (const auto& [subject, mass] : shown) {
      sample.found.push_back(subject);
      sample.regions.push_back(subject);
      sample.masses.push_back(mass);
    }
    now_s_ += step_s;
    lock_.push(sample);
    ++count_;
  }
  void push(double seconds, const Shown& shown) {
    for (int i = 0; i < std::lround(seconds / kStep_s); ++i) push(shown);
  }
  // The ids gone after, -1 for nobody.
  std::vector<int64_t> ids() {
    lock_.solve();
    std::vector<int64_t> ids;
    for (size_t i = 0; i < count_; ++i) {
      const auto subject = lock_.at(i);
      ids.push_back(subject ? subject->id : -1);
    }
    return ids;
  }
  std::vector<int64_t> all(int64_t id) const { return std::vector<int64_t>(count_, id); }

  Lock lock_;
  double now_s_ = 0;
  size_t count_ = 0;
};

TEST_F(LockTest, GoesAfterTheOneClearSubject) {
  push(4, {{someone(3, 0.3), 0.6F}});
  EXPECT_EQ(ids(), all(3));
}

TEST_F(LockTest, GoesAfterNobodyWhereNobodyIs) {
  push(4, {});
  EXPECT_EQ(ids(), all(-1));
}

TEST_F(LockTest, LeavesASubjectThatNobodyLooksAt) {
  push(4, {{someone(3, 0.3), 0.002F}});
  EXPECT_EQ(ids(), all(-1));
}

TEST_F(LockTest, TakesOnlyWhoWasFoundAndHasAnId) {
  Subject text = someone(1, 0.3, SubjectKind::kText), own = someone(2, 0.3, SubjectKind::kCaller);
  push(4, {{text, 0.9F}, {own, 0.9F}, {someone(-1, 0.3), 0.9F}});
  EXPECT_EQ(ids(), all(-1));
}

TEST_F(LockTest, PrefersWhoseClassIsPreferredAndOfWhomTheDetectorIsSure) {
  Subject person = someone(1, 0.3), dog = someone(2, 0.35);
  dog.preference = 0.2F;
  push(4, {{dog, 0.4F}, {person, 0.3F}});
  EXPECT_EQ(ids(), all(1));
  lock_ = Lock();
  lock_.set_window(Axis::kX, 0.316);
  count_ = 0;
  Subject unsure = someone(3, 0.35);
  unsure.score = 0.2F;
  push(4, {{unsure, 0.4F}, {person, 0.3F}});
  EXPECT_EQ(ids(), all(1));
}

// ---- faces

TEST_F(LockTest, APersonAndHerFaceAreNoRivals) {
  Subject face = someone(4, 0.75, SubjectKind::kFace);
  const Subject person = someone(3, 0.25);
  push(4, {{person, 0.4F}, {face, 0.35F}});
  EXPECT_EQ(ids(), all(-1)) << "of two people nobody stands out";
  lock_ = Lock();
  lock_.set_window(Axis::kX, 0.316);
  count_ = 0;
  face.owner = person.id;
  push(4, {{person, 0.4F}, {face, 0.35F}});
  EXPECT_EQ(ids(), all(3));
}

TEST_F(LockTest, AFaceStandsForItsPersonWhoIsNotSeen) {
  Subject face = someone(4, 0.32, SubjectKind::kFace);
  face.owner = 3;
  push(2, {{someone(3, 0.3), 0.6F}, {face, 0.2F}});
  push(2, {{face, 0.6F}});
  EXPECT_EQ(ids(), all(3));
}

TEST_F(LockTest, TwoFacesTalkAlsoWhereTheyHaveBodies) {
  Subject first = someone(1, 0.2, SubjectKind::kFace), second = someone(2, 0.3, SubjectKind::kFace);
  first.owner = 5;
  second.owner = 6;
  push(4, {{first, 0.1F}, {second, 0.1F}, {someone(5, 0.2), 0.9F}, {someone(6, 0.3), 0.01F}});
  EXPECT_EQ(ids(), all(-1));
}

// ---- who was asked for

TEST_F(LockTest, GoesAfterWhoWasAskedForWhateverElseThereIs) {
  for (const SubjectKind kind : {SubjectKind::kSubject, SubjectKind::kCaller, SubjectKind::kText}) {
    lock_ = Lock();
    count_ = 0;
    Subject asked = someone(9, 0.8, kind);
    asked.followed = true;
    push(4, {{someone(3, 0.3), 0.9F}, {asked, 0.0F}});
    EXPECT_EQ(ids(), all(9));
  }
}

TEST_F(LockTest, GoesAfterWhoWasAskedForWithoutAnIdToo) {
  Subject asked = someone(-1, 0.8);
  asked.followed = true;
  push(2, {{someone(3, 0.3), 0.9F}, {asked, 0.0F}});
  lock_.solve();
  for (size_t i = 0; i < count_; ++i) EXPECT_NEAR(place_of(*lock_.at(i)), 0.8, 1e-9);
}

TEST_F(LockTest, GoesBackToItsOwnChoiceAfterwards) {
  Subject asked = someone(9, 0.8);
  asked.followed = true;
  push(2, {{someone(3, 0.3), 0.6F}, {asked, 0.0F}});
  push(2, {{someone(3, 0.3), 0.6F}});
  const std::vector<int64_t> ids = this->ids();
  EXPECT_EQ(ids.front(), 9);
  EXPECT_EQ(ids.back(), 3);
}

// ---- several

TEST_F(LockTest, GoesAfterNobodyWhereARivalIsElsewhere) {
  push(4, {{someone(1, 0.2), 0.4F}, {someone(2, 0.8), 0.35F}});
  EXPECT_EQ(ids(), all(-1));
}

TEST_F(LockTest, MindsNoRivalWhoIsBesideTheSubjectOrWorthLittle) {
  push(4, {{someone(1, 0.2), 0.4F}, {someone(2, 0.3), 0.3F}});
  EXPECT_EQ(ids(), all(1)) << "one window shows both";
  lock_ = Lock();
  lock_.set_window(Axis::kX, 0.316);
  count_ = 0;
  push(4, {{someone(1, 0.2), 0.6F}, {someone(2, 0.8), 0.05F}});
  EXPECT_EQ(ids(), all(1));
}

TEST_F(LockTest, LeavesWhoComesAndGoesForWhoStays) {
  for (int i = 0; i < 40; ++i) {
    Shown shown = {{someone(1, 0.25), 0.3F}};
    if (i % 8 == 0) shown.push_back({someone(2, 0.35), 0.5F});
    push(shown);
  }
  EXPECT_EQ(ids(), all(1));
}

TEST_F(LockTest, GoesAfterNobodyWhereTwoLargeFacesTalkForAThirdOfTheTime) {
  const Subject left = someone(1, 0.4, SubjectKind::kFace);
  const Subject right = someone(2, 0.5, SubjectKind::kFace);  // one window could show both
  push(1.5, {{left, 0.5F}, {right, 0.1F}});
  push(2.5, {{left, 0.5F}});
  EXPECT_EQ(ids(), all(-1));
}

TEST_F(LockTest, MindsNoFacesThatAreSmallOrShort) {
  Subject left = someone(1, 0.4, SubjectKind::kFace), right = someone(2, 0.5, SubjectKind::kFace);
  push(0.8, {{left, 0.5F}, {right, 0.1F}});
  push(3.2, {{left, 0.5F}});
  EXPECT_EQ(ids(), all(1)) << "a fifth of the time";
  lock_ = Lock();
  lock_.set_window(Axis::kX, 0.316);
  count_ = 0;
  right.box.width = 0.02;
  push(4, {{left, 0.5F}, {right, 0.02F}});
  EXPECT_EQ(ids(), all(1));
}

TEST_F(LockTest, DoesNotFlickerBetweenTwoOfEqualWorth) {
  for (int i = 0; i < 60; ++i) {
    const float more = i % 2 == 0 ? 0.33F : 0.27F;
    push({{someone(1, 0.3), more}, {someone(2, 0.36), 0.6F - more}});
  }
  const std::vector<int64_t> ids = this->ids();
  for (const int64_t id : ids) EXPECT_EQ(id, ids.front());
  EXPECT_GE(ids.front(), 1);
}

TEST_F(LockTest, GoesToAnotherWhoIsWorthMoreForLong) {
  push(4, {{someone(1, 0.3), 0.6F}, {someone(2, 0.38), 0.05F}});
  push(4, {{someone(1, 0.3), 0.05F}, {someone(2, 0.38), 0.6F}});
  const std::vector<int64_t> ids = this->ids();
  EXPECT_EQ(ids.front(), 1);
  EXPECT_EQ(ids.back(), 2);
  int changes = 0;
  for (size_t i = 1; i < ids.size(); ++i) changes += ids[i] != ids[i - 1] ? 1 : 0;
  EXPECT_EQ(changes, 1);
}

// ---- gaps

TEST_F(LockTest, BridgesAShortGapBetweenTheBoxes) {
  push(2, {{someone(1, 0.3), 0.6F}});
  push(0.9, {});
  push(2, {{someone(1, 0.5), 0.6F}});
  EXPECT_EQ(ids(), all(1));
  double before = 0.3;
  for (size_t i = 20; i < 29; ++i) {
    const double place = place_of(*lock_.at(i));
    EXPECT_GT(place, before) << i;
    EXPECT_LT(place, 0.5) << i;
    before = place;
  }
  EXPECT_NEAR(place_of(*lock_.at(24)), 0.4, 0.02);
}

TEST_F(LockTest, StaysForAMomentWhereASubjectWasThatIsGone) {
  push(3, {{someone(1, 0.3), 0.6F}});
  push(0.5, {});
  lock_.solve();
  const auto last = lock_.at(count_ - 1);
  ASSERT_TRUE(last.has_value());
  EXPECT_NEAR(place_of(*last), 0.3, 1e-9);
}

TEST_F(LockTest, DoesNotBridgeALongGap) {
  push(3, {{someone(1, 0.3), 0.6F}});
  push(6, {});
  push(3, {{someone(1, 0.7), 0.6F}});
  const std::vector<int64_t> ids = this->ids();
  EXPECT_EQ(ids.front(), 1);
  EXPECT_EQ(ids[60], -1) << "in the middle of the gap";
}

// ---- samples that are over

TEST_F(LockTest, KeepsWhatWasShownWhereTheNextIsHardlyWorthMore) {
  const auto first_after = [&](int64_t better) {
    lock_ = Lock();
    lock_.set_window(Axis::kX, 0.316);
    count_ = 0;
    now_s_ = 0;
    const auto both = [better](float more) {
      const float first = better == 1 ? more : 0.6F - more;
      return Shown{{someone(1, 0.3), first}, {someone(2, 0.34), 0.6F - first}};
    };
    push(3, both(0.4F));
    ids();
    // The picture turns a little to the other one, and what was before is over.
    push(0.5, both(0.28F));
    for (int i = 0; i < 30; ++i) {
      lock_.pop();
      --count_;
    }
    push(0.1, both(0.28F));
    return ids().front();
  };
  EXPECT_EQ(first_after(1), 1);
  EXPECT_EQ(first_after(2), 2);
}

TEST_F(LockTest, RemembersWhereWhoWasShownWasLastSeen) {
  push(3, {{someone(1, 0.3), 0.6F}});
  push(0.5, {});
  ids();
  // All samples in which it was seen are over.
  for (int i = 0; i < 30; ++i) {
    lock_.pop();
    --count_;
  }
  EXPECT_EQ(ids(), all(1));
  EXPECT_NEAR(place_of(*lock_.at(0)), 0.3, 1e-9);
  push(0.3, {});
  EXPECT_EQ(ids(), all(1));
}

TEST_F(LockTest, IsSolvedUntilSomethingComes) {
  push(1, {{someone(1, 0.3), 0.6F}});
  EXPECT_FALSE(lock_.solved());
  lock_.solve();
  EXPECT_TRUE(lock_.solved());
  lock_.pop();
  EXPECT_TRUE(lock_.solved());
  push({{someone(1, 0.3), 0.6F}});
  EXPECT_FALSE(lock_.solved());
}

// ---- what a person rides is a part of her

Subject rider(double place) {
  Subject person = someone(3, place);
  person.label = 1;
  return person;
}

Subject bike(double place) {
  Subject thing = someone(7, place + 0.06);
  thing.label = 2;
  thing.box.width = 0.16;
  return thing;
}

TEST_F(LockTest, ARiderAndHerBikeAreOneSubject) {
  for (int i = 0; i < 40; ++i) {
    const double place = 0.2 + 0.01 * i;
    push({{rider(place), 0.3F}, {bike(place), 0.3F}});
  }
  EXPECT_EQ(ids(), all(3));
  EXPECT_NEAR(lock_.at(5)->box.x, 0.2, 1e-9) << "from her back";
  EXPECT_NEAR(lock_.at(5)->box.width, 0.22, 1e-9) << "to the bike's front";
}

TEST_F(LockTest, ABikeIsNoRivalOfItsRider) {
  lock_.set_window(Axis::kX, 0.1);  // so narrow that it would be elsewhere
  for (int i = 0; i < 40; ++i) {
    const double place = 0.2 + 0.01 * i;
    push({{rider(place), 0.3F}, {bike(place), 0.3F}});
  }
  EXPECT_EQ(ids(), all(3));
  EXPECT_NEAR(place_of(*lock_.at(5)), 0.25, 1e-9) << "she fills the window";
}

TEST_F(LockTest, WhoIsAskedForComesWithWhatSheRides) {
  for (int i = 0; i < 40; ++i) {
    const double place = 0.2 + 0.01 * i;
    Subject asked = rider(place);
    asked.followed = true;
    push({{asked, 0.01F}, {bike(place), 0.6F}});
  }
  EXPECT_EQ(ids(), all(3));
  EXPECT_NEAR(lock_.at(5)->box.width, 0.22, 1e-9);
}

TEST_F(LockTest, ABikeThatIsAskedForComesWithItsRider) {
  for (int i = 0; i < 40; ++i) {
    const double place = 0.2 + 0.01 * i;
    Subject asked = bike(place);
    asked.followed = true;
    push({{rider(place), 0.6F}, {asked, 0.01F}});
  }
  EXPECT_EQ(ids(), all(7));
  EXPECT_NEAR(lock_.at(5)->box.x, 0.2, 1e-9);
  EXPECT_NEAR(lock_.at(5)->box.width, 0.22, 1e-9);
}

TEST_F(LockTest, ACallersBoxKeepsItsOwnPlaceWhateverItsNumber) {
  for (int i = 0; i < 40; ++i) {
    const double place = 0.2 + 0.01 * i;
    Subject asked = someone(3, 0.8, SubjectKind::kCaller);
    asked.followed = true;
    push({{rider(place), 0.6F}, {bike(place), 0.3F}, {asked, 0.01F}});
  }
  lock_.solve();
  EXPECT_NEAR(place_of(*lock_.at(5)), 0.8, 1e-9);
}

}  // namespace
}  // namespace smartcrop
