// SPDX-License-Identifier: MIT
// Windows of another shape than the output's: where they are shown, and what is shown beside them.
#include "stage6_render/background.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "options.h"
#include "picture/colour.h"
#include "stage6_render/render.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

const char* const kPads[] = {"blur", "colour", "edge"};
constexpr Size kSource{160, 96}, kOutput{96, 160};
constexpr Window kAll{0, 0, 160, 96};
// 96 / 160 of the width, so 57.6 rows; (160 - 57.6) / 2 in whole pairs of chroma rows.
constexpr int kBar = 52;

constexpr Colour kColour{0x30, 0xc0, 0x60};

void fill_random(TestPicture* picture, const smartcrop_pixel_format& format, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(0, peak(format));
  picture->fill_all([&](int, int) { return value(random); });
}

bool is_alpha(const smartcrop_pixel_format& format, const TestPicture& picture, int plane) {
  return format.alpha == 1 && plane == picture.planes() - 1;
}

// Rows of the upper bar in a plane.
int bar_rows(const TestPicture& picture, int plane, int bar = kBar) {
  return bar >> picture.layout().shift_h[static_cast<size_t>(plane)];
}

void render(const TestPicture& source, const smartcrop_pixel_format& format, const char* pad,
            const Window& window, uint32_t flags, TestPicture* got) {
  Options given;
  set_option(&given, "pad", std::string(pad));
  RenderOptions options;
  options.pad = given.pad;
  options.pad_colour = kColour;
  const Size output{got->size(0).width, got->size(0).height};
  Renderer(stream_of(format, kSource), output, options)
      .render(window, source.frame(flags), got->picture());
}

TEST(Pad, FillsWithTheColourToTheSampleInEveryFormat) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, kSource), got(format, kOutput);
    source.fill_all([&](int, int) { return peak(format); });
    const auto wanted = samples_of(kColour, stream_of(format, kSource));
    const int bar = format.subsampling_h == 2 ? 48 : kBar;  // whole multiples of 8 rows
    render(source, format, "colour", kAll, 0, &got);
    for (int plane = 0; plane < got.planes(); ++plane) {
      const Size size = got.size(plane);
      const int rows = bar_rows(got, plane, bar);
      for (const int y : {0, rows - 1, size.height - rows, size.height - 1}) {
        for (int x = 0; x < size.width; ++x) {
          ASSERT_NEAR(got.get(plane, x, y), wanted[static_cast<size_t>(plane)], 1e-6)
              << describe(format, kSource) << " plane " << plane << " at " << x << "," << y;
        }
      }
      for (const int y : {rows, size.height - rows - 1}) {
        ASSERT_NEAR(got.get(plane, size.width / 2, y), peak(format), 1e-5)
            << describe(format, kSource) << " plane " << plane << " row " << y;
      }
    }
    EXPECT_TRUE(got.is_padding_intact());
  }
}

TEST(Pad, OfAFlatPictureIsFlatAndOpaque) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (const char* pad : {"blur", "edge"}) {
      TestPicture source(format, kSource, Placement::kOdd), got(format, kOutput, Placement::kOdd);
      const double level = format.depth == 32 ? 0.5 : std::round(0.5 * peak(format));
      source.fill_all([&](int, int) { return level; });
      render(source, format, pad, kAll, 0, &got);
      for (int plane = 0; plane < got.planes(); ++plane) {
        const double black = samples_of({0, 0, 0}, stream_of(format, kSource))[size_t(plane)];
        double wanted = pad == std::string("blur") ? black + (level - black) * 0.6 : level;
        if (is_alpha(format, got, plane)) wanted = peak(format);
        const Size size = got.size(plane);
        for (int i = 0; i < size.width * bar_rows(got, plane, 48); ++i) {
          ASSERT_NEAR(got.get(plane, i % size.width, i / size.width), wanted,
                      format.depth == 32 ? 1e-5 : 0.51)
              << pad << " " << describe(format, kSource) << " plane " << plane;
        }
      }
      EXPECT_TRUE(got.is_padding_intact());
    }
  }
}

TEST(Pad, ShowsTheWindowAsIfItWereRenderedAlone) {
  const smartcrop_pixel_format format = yuv(1, 1, 8);
  TestPicture source(format, kSource), alone(format, {96, 160 - 2 * kBar});
  fill_random(&source, format, 5);
  const Window window{3, 5, 150, 84};
  RenderOptions stretched;
  stretched.shape = window.width / window.height;
  Renderer(stream_of(format, kSource), {96, 160 - 2 * kBar}, stretched)
      .render(window, source.frame(), alone.picture());
  for (const char* pad : kPads) {
    TestPicture got(format, kOutput);
    render(source, format, pad, window, 0, &got);
    for (int plane = 0; plane < 3; ++plane) {
      const Size size = alone.size(plane);
      const int top = bar_rows(got, plane);
      for (int i = 0; i < size.width * size.height; ++i) {
        const int x = i % size.width, y = i / size.width;
        ASSERT_EQ(got.get(plane, x, top + y), alone.get(plane, x, y)) << pad << " plane " << plane;
      }
    }
  }
}

TEST(Pad, CopiesAWindowThatNeedsNoScalingBitByBit) {
  const smartcrop_pixel_format format = yuv(1, 1, 10);
  TestPicture source(format, kSource);
  fill_random(&source, format, 6);
  for (const uint32_t flags : {0u, uint32_t{SMARTCROP_FRAME_INTERLACED}}) {
    for (const char* pad : kPads) {
      TestPicture got(format, {96, 96});
      render(source, format, pad, {20, 8, 96, 48}, flags, &got);
      for (int plane = 0; plane < 3; ++plane) {
        const int shift = plane == 0 ? 0 : 1;
        for (int i = 0; i < (96 >> shift) * (48 >> shift); ++i) {
          const int x = i % (96 >> shift), y = i / (96 >> shift);
          ASSERT_EQ(got.get(plane, x, (24 >> shift) + y),
                    source.get(plane, (20 >> shift) + x, (8 >> shift) + y))
              << pad << " plane " << plane;
        }
      }
    }
  }
}

TEST(Pad, TakesNothingFromBesideTheWindow) {
  const smartcrop_pixel_format format = yuv(1, 1, 8);
  TestPicture source(format, kSource);
  // White around a dark window; its outermost rows are dark, too, so that no filter reaches out.
  source.fill_all([](int, int) { return 128; });
  source.fill(0, [](int x, int y) { return x > 20 && x < 140 && y > 20 && y < 76 ? 40 : 235; });
  for (const char* pad : {"blur", "edge"}) {
    TestPicture got(format, kOutput);
    render(source, format, pad, {30, 30, 96, 36}, 0, &got);
    for (int i = 0; i < kOutput.width * kOutput.height; ++i) {
      ASSERT_LE(got.get(0, i % kOutput.width, i / kOutput.width), 41) << pad;
    }
  }
}

TEST(Pad, LiesLeftAndRightOfATallWindowAlike) {
  const smartcrop_pixel_format format = yuv(1, 1, 8);
  TestPicture source(format, kSource);
  source.fill_all([](int, int) { return 128; });
  source.fill(0, [](int x, int) { return 40 + x; });
  TestPicture got(format, {160, 96});
  render(source, format, "edge", {40, 0, 48, 96}, 0, &got);
  for (const int y : {0, 50, 95}) {
    EXPECT_NEAR(got.get(0, 0, y), 80, 1) << "the window's left edge";
    EXPECT_NEAR(got.get(0, 55, y), 80, 1);
    EXPECT_EQ(got.get(0, 56, y), 80);
    EXPECT_EQ(got.get(0, 103, y), 127);
    EXPECT_NEAR(got.get(0, 104, y), 127, 1) << "the window's right edge";
    EXPECT_NEAR(got.get(0, 159, y), 127, 1);
  }
}

TEST(Pad, KeepsTheFieldsOfInterlacedVideoApart) {
  for (const smartcrop_pixel_format& format : {yuv(1, 1, 8), yuv(1, 0, 10), rgb(8)}) {
    TestPicture source(format, kSource), got(format, kOutput);
    source.fill_all([](int, int y) { return y % 2 == 0 ? 40 : 200; });
    for (const char* pad : kPads) {
      render(source, format, pad, kAll, SMARTCROP_FRAME_INTERLACED, &got);
      const Size size = got.size(0);
      for (int y = 0; y + 2 < size.height; ++y) {
        const bool crosses = (y < kBar) != (y + 2 < kBar) ||
                             (y < size.height - kBar) != (y + 2 < size.height - kBar);
        if (crosses) continue;
        ASSERT_EQ(got.get(0, 48, y), got.get(0, 48, y + 2)) << pad << " row " << y;
      }
      if (pad == std::string("edge")) {
        ASSERT_EQ(got.get(0, 48, 0), 40);
        ASSERT_EQ(got.get(0, 48, 1), 200);
      }
    }
  }
}

TEST(Pad, IsNotShownWhereItWouldBeALine) {
  const smartcrop_pixel_format format = grey(8);
  TestPicture source(format, kSource), got(format, {96, 96});
  source.fill_all([](int, int) { return 200; });
  render(source, format, "colour", {0, 0, 95.5, 96}, 0, &got);
  for (int x = 0; x < 96; ++x) EXPECT_EQ(got.get(0, x, 40), 200);
}

TEST(Pad, IsMadeForOutputsOfAnySize) {
  for (const smartcrop_pixel_format& format : {yuv(1, 1, 8), yuv(2, 2, 10), grey(32)}) {
    for (const Size output : {Size{1, 1}, Size{1, 40}, Size{40, 1}, Size{7, 61}, Size{61, 7}}) {
      for (const char* pad : kPads) {
        TestPicture source(format, kSource), got(format, output, Placement::kTight);
        source.fill_all([](int, int) { return 1; });
        for (const uint32_t flags : {0u, uint32_t{SMARTCROP_FRAME_INTERLACED}}) {
          render(source, format, pad, kAll, flags, &got);
          EXPECT_NEAR(got.get(0, output.width / 2, output.height / 2), 1, 1e-5)
              << pad << " " << output.width << "x" << output.height;
          EXPECT_TRUE(got.is_padding_intact());
        }
      }
    }
  }
}

}  // namespace
}  // namespace smartcrop
