// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/owners.h"

#include <gtest/gtest.h>

namespace smartcrop {
namespace {

constexpr int kFaces = 0, kPeople = 1, kThings = 2;

Subject person(int64_t id, double left, int label = kPeople) {
  Subject subject;
  subject.id = id;
  subject.label = label;
  subject.box = {left, 0.2, 0.2, 0.7};
  return subject;
}

// At the head of such a person.
Subject face(int64_t id, double left_of_person, double top = 0.22) {
  Subject subject;
  subject.id = id;
  subject.label = kFaces;
  subject.kind = SubjectKind::kFace;
  subject.box = {left_of_person + 0.07, top, 0.06, 0.1};
  return subject;
}

class OwnersTest : public testing::Test {
 protected:
  void look(const std::vector<Subject>& subjects, int times = 1) {
    for (int i = 0; i < times; ++i) owners_.look(subjects);
  }
  Owners owners_{[](int label) { return label == kPeople; }};
};

TEST_F(OwnersTest, AFaceAtAHeadForSomeLooksBelongsToItsPerson) {
  look({person(1, 0.1), face(2, 0.1)}, 2);
  EXPECT_EQ(owners_.owner_of(2), -1) << "not yet";
  look({person(1, 0.1), face(2, 0.1)});
  EXPECT_EQ(owners_.owner_of(2), 1);
}

TEST_F(OwnersTest, LooksInARowCount) {
  for (int i = 0; i < 4; ++i) {
    look({person(1, 0.1), face(2, 0.1)}, 2);
    look({person(1, 0.6), face(2, 0.1)});
  }
  EXPECT_EQ(owners_.owner_of(2), -1);
}

TEST_F(OwnersTest, AFaceAtTheFeetOrBesideBelongsToNobody) {
  look({person(1, 0.1), face(2, 0.1, 0.7), face(3, 0.22)}, 5);
  EXPECT_EQ(owners_.owner_of(2), -1);
  EXPECT_EQ(owners_.owner_of(3), -1);
}

TEST_F(OwnersTest, OnlyPeopleHaveFaces) {
  look({person(1, 0.1, kThings), face(2, 0.1)}, 5);
  EXPECT_EQ(owners_.owner_of(2), -1);
}

TEST_F(OwnersTest, OfTwoPeopleWhoOverlapEachHasHerOwn) {
  look({person(1, 0.1), person(2, 0.2), face(3, 0.1), face(4, 0.2)}, 3);
  EXPECT_EQ(owners_.owner_of(3), 1);
  EXPECT_EQ(owners_.owner_of(4), 2);
}

TEST_F(OwnersTest, AFaceKeepsItsPersonWhileOneOfTheTwoIsNotSeen) {
  look({person(1, 0.1), face(2, 0.1)}, 3);
  look({face(2, 0.1)}, 10);
  EXPECT_EQ(owners_.owner_of(2), 1);
  look({person(1, 0.1)}, 10);
  EXPECT_EQ(owners_.owner_of(2), 1);
}

TEST_F(OwnersTest, AFaceThatIsSeenAtAnotherHeadChangesItsPerson) {
  look({person(1, 0.1), face(2, 0.1)}, 3);
  const std::vector<Subject> apart{person(1, 0.1), person(5, 0.6), face(2, 0.6)};
  look(apart, 2);
  EXPECT_EQ(owners_.owner_of(2), 1) << "not at once";
  look(apart, 3);
  EXPECT_EQ(owners_.owner_of(2), 5);
}

TEST_F(OwnersTest, ASecondBoxThatFitsBetterTakesNoFaceAway) {
  look({person(1, 0.08), face(2, 0.1)}, 3);
  look({person(1, 0.08), person(5, 0.1), face(2, 0.1)}, 10);
  EXPECT_EQ(owners_.owner_of(2), 1);
}

TEST_F(OwnersTest, ABodyIsKnownByItsFaceWhereItsPersonIsNotInView) {
  look({person(1, 0.1), face(2, 0.1)}, 3);
  const std::vector<Owners::Known> known = owners_.look({person(7, 0.5), face(2, 0.5)});
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].body, 7);
  EXPECT_EQ(known[0].person, 1);
  EXPECT_TRUE(owners_.look({person(1, 0.1), person(7, 0.5), face(2, 0.5)}).empty());
  EXPECT_TRUE(owners_.look({person(7, 0.5), face(3, 0.5)}).empty()) << "another face";
  EXPECT_TRUE(owners_.look({person(7, 0.43), face(2, 0.5)}).empty()) << "at the edge of the body";
}

TEST_F(OwnersTest, AfterAClearNobodyIsKnown) {
  look({person(1, 0.1), face(2, 0.1)}, 3);
  owners_.clear();
  EXPECT_EQ(owners_.owner_of(2), -1);
}

}  // namespace
}  // namespace smartcrop
