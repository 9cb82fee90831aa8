// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/gallery.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

// Directions in a plane: the likeness of two is the cosine of the angle between them.
Appearance at(double degrees) {
  const double angle = degrees * M_PI / 180;
  return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}
Newcomer someone(int64_t id, double degrees, SubjectKind kind = SubjectKind::kSubject,
                 int label = 1) {
  return {id, kind, label, at(degrees), {0.1, 0.1, 0.2, 0.2}};
}
// The same, elsewhere.
Newcomer elsewhere(int64_t id, double degrees, SubjectKind kind = SubjectKind::kSubject,
                   int label = 1) {
  return {id, kind, label, at(degrees), {0.6, 0.1, 0.2, 0.2}};
}
double degrees_of(double likeness) { return std::acos(likeness) * 180 / M_PI; }

using Ids = std::vector<std::optional<int64_t>>;

class GalleryTest : public testing::Test {
 protected:
  // Two very different people were seen.
  void SetUp() override {
    gallery_.learn(someone(1, 0), 0);
    gallery_.learn(someone(2, 80), 0);
  }
  Gallery gallery_;
};

TEST_F(GalleryTest, WhoLooksTheSameHasTheOldId) {
  EXPECT_EQ(gallery_.recall({elsewhere(9, 3)}, {9}), Ids{1});
  EXPECT_EQ(gallery_.recall({elsewhere(9, 78)}, {9}), Ids{2});
}

TEST_F(GalleryTest, WhoLooksLikeNobodyHasNone) {
  EXPECT_EQ(gallery_.recall({elsewhere(9, 40)}, {9}), Ids{std::nullopt});
  const double just_less = degrees_of(following::kSameLook) + 1;
  EXPECT_EQ(gallery_.recall({elsewhere(9, just_less)}, {9}), Ids{std::nullopt});
  EXPECT_EQ(gallery_.recall({elsewhere(9, just_less - 2)}, {9}), Ids{1});
}

TEST_F(GalleryTest, LessLikenessWillDoInTheSamePlaceOfTheSameShot) {
  const double less = degrees_of(following::kSameLook - following::kSamePlace / 2);
  EXPECT_EQ(gallery_.recall({elsewhere(9, less)}, {9}), Ids{std::nullopt});
  EXPECT_EQ(gallery_.recall({someone(9, less)}, {9}), Ids{1});
  gallery_.begin_shot();
  EXPECT_EQ(gallery_.recall({someone(9, less)}, {9}), Ids{std::nullopt});
}

TEST_F(GalleryTest, WhoLooksLikeTwoHasNone) {
  gallery_.learn(someone(3, 10), 0);
  EXPECT_EQ(gallery_.recall({elsewhere(9, 5)}, {9}), Ids{std::nullopt});
}

TEST_F(GalleryTest, WhoIsInViewLendsNobodyAnId) {
  EXPECT_EQ(gallery_.recall({elsewhere(9, 3)}, {1, 9}), Ids{std::nullopt});
}

TEST_F(GalleryTest, OfTwoWhoLookLikeOneTheLikerHasItsId) {
  EXPECT_EQ(gallery_.recall({elsewhere(8, 12), elsewhere(9, 2)}, {8, 9}), (Ids{std::nullopt, 1}));
}

TEST_F(GalleryTest, TwoWhoComeBackTogetherHaveEachTheirOwn) {
  EXPECT_EQ(gallery_.recall({elsewhere(8, 82), elsewhere(9, 2)}, {8, 9}), (Ids{2, 1}));
}

TEST_F(GalleryTest, FacesBodiesAndClassesAreNotTakenForOneAnother) {
  EXPECT_EQ(gallery_.recall({elsewhere(9, 0, SubjectKind::kFace)}, {9}), Ids{std::nullopt});
  EXPECT_EQ(gallery_.recall({elsewhere(9, 0, SubjectKind::kSubject, 2)}, {9}), Ids{std::nullopt});
}

TEST_F(GalleryTest, KnowsASubjectByEachOfItsViews) {
  for (const double turned : {20.0, 40.0}) gallery_.learn(someone(1, -turned), 1);
  for (const double view : {0.0, -20.0, -40.0}) {
    EXPECT_EQ(gallery_.recall({elsewhere(9, view - 2)}, {9}), Ids{1}) << view;
  }
}

TEST_F(GalleryTest, KeepsSoManyViewsAndThoseThatDiffer) {
  const double step = degrees_of(following::kSameView) + 2;
  for (int i = 1; i < following::kMostViews; ++i) gallery_.learn(someone(1, -i * step), i);
  for (int i = 0; i < 100; ++i) gallery_.learn(someone(1, 0.1 * (i % 7)), 50 + i);
  const double last = -(following::kMostViews - 1) * step;
  EXPECT_EQ(gallery_.recall({elsewhere(9, last)}, {9}), Ids{1}) << "many alike displace no other";
}

TEST_F(GalleryTest, TheSubjectThatWasSeenLongestAgoIsForgotten) {
  for (int i = 0; i < following::kMostKnown - 1; ++i) {
    gallery_.learn(someone(100 + i, 180 + i % 90), 10 + i);
    gallery_.learn(someone(2, 80), 10 + i);
  }
  EXPECT_EQ(gallery_.recall({elsewhere(9, 0)}, {9}), Ids{std::nullopt});
  EXPECT_EQ(gallery_.recall({elsewhere(9, 80)}, {9}), Ids{2});
}

TEST_F(GalleryTest, WhatWasLearnedUnderANewIdGoesToTheOldOne) {
  gallery_.learn(someone(9, -60), 5);
  gallery_.join(1, 9);
  EXPECT_EQ(gallery_.recall({elsewhere(12, -60)}, {12}), Ids{1});
  EXPECT_EQ(gallery_.recall({elsewhere(12, 0)}, {12}), Ids{1});
}

TEST_F(GalleryTest, NobodyIsKnownAfterAClear) {
  gallery_.clear();
  EXPECT_TRUE(gallery_.empty());
  EXPECT_EQ(gallery_.recall({elsewhere(9, 0)}, {9}), Ids{std::nullopt});
}

}  // namespace
}  // namespace smartcrop
