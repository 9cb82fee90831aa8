// SPDX-License-Identifier: MIT
#include "stage4_crop/company.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace smartcrop {
namespace {

constexpr double kStep_s = 0.2;
constexpr int64_t kPerson = 4, kBike = 2;
constexpr int kPersonClass = 1, kThingClass = 2;

Subject seen(int64_t id, int label, Box box) {
  Subject subject;
  subject.id = id;
  subject.label = label;
  subject.box = box;
  return subject;
}

Subject person_at(double x) { return seen(kPerson, kPersonClass, {x, 0.3, 0.06, 0.3}); }
// Below and around the person.
Subject bike_at(double x) { return seen(kBike, kThingClass, {x - 0.02, 0.5, 0.1, 0.2}); }

class CompanyTest : public testing::Test {
 protected:
  using Regions = std::vector<Subject>;
  void push(const Regions& regions, float pan = 0) {
    Sample sample;
    sample.length_s = kStep_s;
    sample.pan = pan;
    sample.regions = regions;
    company_.push(sample);
  }
  // Fifteen looks; 3 s.
  void watch(const std::function<Regions(int)>& at, float pan = 0) {
    for (int i = 0; i < 15; ++i) push(at(i), pan);
    company_.solve();
  }
  void expect_one() { EXPECT_EQ(company_.lead_of(kBike), kPerson); }
  void expect_two() { EXPECT_EQ(company_.lead_of(kBike), kBike); }

  Company company_;
};

TEST_F(CompanyTest, APersonLeadsTheBikeThatSheRides) {
  watch([](int i) { return Regions{person_at(0.1 + 0.03 * i), bike_at(0.1 + 0.03 * i)}; });
  expect_one();
  EXPECT_EQ(company_.lead_of(kPerson), kPerson);
}

TEST_F(CompanyTest, ACameraThatGoesWithThemIsAsGood) {
  const auto still = [](int) { return Regions{person_at(0.4), bike_at(0.4)}; };
  watch(still, 0.05F);
  expect_one();
}

TEST_F(CompanyTest, AChairBesideAPersonInAStillPictureIsItsOwn) {
  watch([](int) { return Regions{person_at(0.4), bike_at(0.4)}; });
  expect_two();
}

TEST_F(CompanyTest, ABikeThatStaysWhereItIsIsItsOwn) {
  watch([](int i) { return Regions{person_at(0.33 + 0.01 * i), bike_at(0.4)}; });
  expect_two();
}

TEST_F(CompanyTest, ABikeThatGoesBesideAtADistanceIsItsOwn) {
  watch([](int i) { return Regions{person_at(0.1 + 0.03 * i), bike_at(0.3 + 0.03 * i)}; });
  expect_two();
}

TEST_F(CompanyTest, TwoPeopleWhoWalkTogetherAreTwo) {
  watch([](int i) {
    Subject other = bike_at(0.1 + 0.03 * i);
    other.label = kPersonClass;
    return Regions{person_at(0.1 + 0.03 * i), other};
  });
  expect_two();
}

TEST_F(CompanyTest, AFaceAndACallersBoxGoWithNobody) {
  for (const SubjectKind kind : {SubjectKind::kFace, SubjectKind::kCaller, SubjectKind::kText}) {
    company_ = Company();
    watch([kind](int i) {
      Subject other = bike_at(0.1 + 0.03 * i);
      other.kind = kind;
      return Regions{person_at(0.1 + 0.03 * i), other};
    });
    expect_two();
  }
}

TEST_F(CompanyTest, MostLooksDecide) {
  const auto pushed_for = [this](int looks) {
    company_ = Company();
    watch([looks](int i) {
      const double x = 0.1 + 0.03 * i;
      return Regions{person_at(x), bike_at(i < looks ? x : 0.9)};
    });
  };
  pushed_for(12);
  expect_one();
  pushed_for(6);
  expect_two();
}

TEST_F(CompanyTest, AMomentIsTooShort) {
  for (int i = 0; i < 2; ++i) push({person_at(0.1 + 0.2 * i), bike_at(0.1 + 0.2 * i)});
  company_.solve();
  expect_two();
}

TEST_F(CompanyTest, OfTwoPeopleTheRiderLeads) {
  watch([](int i) {
    const double x = 0.1 + 0.03 * i;
    Subject beside = person_at(x + 0.09);
    beside.id = 1;
    return i < 10 ? Regions{person_at(x), beside, bike_at(x)} : Regions{person_at(x), bike_at(x)};
  });
  expect_one();
}

TEST_F(CompanyTest, WhatFollowsAFollowerHasTheSameLead) {
  constexpr int64_t kBasket = 9;
  watch([](int i) {
    const double x = 0.1 + 0.03 * i;
    return Regions{seen(kPerson, 0, {x, 0.3, 0.06, 0.3}), seen(kBike, 16, {x, 0.55, 0.08, 0.2}),
                   seen(kBasket, 36, {x, 0.7, 0.08, 0.15})};
  });
  EXPECT_EQ(company_.lead_of(kBasket), kPerson);
  expect_one();
}

TEST_F(CompanyTest, ClassesThatChangeFromLookToLookLeadInNoCircle) {
  watch([](int i) {
    const double x = 0.1 + 0.03 * i;
    Subject person = person_at(x), bike = bike_at(x);
    if (i % 3 == 1) std::swap(person.label, bike.label);
    if (i % 3 == 2) person.label = bike.label;
    return Regions{person, bike};
  });
  expect_one();
  EXPECT_EQ(company_.lead_of(kPerson), kPerson);
}

// ---- how far a window goes for both

void expect_box(const Box& box, const Box& wanted) {
  EXPECT_NEAR(box.x, wanted.x, 1e-9);
  EXPECT_NEAR(box.y, wanted.y, 1e-9);
  EXPECT_NEAR(box.width, wanted.width, 1e-9);
  EXPECT_NEAR(box.height, wanted.height, 1e-9);
}

TEST(Widened, HoldsBothWhereTheyFit) {
  expect_box(widened({0.4, 0.3, 0.1, 0.3}, {0.35, 0.5, 0.2, 0.2}, Axis::kX, 0.3),
             {0.35, 0.3, 0.2, 0.4});
}

TEST(Widened, KeepsTheFirstInAndAsMuchOfTheOtherAsFits) {
  // 0.1 to the left and 0.3 to the right are wanted, and there is half the room.
  expect_box(widened({0.4, 0.3, 0.1, 0.3}, {0.3, 0.5, 0.5, 0.2}, Axis::kX, 0.3),
             {0.35, 0.3, 0.3, 0.4});
}

TEST(Widened, LeavesWhatIsWiderThanTheWindowAsItIs) {
  expect_box(widened({0.2, 0.3, 0.5, 0.3}, {0.1, 0.3, 0.7, 0.3}, Axis::kX, 0.3),
             {0.2, 0.3, 0.5, 0.3});
}

TEST(Widened, GoesByTheOtherAxisToo) {
  expect_box(widened({0.4, 0.3, 0.1, 0.1}, {0.2, 0.4, 0.5, 0.3}, Axis::kY, 0.2),
             {0.2, 0.3, 0.5, 0.2});
}

}  // namespace
}  // namespace smartcrop
