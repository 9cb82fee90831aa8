// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/object_follower.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stage2_evidence/subjects/fake_tracker.h"

namespace smartcrop {
namespace {

class FollowerTest : public testing::Test {
 protected:
  void start(const Square& square) {
    show({square});
    follower_.start(&pictures_, square.box());
  }
  void show(const std::vector<Square>& squares) { pictures_.show(paint(squares)); }
  // The next frame, in which it looks.
  void look(const std::vector<Square>& squares) {
    show(squares);
    follower_.look(&pictures_);
  }
  double width() const { return follower_.box().width * kFilm.width; }
  void expect_at(const Square& square, double slack = 2) const {
    EXPECT_NEAR(centre_x(follower_.box()), square.x, slack);
    EXPECT_NEAR(centre_y(follower_.box()), square.y, slack);
  }

  FakeTracker::Script script_;
  FakeTracker model_{&script_};
  WatchedPictures pictures_;
  ObjectFollower follower_{&model_, kFilm};
};

TEST_F(FollowerTest, FollowsNothingUntilItIsShownSomething) {
  EXPECT_FALSE(follower_.following());
  EXPECT_FALSE(follower_.is_astray());
}

TEST_F(FollowerTest, GoesWithASquareThatMoves) {
  Square square{30, 30};
  start(square);
  EXPECT_TRUE(follower_.following());
  expect_at(square, 0.01);
  for (int i = 0; i < 30; ++i) {
    square.x += 3;
    square.y += i < 15 ? 1.5 : -1;
    look({square});
    expect_at(square);
    EXPECT_FALSE(follower_.is_lost());
    EXPECT_NEAR(follower_.score(), 0.95, 1e-6);
  }
  EXPECT_NEAR(width(), 20, 3);
}

TEST_F(FollowerTest, KeepsToTheOneItWasShownAmongOthers) {
  Square square{40, 45}, other{90, 45, 20, kBlue};
  show({square, other});
  follower_.start(&pictures_, square.box());
  for (int i = 0; i < 20; ++i) {
    square.x += 3;
    other.x -= 1;
    look({other, square});
    expect_at(square);
  }
}

TEST_F(FollowerTest, FollowsANewSizeSlowlyAndInTheEndWholly) {
  Square square{80, 45};
  start(square);
  square.side = 30;
  look({square});
  EXPECT_GT(width(), 20.5);
  EXPECT_LT(width(), 27);
  double before = width();
  for (int i = 0; i < 40; ++i) {
    look({square});
    EXPECT_GE(width(), before - 1);
    before = width();
  }
  EXPECT_NEAR(width(), 30, 3);
}

TEST_F(FollowerTest, FollowsASizeFasterWithALargerRate) {
  const auto after_one_look = [&](double rate) {
    script_.format.size_rate = rate;
    Square square{80, 45};
    start(square);
    square.side = 30;
    look({square});
    return width();
  };
  EXPECT_GT(after_one_look(0.8), after_one_look(0.2) + 1);
}

TEST_F(FollowerTest, LosesWhatIsCoveredAndRestsWhereItWas) {
  const Square square{60, 40};
  start(square);
  look({square});
  const Box before = follower_.box();
  int looks = 0;
  while (!follower_.is_lost() && looks < 100) {
    look({});
    ++looks;
  }
  EXPECT_GT(looks, 1) << "one frame without it is a blink";
  EXPECT_LT(looks, 10);
  EXPECT_TRUE(follower_.following());
  EXPECT_FALSE(follower_.is_astray()) << "it may still be near";
  EXPECT_EQ(follower_.box().x, before.x);
  EXPECT_EQ(follower_.box().width, before.width);
  while (!follower_.is_astray() && looks < 1000) {
    look({});
    ++looks;
  }
  EXPECT_GT(looks, 30);
  EXPECT_LT(looks, 100);
}

TEST_F(FollowerTest, LooksWiderForWhatItLost) {
  const Square square{60, 40};
  start(square);
  look({square});
  const double usual = pictures_.parts.back().width;
  for (int i = 0; i < 8; ++i) look({});
  ASSERT_TRUE(follower_.is_lost());
  pictures_.parts.clear();
  look({});
  look({});
  ASSERT_EQ(pictures_.parts.size(), 2U);
  for (const Window& part : pictures_.parts) {
    EXPECT_GT(part.width, 1.2 * usual);
    EXPECT_NEAR(part.x + part.width / 2, 60, 2);
  }
  EXPECT_GT(std::abs(pictures_.parts[0].width - pictures_.parts[1].width), 0.2 * usual);
}

TEST_F(FollowerTest, TakesUpAgainWhatComesBackFartherThanItLooksElse) {
  const Square square{50, 45};
  start(square);
  for (int i = 0; i < 8; ++i) look({});
  ASSERT_TRUE(follower_.is_lost());
  const Square back{105, 45};  // 55 pixels away; a usual look goes 40 to each side
  for (int i = 0; i < 4; ++i) look({back});
  EXPECT_FALSE(follower_.is_lost());
  for (int i = 0; i < 10; ++i) look({back});
  expect_at(back);
}

TEST_F(FollowerTest, SearchesThePictureInPartsFromWhereItWas) {
  const Square square{50, 40};
  start(square);
  follower_.lose();
  pictures_.parts.clear();
  show({});
  for (int i = 0; i < 30; ++i) follower_.search(&pictures_);
  EXPECT_TRUE(follower_.is_astray());
  ASSERT_EQ(pictures_.parts.size(), 30U);
  const Window& first = pictures_.parts[0];
  EXPECT_NEAR(first.x + first.width / 2, 50, 1);
  // Every place of the picture is well inside one of the parts.
  for (int x = 5; x < kFilm.width; x += 10) {
    for (int y = 5; y < kFilm.height; y += 10) {
      const auto shows = [x, y](const Window& part) {
        const double across = (x - part.x) / part.width, down = (y - part.y) / part.height;
        return std::min({across, 1 - across, down, 1 - down}) > 0.02;
      };
      EXPECT_TRUE(std::any_of(pictures_.parts.begin(), pictures_.parts.end(), shows)) << x << y;
    }
  }
  show({square});
  for (int i = 0; i < 30 && follower_.is_astray(); ++i) follower_.search(&pictures_);
  EXPECT_FALSE(follower_.is_lost());
  expect_at(square);
}

TEST_F(FollowerTest, WantsToBeSurerOfWhatItFindsAgainThanOfWhatItSees) {
  const Square square{60, 40};
  script_.score = 0.3F;
  start(square);
  look({square});
  EXPECT_FALSE(follower_.is_lost());
  for (int i = 0; i < 8; ++i) look({});
  for (int i = 0; i < 6; ++i) look({square});
  EXPECT_TRUE(follower_.is_lost());
  script_.score = 0.9F;
  look({square});
  look({square});
  EXPECT_FALSE(follower_.is_lost());
}

TEST_F(FollowerTest, StaysInThePictureWhereTheSubjectLeavesIt) {
  Square square{130, 45};
  start(square);
  for (int i = 0; i < 20; ++i) {
    square.x += 2;
    look({square});
    EXPECT_GE(centre_x(follower_.box()), 0);
    EXPECT_LE(centre_x(follower_.box()), kFilm.width);
    EXPECT_GE(width(), 4);
  }
  for (int i = 0; i < 20; ++i) {
    square.x -= 2;
    look({square});
  }
  expect_at(square, 4);
}

TEST_F(FollowerTest, BeginsWithABoxAtTheEdgeOrWithoutAnExtent) {
  for (const Box& box :
       {Box{0, 0, 0.1, 0.2}, Box{0.95, 0.9, 0.05, 0.1}, Box{0.5, 0.5, 0, 0}, Box{0, 0, 1, 1}}) {
    show({{80, 45}});
    follower_.start(&pictures_, box);
    follower_.look(&pictures_);
    EXPECT_TRUE(std::isfinite(follower_.box().x));
    EXPECT_GT(follower_.box().width, 0);
  }
}

TEST_F(FollowerTest, ChangesNothingWhereTheModelFails) {
  const Square square{60, 40};
  start(square);
  look({square});
  const Box before = follower_.box();
  const double score = follower_.score();
  script_.fail = true;
  for (int i = 0; i < 20; ++i) EXPECT_THROW(look({{90, 60}}), Error);
  EXPECT_EQ(follower_.box().x, before.x);
  EXPECT_EQ(follower_.box().height, before.height);
  EXPECT_EQ(follower_.score(), score);
  EXPECT_FALSE(follower_.is_lost());
  script_.fail = false;
  look({square});
  expect_at(square);
}

TEST_F(FollowerTest, FollowsNothingAfterAStartThatFailed) {
  start({60, 40});
  script_.fail = true;
  EXPECT_THROW(follower_.start(&pictures_, {0.1, 0.1, 0.1, 0.1}), Error);
  EXPECT_FALSE(follower_.following());
}

TEST_F(FollowerTest, KnowsHowMuchABoxLooksLikeItAndMovesNotForAsking) {
  const Square square{60, 40}, other{120, 60, 20, kBlue};
  show({square, other});
  follower_.start(&pictures_, square.box());
  const Box before = follower_.box();
  EXPECT_GT(follower_.likeness(&pictures_, square.box()), 0.8);
  EXPECT_LT(follower_.likeness(&pictures_, other.box()), 0.2);
  EXPECT_EQ(follower_.box().x, before.x);
  EXPECT_FALSE(follower_.is_lost());
}

TEST_F(FollowerTest, LooksWhereItIsToldTo) {
  start({30, 40});
  follower_.lose();
  EXPECT_TRUE(follower_.is_lost());
  EXPECT_TRUE(follower_.is_astray());
  const Square there{130, 60};
  follower_.move_to(there.box());
  EXPECT_FALSE(follower_.is_lost());
  look({there});
  expect_at(there);
}

// Boxes that no subject has: without an extent, endless, and no numbers at all.
TEST_F(FollowerTest, TakesNoCellWhoseBoxIsNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float side : {nan, infinity, -infinity, 0.0F, -8.0F, 3e38F}) {
    const Square square{60, 40};
    script_.answer = {};
    start(square);
    script_.answer = {16, std::vector<float>(256, 0.9F),
                      std::vector<std::array<float, 4>>(256, {side, side, side, side})};
    const size_t good = 8 * 16 + 9;  // at 38, 34 of 64: 7.5 pixels to the right of the middle
    script_.answer.sides[good] = {8, 8, 8, 8};
    look({square});
    EXPECT_NEAR(centre_x(follower_.box()), 67.5, 0.1) << side;
    EXPECT_NEAR(centre_y(follower_.box()), 42.5, 0.1) << side;
  }
}

TEST_F(FollowerTest, SeesNothingWhereNoCellHasABox) {
  const Square square{60, 40};
  start(square);
  script_.answer = {16, std::vector<float>(256, 0.9F),
                    std::vector<std::array<float, 4>>(256, {0, 0, 0, 0})};
  for (int i = 0; i < 10; ++i) look({square});
  EXPECT_TRUE(follower_.is_lost());
  expect_at(square, 0.01);
}

}  // namespace
}  // namespace smartcrop
