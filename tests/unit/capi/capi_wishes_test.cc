// SPDX-License-Identifier: MIT
// The C interface: runs over points, and wishes for runs of every kind.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "analysis_fixture.h"
#include "capi/capi_fixture.h"

namespace smartcrop {
namespace {

class WishInterface : public CInterface {
 protected:
  void SetUp() override {
    CInterface::SetUp();
    for (int i = 0; i < 100; ++i) {
      const int shot = i / 50;
      points_.push_back({i * 0.04, 40.0 + 80 * shot, 45, 0.7, shot,
                         i % 50 == 0 ? uint32_t{SMARTCROP_SHOT_START} : 0U, 0, 0});
    }
  }
  template <typename Point>
  int open_points(const std::vector<Point>& points) {
    smartcrop_close(&context_);
    const smartcrop_point_list list = {sizeof list,
                                       reinterpret_cast<const smartcrop_point*>(points.data()),
                                       sizeof(Point), points.size(), 0};
    return smartcrop_open_points(&context_, options_, &stream_, &list, nullptr, nullptr);
  }
  int open_points() { return open_points(points_); }
  std::vector<double> lefts() {
    std::vector<double> lefts;
    smartcrop_decision at{};
    at.struct_size = sizeof at;
    while (smartcrop_receive(context_, &at) == SMARTCROP_OK) lefts.push_back(at.x);
    return lefts;
  }
  static smartcrop_shot_wish hold_at(int32_t shot, double x) {
    return {sizeof(smartcrop_shot_wish), shot, SMARTCROP_WISH_X, x, 0, 0, 0};
  }

  std::vector<smartcrop_point> points_;
};

TEST_F(WishInterface, APlaceIsWhereTheWindowsOfItsShotAre) {
  ASSERT_EQ(open_points(), SMARTCROP_OK) << smartcrop_last_error();
  const smartcrop_shot_wish wish = hold_at(1, 0.25);
  ASSERT_EQ(smartcrop_wish_shot(context_, &wish), SMARTCROP_OK) << smartcrop_last_error();
  const std::vector<double> lefts = this->lefts();
  ASSERT_EQ(lefts.size(), 100U);
  for (size_t i = 0; i < 50; ++i) EXPECT_NEAR(lefts[i] + 25, 40, 4);
  for (size_t i = 50; i < 100; ++i) EXPECT_NEAR(lefts[i] + 25, 0.25 * 160, 1);  // not near 120
}

TEST_F(WishInterface, AKeyFrameIsMetAtItsTime) {
  set("lookahead", "10");
  ASSERT_EQ(open_points(), SMARTCROP_OK);
  const smartcrop_key_wish key = {sizeof key, 3, 0.6, 0, 1, 0};
  ASSERT_EQ(smartcrop_wish_key(context_, &key), SMARTCROP_OK) << smartcrop_last_error();
  const std::vector<double> lefts = this->lefts();
  EXPECT_NEAR(lefts[75] + 25, 0.6 * 160, 1);
  EXPECT_GT(lefts[50], lefts[75] + 5);
}

TEST_F(WishInterface, ReadsPointsThatAreLarger) {
  struct Larger {
    smartcrop_point point;
    double added;
  };
  std::vector<Larger> larger;
  for (const smartcrop_point& point : points_) larger.push_back({point, -1});
  ASSERT_EQ(open_points(), SMARTCROP_OK);
  const std::vector<double> own = lefts();
  ASSERT_EQ(open_points(larger), SMARTCROP_OK) << smartcrop_last_error();
  EXPECT_EQ(lefts(), own);
  EXPECT_GT(own[99], own[0] + 50);
}

TEST_F(WishInterface, RefusesPointsThatAreMissing) {
  smartcrop_point_list list = {sizeof list, points_.data(), sizeof(smartcrop_point), 0, 0};
  const auto open = [&] {
    return smartcrop_open_points(&context_, options_, &stream_, &list, nullptr, nullptr);
  };
  expect_refused(open());
  list.count = std::numeric_limits<size_t>::max();
  expect_refused(open());
  list.count = 1;
  list.point_size = 0;
  expect_refused(open());
  list.point_size = sizeof(smartcrop_point);
  list.points = nullptr;
  expect_refused(open());
  list.points = points_.data();
  list.reserved = 1;
  expect_refused(open());
  list.struct_size = 0;
  expect_refused(open());
  expect_refused(smartcrop_open_points(&context_, options_, &stream_, nullptr, nullptr, nullptr));
  EXPECT_EQ(context_, nullptr);
}

TEST_F(WishInterface, TakesNoFramesOverPoints) {
  ASSERT_EQ(open_points(), SMARTCROP_OK);
  expect_refused(smartcrop_send(context_, nullptr));
}

TEST_F(WishInterface, RefusesWishesThatCannotBe) {
  ASSERT_EQ(open_points(), SMARTCROP_OK);
  expect_refused(smartcrop_wish_shot(context_, nullptr));
  expect_refused(smartcrop_wish_key(context_, nullptr));
  smartcrop_shot_wish wish = hold_at(0, 0.5);
  expect_refused(smartcrop_wish_shot(nullptr, &wish));
  for (const int32_t says : {0, 8, -1}) {
    wish.says = says;
    expect_refused(smartcrop_wish_shot(context_, &wish));
  }
  wish = hold_at(0, 0.5);
  wish.reserved = 1;
  expect_refused(smartcrop_wish_shot(context_, &wish));
  wish = hold_at(5, 0.5);
  expect_refused(smartcrop_wish_shot(context_, &wish));
  EXPECT_STREQ(smartcrop_last_error(), "wish for shot 5: no point is in it");
  wish = hold_at(0, std::numeric_limits<double>::quiet_NaN());
  expect_refused(smartcrop_wish_shot(context_, &wish));
  smartcrop_key_wish key = {sizeof key, 1, 0.5, 0, 0, SMARTCROP_WISH_X};
  expect_refused(smartcrop_wish_key(context_, &key));
  key.says = SMARTCROP_WISH_Y;
  key.y = 7;
  expect_refused(smartcrop_wish_key(context_, &key));
}

TEST_F(WishInterface, AWishOfAnEarlierVersionLacksWhatCameLater) {
  ASSERT_EQ(open_points(), SMARTCROP_OK);
  smartcrop_shot_wish wish = {sizeof wish, 0, SMARTCROP_WISH_X, 0.5, 99, 99, 99};
  wish.struct_size = offsetof(smartcrop_shot_wish, strategy);
  EXPECT_EQ(smartcrop_wish_shot(context_, &wish), SMARTCROP_OK) << smartcrop_last_error();
  EXPECT_NEAR(lefts()[10] + 25, 80, 1);
}

TEST_F(WishInterface, FramesAndAnalysesTakeWishesToo) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  smartcrop_shot_wish wish = hold_at(0, 0.75);
  ASSERT_EQ(smartcrop_wish_shot(context_, &wish), SMARTCROP_OK) << smartcrop_last_error();
  ASSERT_EQ(send(100), SMARTCROP_OK);
  EXPECT_NEAR(receive().x + 25, 0.75 * 160, 1);
  expect_refused(smartcrop_wish_shot(context_, &wish));

  smartcrop_close(&context_);
  const std::string path = analysis_path("wishes.analysis");
  write_made(path, 12);
  smartcrop_options* defaults = smartcrop_options_new();
  ASSERT_EQ(smartcrop_open_analysis(&context_, defaults, path.c_str(), nullptr, nullptr),
            SMARTCROP_OK);
  wish = hold_at(1, 1);
  ASSERT_EQ(smartcrop_wish_shot(context_, &wish), SMARTCROP_OK) << smartcrop_last_error();
  for (int i = 0; i < 12; ++i) {
    const smartcrop_decision at = receive();
    if (i >= 5) EXPECT_EQ(at.x + at.width, 64);
    if (i < 5) EXPECT_LT(at.x + at.width, 64);
  }
  smartcrop_options_free(&defaults);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace smartcrop
