// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/point_to_box.h"

#include <gtest/gtest.h>

#include "stage2_evidence/subjects/fake_tracker.h"

namespace smartcrop {
namespace {

Subject at(const Box& box) {
  Subject subject;
  subject.box = box;
  return subject;
}

TEST(SmallestAround, IsTheSmallestOfThoseThatHoldThePoint) {
  const std::vector<Subject> subjects = {at({0, 0, 1, 1}), at({0.2, 0.2, 0.4, 0.4}),
                                         at({0.3, 0.3, 0.1, 0.1}), at({0.8, 0.8, 0.05, 0.05})};
  EXPECT_EQ(smallest_around(subjects, {0.35, 0.35}), &subjects[2]);
  EXPECT_EQ(smallest_around(subjects, {0.55, 0.55}), &subjects[1]);
  EXPECT_EQ(smallest_around(subjects, {0.9, 0.1}), &subjects[0]);
  EXPECT_EQ(smallest_around(subjects, {0.4, 0.4}), &subjects[2]) << "its edge is a part of it";
  EXPECT_EQ(smallest_around({subjects[3]}, {0.1, 0.1}), nullptr);
  EXPECT_EQ(smallest_around({}, {0.1, 0.1}), nullptr);
}

TEST(ContrastingBox, IsTheRegionThatStandsOutAroundThePoint) {
  WatchedPictures pictures;
  for (const Square& square : {Square{60, 45, 24}, Square{120, 30, 16, kBlue}}) {
    pictures.show(paint({square}));
    const Point point{square.x / kFilm.width, square.y / kFilm.height};
    const Box box = contrasting_box(pictures.proxy(), point);
    EXPECT_NEAR(centre_x(box), square.x, 5);
    EXPECT_NEAR(centre_y(box), square.y, 5);
    EXPECT_NEAR(box.width * kFilm.width, square.side, 0.45 * square.side);
    EXPECT_NEAR(box.height * kFilm.height, square.side, 0.45 * square.side);
  }
}

TEST(ContrastingBox, HoldsThePointAndLiesInThePictureWhateverItShows) {
  WatchedPictures pictures;
  pictures.show(paint({{5, 5, 10}, {155, 85, 10, kBlue}}));
  for (const Point& point :
       {Point{0, 0}, Point{1, 1}, Point{0.5, 0.5}, Point{0, 1}, Point{1, 0}, Point{0.99, 0.02}}) {
    const Box box = contrasting_box(pictures.proxy(), point);
    EXPECT_GE(box.x, 0);
    EXPECT_GE(box.y, 0);
    EXPECT_LE(box.x + box.width, 1 + 1e-9);
    EXPECT_LE(box.y + box.height, 1 + 1e-9);
    EXPECT_GT(box.width * box.height, 0);
    EXPECT_LE(box.x, point.x);
    EXPECT_GE(box.x + box.width, point.x - 1e-9);
  }
}

TEST(CloserLooks, AreInsideThePictureAroundThePointAndGetCloser) {
  for (const Size& picture : {Size{1920, 1080}, Size{1080, 1920}, Size{64, 64}}) {
    for (const Point& point : {Point{0, 0}, Point{0.5, 0.4}, Point{1, 1}, Point{0.95, 0.5}}) {
      const std::vector<Window> looks = closer_looks(point, picture, 16.0 / 9);
      ASSERT_EQ(looks.size(), 3U);
      EXPECT_LE(looks[1].height, looks[0].height);
      EXPECT_LE(looks[2].height, looks[1].height);
      for (const Window& look : looks) {
        EXPECT_NEAR(look.width / look.height, 16.0 / 9, 1e-9);
        EXPECT_GE(look.x, 0);
        EXPECT_GE(look.y, 0);
        EXPECT_LE(look.x + look.width, picture.width + 1e-9);
        EXPECT_LE(look.y + look.height, picture.height + 1e-9);
        EXPECT_LE(look.x, point.x * picture.width);
        EXPECT_GE(look.x + look.width, point.x * picture.width);
        EXPECT_LE(look.y, point.y * picture.height);
        EXPECT_GE(look.y + look.height, point.y * picture.height);
      }
    }
  }
}

}  // namespace
}  // namespace smartcrop
