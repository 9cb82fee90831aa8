// SPDX-License-Identifier: MIT
#include "stage2_evidence/text/text_bands.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>

#include "stage1_proxy/pictures.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kSize{480, 270};
constexpr double kStep_s = 0.125;

using Scene = std::function<double(int, int, double)>;

// A value between 0 and 1 that looks random.
double speckle(int x, int y) {
  uint32_t hash = static_cast<uint32_t>(x) * 374761393U + static_cast<uint32_t>(y) * 668265263U;
  hash = (hash ^ (hash >> 13)) * 1274126177U;
  return (hash >> 8) / 16777216.0;
}

// Letters of a made-up alphabet, 5 x 7 points that are `point` samples wide: bars, arches, rungs.
bool is_letter(int x, int y, int point) {
  static const char* const kGlyphs[] = {
      "#...##...##...######...##...##...#", "#####..#....#....#....#....#....#..",
      "####.#...##...#####.#.#..#..#.#...#", "#####....#...#...#...#...#....#####",
      ".###.#...##....#....#....#...#.###."};
  const int advance = 6 * point;
  const int column = (x % advance) / point, row = y / point;
  if (column >= 5 || row >= 7 || y < 0 || x < 0) return false;
  return kGlyphs[(x / advance) % 5][row * 5 + column] == '#';
}

// Text of so many letters, drawn over a scene.
struct Text {
  int left = 0, top = 0, letters = 0, point = 2;
  double level = 235;

  Box box() const {
    return {left / double(kSize.width), top / double(kSize.height),
            (letters * 6 - 1) * point / double(kSize.width), 7 * point / double(kSize.height)};
  }
  Scene over(Scene scene) const {
    const Text text = *this;
    return [text, scene](int x, int y, double time_s) {
      const bool inside = x < text.left + text.letters * 6 * text.point;
      if (inside && is_letter(x - text.left, y - text.top, text.point)) return text.level;
      return scene(x, y, time_s);
    };
  }
};

constexpr Text kCaption{120, 235, 20, 2, 235};

double still(int x, int y, double) {
  return 90 + 40 * std::sin(x * 0.02) + 30 * std::cos(y * 0.03);
}

double moving(int x, int y, double time_s) {
  return 90 + 70 * speckle((x + static_cast<int>(90 * time_s)) / 9, y / 9);
}

std::vector<Subject> watch(TextBands* bands, const Scene& scene, double seconds, double from_s = 0,
                           const smartcrop_pixel_format& format = grey(8)) {
  const double scale = std::pow(2.0, format.depth - 8);
  const auto frames = open_frames(stream_of(format, kSize));
  int64_t frame = 0;
  for (double time_s = from_s; time_s < from_s + seconds; time_s += kStep_s) {
    TestPicture picture(format, kSize);
    picture.fill(0, [&](int x, int y) { return scene(x, y, time_s) * scale; });
    frames->show(picture.frame());
    bands->observe({frame++, time_s, nullptr, frames.get(), true, {}});
  }
  return bands->regions();
}

std::vector<Subject> found_in(const Scene& scene, const smartcrop_pixel_format& format = grey(8)) {
  TextBands bands(stream_of(format, kSize));
  return watch(&bands, scene, 2.5, 0, format);
}

double iou(const Box& a, const Box& b) {
  const double w = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double h = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (w <= 0 || h <= 0) return 0;
  return w * h / (a.width * a.height + b.width * b.height - w * h);
}

void expect_one(const std::vector<Subject>& regions, const Box& box) {
  ASSERT_EQ(regions.size(), 1U);
  EXPECT_GE(iou(regions[0].box, box), 0.7);
  EXPECT_EQ(regions[0].kind, SubjectKind::kText);
  EXPECT_FALSE(regions[0].required);
  EXPECT_GT(regions[0].weight, 0);
  EXPECT_LE(regions[0].weight, 1 / kMapsOfFullWeight);
}

TEST(TextBands, FindACaptionOverAMovingAndOverAStillPicture) {
  expect_one(found_in(kCaption.over(moving)), kCaption.box());
  expect_one(found_in(kCaption.over(still)), kCaption.box());
}

TEST(TextBands, FindDarkLettersToo) {
  Text dark = kCaption;
  dark.level = 16;
  expect_one(found_in(dark.over(moving)), dark.box());
}

TEST(TextBands, ReadEveryDepth) {
  for (const smartcrop_pixel_format& format : {grey(10), grey(16), yuv(1, 0, 12)}) {
    expect_one(found_in(kCaption.over(moving), format), kCaption.box());
  }
}

TEST(TextBands, JoinTheLinesOfABlock) {
  const Text upper{140, 205, 16, 2, 235}, lower{130, 225, 18, 2, 235};
  const Box both{130 / 480.0, 205 / 270.0, (18 * 6 - 1) * 2 / 480.0, 34 / 270.0};
  expect_one(found_in(lower.over(upper.over(moving))), both);
}

TEST(TextBands, FindALogoInTheCornerAndWeighItLessThanATitle) {
  const Text logo{420, 12, 4, 2, 235}, title{60, 100, 5, 12, 235};
  const auto small = found_in(logo.over(moving)), large = found_in(title.over(moving));
  expect_one(small, logo.box());
  expect_one(large, title.box());
  EXPECT_LT(2 * small[0].weight, large[0].weight);
}

TEST(TextBands, SayNothingOfPicturesWithoutText) {
  EXPECT_TRUE(found_in(still).empty());
  EXPECT_TRUE(found_in(moving).empty());
  EXPECT_TRUE(found_in([](int, int, double) { return 0; }).empty());
}

TEST(TextBands, AreNotFooledByTexturesThatStandStill) {
  const auto gravel = [](int x, int y, double) { return 40 + 200 * speckle(x / 2, y / 2); };
  const auto fence = [](int x, int y, double) {
    return y > 120 && y < 180 && x % 8 < 3 ? 220 : 60;
  };
  const auto bricks = [](int x, int y, double) {
    return y % 12 < 2 || (x + (y / 12 % 2) * 12) % 24 < 2 ? 200 : 90;
  };
  const auto windows = [](int x, int y, double) { return x % 30 < 12 && y % 40 < 24 ? 220 : 80; };
  EXPECT_TRUE(found_in(gravel).empty());
  EXPECT_TRUE(found_in(fence).empty());
  EXPECT_TRUE(found_in(bricks).empty());
  EXPECT_TRUE(found_in(windows).empty());
}

TEST(TextBands, AreNotFooledByTextThatMovesWithTheScene) {
  const auto sign = [](int x, int y, double time_s) {
    return kCaption.over(moving)(x + static_cast<int>(40 * time_s), y, time_s);
  };
  EXPECT_TRUE(found_in(sign).empty());
}

TEST(TextBands, WaitUntilTextHasStoodAndForgetItWhenItIsGone) {
  TextBands bands(stream_of(grey(8), kSize));
  EXPECT_TRUE(watch(&bands, kCaption.over(moving), 0.6).empty());
  EXPECT_EQ(watch(&bands, kCaption.over(moving), 2, 0.6).size(), 1U);
  EXPECT_TRUE(watch(&bands, moving, 1.6, 2.6).empty());
}

TEST(TextBands, ForgetTextAtACutThatEndsIt) {
  TextBands bands(stream_of(grey(8), kSize));
  EXPECT_EQ(watch(&bands, kCaption.over(still), 2).size(), 1U);
  const auto other = [](int x, int y, double) { return 40 + still(x, y, 0); };
  EXPECT_TRUE(watch(&bands, other, 0.25, 2).empty());
}

TEST(TextBands, KeepTextThroughACut) {
  TextBands bands(stream_of(grey(8), kSize));
  watch(&bands, kCaption.over(moving), 2);
  expect_one(watch(&bands, kCaption.over(still), 0.5, 2), kCaption.box());
}

TEST(TextBands, BeginAnewAfterAReset) {
  TextBands bands(stream_of(grey(8), kSize));
  watch(&bands, kCaption.over(moving), 2);
  bands.reset(Reset::kSeek);
  EXPECT_TRUE(bands.regions().empty());
  EXPECT_TRUE(watch(&bands, kCaption.over(moving), 0.6).empty());
}

TEST(TextBands, WorkOnPicturesOfAnySize) {
  for (const Size size : {Size{1, 1}, Size{16, 9}, Size{31, 500}, Size{2000, 3}}) {
    TextBands bands(stream_of(grey(8), size));
    TestPicture picture(grey(8), size, Placement::kTight);
    const auto frames = open_frames(stream_of(grey(8), size));
    for (int i = 0; i < 20; ++i) {
      frames->show(picture.frame());
      bands.observe({i, i * 0.25, nullptr, frames.get(), true, {}});
    }
    EXPECT_TRUE(bands.regions().empty());
  }
}

}  // namespace
}  // namespace smartcrop
