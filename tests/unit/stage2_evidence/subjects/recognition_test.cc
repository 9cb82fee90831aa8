// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/recognition.h"

#include <gtest/gtest.h>

#include "stage2_evidence/subjects/fake_tracker.h"
#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

constexpr double kStep_s = 0.25;
constexpr Colour3 kGreen{150, 60, 60};

// Squares that a detector finds, and their ids.
class RecognitionTest : public testing::Test {
 protected:
  // A look at each step; gives the ids of the squares at the last one, -1 for one without a track.
  std::vector<int64_t> see(const std::vector<Square>& squares, int looks = 1) {
    std::vector<int64_t> ids;
    for (int i = 0; i < looks; ++i) {
      pictures_.show(paint(squares));
      pictures_.parts.clear();
      std::vector<Subject> found;
      for (const Square& each : squares) {
        Subject subject;
        subject.box = each.box();
        subject.label = 1;
        subject.score = 0.9F;
        found.push_back(subject);
      }
      tracker_.look(found, now_s_);
      recognition_.look(&pictures_, now_s_, &tracker_);
      most_parts_ = std::max(most_parts_, pictures_.parts.size());
      ids = ids_of(squares);
      now_s_ += kStep_s;
    }
    return ids;
  }
  std::vector<int64_t> ids_of(const std::vector<Square>& squares) const {
    std::vector<int64_t> ids;
    for (const Square& square : squares) {
      ids.push_back(-1);
      for (const Subject& each : tracker_.boxes(now_s_)) {
        if (std::abs(centre_x(each.box) - square.x) < 3) ids.back() = recognition_.id_of(each.id);
      }
    }
    return ids;
  }
  void nobody_for(double seconds) { see({}, static_cast<int>(seconds / kStep_s)); }
  void reset(Reset reset) {
    tracker_.reset(reset);
    recognition_.reset(reset);
  }

  WatchedPictures pictures_;
  BoxTracker tracker_{{16.0 / 9, 0.5}};
  Recognition recognition_{kFilm};
  double now_s_ = 0;
  size_t most_parts_ = 0;
};

TEST_F(RecognitionTest, ASubjectThatWasHiddenForLongHasItsIdAgain) {
  const int64_t id = see({{40, 45}}, 8).at(0);
  nobody_for(5);
  EXPECT_EQ(see({{110, 45}}, 4).at(0), id) << "in another place, too";
}

TEST_F(RecognitionTest, AnotherOneDoesNot) {
  const int64_t id = see({{40, 45}}, 8).at(0);
  nobody_for(5);
  const int64_t other = see({{40, 45, 20, kBlue}}, 4).at(0);
  EXPECT_GE(other, 0);
  EXPECT_NE(other, id);
}

TEST_F(RecognitionTest, IdsOutlastACutAwayAndBack) {
  const Square red{40, 45}, blue{120, 45, 20, kBlue}, green{80, 45, 30, kGreen};
  const std::vector<int64_t> ids = see({red, blue}, 8);
  reset(Reset::kCut);
  const int64_t third = see({green}, 8).at(0);
  EXPECT_NE(third, ids[0]);
  EXPECT_NE(third, ids[1]);
  reset(Reset::kCut);
  EXPECT_EQ(see({{130, 40}, {30, 50, 20, kBlue}}), ids)
      << "with the first look, and changed places";
  reset(Reset::kCut);
  EXPECT_EQ(see({green}).at(0), third);
}

TEST_F(RecognitionTest, NobodyIsKnownAfterASeek) {
  see({{40, 45}, {120, 45, 20, kBlue}}, 8);
  reset(Reset::kSeek);
  EXPECT_EQ(see({{120, 45, 20, kBlue}}).at(0), 0) << "ids are counted anew";
}

TEST_F(RecognitionTest, WhoLooksLikeSomeoneInViewHasAnIdOfItsOwn) {
  const int64_t id = see({{40, 45}}, 8).at(0);
  const std::vector<int64_t> both = see({{40, 45}, {120, 45}}, 8);
  EXPECT_EQ(both[0], id);
  EXPECT_NE(both[1], id);
}

TEST_F(RecognitionTest, ATrackThatWaitsForItsSubjectEndsWhereItIsSeenElsewhere) {
  const int64_t id = see({{40, 45}}, 8).at(0);
  nobody_for(1);  // the track is not shown, and not forgotten
  EXPECT_EQ(see({{130, 45}}, 2).at(0), id);
  const std::vector<int64_t> both = see({{130, 45}, {40, 45}}, 2);
  EXPECT_EQ(both[0], id);
  EXPECT_NE(both[1], id) << "two boxes never have one id";
}

TEST_F(RecognitionTest, WhatIsTinyOrCoveredIsNotComparedOrLearned) {
  const double tiny = following::kLeastShown * kFilm.height * 0.9;
  see({{40, 45, tiny}}, 8);
  EXPECT_EQ(most_parts_, 0U);
  see({{40, 45}, {44, 45, 20, kBlue}}, 8);
  EXPECT_EQ(most_parts_, 0U);
}

TEST_F(RecognitionTest, ASubjectThatIsNewMayBeKnownByOthers) {
  const int64_t id = see({{40, 45}}, 8).at(0);
  nobody_for(5);
  const Square changed{110, 45, 20, kBlue};
  recognition_.know(see({changed}, 2).at(0), id, &tracker_);
  EXPECT_EQ(see({changed}).at(0), id);
  // One that is known, or was in view for long, does not change.
  recognition_.know(id, 99, &tracker_);
  EXPECT_EQ(see({changed}).at(0), id);
  const Square green{20, 45, 20, kGreen};
  const int64_t third = see({changed, green}, following::kKnowLooks + 2).at(1);
  recognition_.know(third, 99, &tracker_);
  EXPECT_EQ(see({changed, green}).at(1), third);
  nobody_for(5);
  EXPECT_EQ(see({{40, 45, 20, kBlue}}, 2).at(0), id);
}

TEST_F(RecognitionTest, FewPicturesAreCutOut) {
  see({{40, 45}, {120, 45, 20, kBlue}}, 8);
  size_t cut_out = 0;
  for (int i = 0; i < 40; ++i) {
    see({{40, 45}, {120, 45, 20, kBlue}});
    cut_out += pictures_.parts.size();
  }
  EXPECT_EQ(cut_out, static_cast<size_t>(2 * 40 * kStep_s / following::kLearn_s));
}

}  // namespace
}  // namespace smartcrop
