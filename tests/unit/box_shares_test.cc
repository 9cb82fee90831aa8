// SPDX-License-Identifier: MIT
#include "box_shares.h"

#include <gtest/gtest.h>

namespace smartcrop {
namespace {

// Four columns, two rows.
HeatMap made_map() {
  HeatMap map;
  map.width = 4;
  map.height = 2;
  map.values = {0.1F, 0.2F, 0.05F, 0.05F, 0.3F, 0.1F, 0.1F, 0.1F};
  return map;
}

TEST(MassIn, CountsTheCellsWhoseMiddlesAreInTheBox) {
  const HeatMap map = made_map();
  EXPECT_FLOAT_EQ(mass_in(map, {0, 0, 1, 1}), 1);
  EXPECT_FLOAT_EQ(mass_in(map, {0, 0, 0.5, 1}), 0.7F);
  EXPECT_FLOAT_EQ(mass_in(map, {0, 0, 1, 0.5}), 0.4F);
  EXPECT_FLOAT_EQ(mass_in(map, {0.1, 0.7, 0.05, 0.1}), 0.3F) << "a cell's middle is enough";
  EXPECT_FLOAT_EQ(mass_in(map, {0, 0, 0.1, 0.1}), 0) << "and needed";
  EXPECT_FLOAT_EQ(mass_in(map, {2, 2, 1, 1}), 0);
  EXPECT_FLOAT_EQ(mass_in(map, {-1, -1, 3, 3}), 1);
}

TEST(InsidePicture, IsThePartOfABoxThatIsInIt) {
  const auto expect_box = [](const Box& got, const Box& wanted) {
    EXPECT_NEAR(got.x, wanted.x, 1e-12);
    EXPECT_NEAR(got.y, wanted.y, 1e-12);
    EXPECT_NEAR(got.width, wanted.width, 1e-12);
    EXPECT_NEAR(got.height, wanted.height, 1e-12);
  };
  expect_box(inside_picture({0.2, 0.3, 0.4, 0.5}), {0.2, 0.3, 0.4, 0.5});
  expect_box(inside_picture({-0.2, -0.1, 0.5, 0.5}), {0, 0, 0.3, 0.4});
  expect_box(inside_picture({0.8, 0.9, 0.5, 0.5}), {0.8, 0.9, 0.2, 0.1});
  expect_box(inside_picture({-1, -1, 3, 3}), {0, 0, 1, 1});
  expect_box(inside_picture({2, -3, 1, 1}), {1, 0, 0, 0});
}

}  // namespace
}  // namespace smartcrop
