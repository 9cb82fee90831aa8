// SPDX-License-Identifier: MIT
#include "geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "error.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

Shape shape(double aspect, Size output = {}, bool subpixel = false) {
  return {aspect, output, subpixel};
}

smartcrop_stream stream_with_sar(Size size, int num, int den) {
  smartcrop_stream stream = stream_of(yuv(1, 1, 8), size);
  stream.sar_num = num;
  stream.sar_den = den;
  return stream;
}

void expect_refusal(const Shape& wanted, const smartcrop_stream& stream, smartcrop_status status) {
  try {
    make_geometry(wanted, stream);
    FAIL() << "took " << stream.width << "x" << stream.height << " as " << wanted.aspect;
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), status) << error.what();
    EXPECT_NE(std::string(error.what()), "");
    EXPECT_LT(std::string(error.what()).size(), 300U) << error.what();
  }
}

// Everything that holds for every geometry.
void expect_sound(const Geometry& geometry, const smartcrop_stream& stream) {
  EXPECT_GT(geometry.window_width, 0);
  EXPECT_GT(geometry.window_height, 0);
  EXPECT_LE(geometry.window_width, stream.width);
  EXPECT_LE(geometry.window_height, stream.height);
  EXPECT_GE(geometry.output.width, 1);
  EXPECT_GE(geometry.output.height, 1);
  EXPECT_GT(geometry.sar_den, 0);
  EXPECT_GE(geometry.sar_num, 0);
  for (const double centre_x : {-5.0, 0.0, 0.3, 0.5, 0.77, 1.0, 1e9}) {
    for (const double centre_y : {-5.0, 0.0, 0.3, 0.5, 0.77, 1.0, 1e9}) {
      const Position at = place_window(geometry, centre_x, centre_y);
      EXPECT_GE(at.x, 0);
      EXPECT_GE(at.y, 0);
      EXPECT_LE(at.x + geometry.window_width, stream.width + 1e-9);
      EXPECT_LE(at.y + geometry.window_height, stream.height + 1e-9);
      EXPECT_EQ(geometry.step_x > 0 ? std::fmod(at.x, geometry.step_x) : 0, 0);
      EXPECT_EQ(geometry.step_y > 0 ? std::fmod(at.y, geometry.step_y) : 0, 0);
    }
  }
}

TEST(Geometry, TakesTheLargestWindowOfTheShapeInsideThePicture) {
  const Geometry wide = make_geometry(shape(9.0 / 16), stream_of(yuv(1, 1, 8), {1920, 1080}));
  EXPECT_EQ(wide.window_height, 1080);
  EXPECT_NEAR(wide.window_width, 1080 * 9.0 / 16, 1);
  const Geometry tall = make_geometry(shape(16.0 / 9), stream_of(yuv(1, 1, 8), {1080, 1920}));
  EXPECT_EQ(tall.window_width, 1080);
  EXPECT_NEAR(tall.window_height, 1080 * 9.0 / 16, 1);
}

TEST(Geometry, OfAPortraitSourceCutsItsHeightForAWiderShape) {
  const Geometry square = make_geometry(shape(1), stream_of(yuv(1, 1, 8), {720, 1280}));
  EXPECT_EQ(square.window_width, 720);
  EXPECT_EQ(square.window_height, 720);
}

TEST(Geometry, OfTheSourcesOwnShapeIsTheWholePicture) {
  const Geometry same = make_geometry(shape(16.0 / 9), stream_of(yuv(1, 1, 8), {1280, 720}));
  EXPECT_EQ(same.window_width, 1280);
  EXPECT_EQ(same.window_height, 720);
  EXPECT_EQ(place_window(same, 0.9, 0.1).x, 0);
}

TEST(Geometry, WithoutAShapeOrSizeIsNineBySixteen) {
  const Geometry geometry = make_geometry(shape(0), stream_of(yuv(1, 1, 8), {1920, 1080}));
  EXPECT_NEAR(geometry.window_width / geometry.window_height, 9.0 / 16, 0.002);
}

TEST(Geometry, WithASizeAloneHasTheShapeOfTheSize) {
  const Geometry geometry =
      make_geometry(shape(0, {500, 500}), stream_of(yuv(1, 1, 8), {1920, 1080}));
  EXPECT_DOUBLE_EQ(geometry.window_width, 1080);
  EXPECT_DOUBLE_EQ(geometry.window_height, 1080);
  EXPECT_EQ(geometry.output.width, 500);
  EXPECT_EQ(geometry.output.height, 500);
  EXPECT_EQ(geometry.sar_num, 1);
  EXPECT_EQ(geometry.sar_den, 1);
}

TEST(Geometry, WithASizeAndAnotherShapeSquashesThePixelsAndSaysSo) {
  const Geometry geometry =
      make_geometry(shape(16.0 / 9, {720, 576}), stream_of(yuv(1, 1, 8), {1920, 1080}));
  EXPECT_DOUBLE_EQ(geometry.window_width, 1920);
  const double display = 720.0 / 576 * geometry.sar_num / geometry.sar_den;
  EXPECT_NEAR(display, 16.0 / 9, 1e-4);
}

// What the options ask for, or the refusal.
std::string asked(const char* aspect, const char* size) {
  Options options;
  set_option(&options, "aspect", std::string(aspect));
  set_option(&options, "size", std::string(size));
  try {
    const Shape shape = shape_of(options);
    return std::to_string(shape.output.width) + "x" + std::to_string(shape.output.height);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION);
    return error.what();
  }
}

TEST(Geometry, RefusesAnAspectAndASizeOfTwoShapes) {
  EXPECT_EQ(asked("9:16", "1080x1080"),
            "aspect 9/16 and size 1080x1080 are two different shapes; leave one of them out, or "
            "ask for size 1080x1920");
  for (const auto& [aspect, size] : {std::pair{"16:9", "720x576"},
                                     {"1", "640x480"},
                                     {"9/16", "600x1080"},
                                     {"4/5", "1080x1920"},
                                     {"2.39", "1920x1080"}}) {
    const std::string sentence = asked(aspect, size);
    EXPECT_NE(sentence.find("two different shapes"), std::string::npos) << sentence;
  }
}

TEST(Geometry, TakesASizeThatIsItsAspectRounded) {
  for (const auto& [aspect, size] : {std::pair{"9:16", "1080x1920"},
                                     {"9:16", "608x1080"},
                                     {"9:16", "607x1080"},
                                     {"9:16", "606x1080"},
                                     {"2.39", "1920x804"},
                                     {"2.39", "1920x803"},
                                     {"16:9", "854x480"},
                                     {"1.7777", "1920x1080"},
                                     {"auto", "720x576"},
                                     {"1", "1x2"}}) {
    EXPECT_EQ(asked(aspect, size), size) << aspect;
  }
}

TEST(Geometry, WithTheWindowsOwnSizeScalesNothing) {
  const smartcrop_stream stream = stream_of(yuv(1, 1, 8), {1920, 1080});
  const Geometry plain = make_geometry(shape(1), stream);
  const Geometry sized = make_geometry(shape(1, {1080, 1080}), stream);
  EXPECT_EQ(sized.window_width, plain.window_width);
  EXPECT_EQ(sized.step_x, plain.step_x);
  EXPECT_GT(sized.step_x, 0);
}

TEST(Geometry, PlacesAScaledWindowAnywhere) {
  const smartcrop_stream stream = stream_of(yuv(1, 1, 8), {1920, 1080});
  const Geometry scaled = make_geometry(shape(0, {90, 160}), stream);
  EXPECT_EQ(scaled.step_x, 0);
  EXPECT_EQ(scaled.step_y, 0);
  EXPECT_DOUBLE_EQ(scaled.window_width, 607.5) << "no rounding where it is resampled anyway";
  EXPECT_NEAR(place_window(scaled, 0.4, 0.5).x, 0.4 * 1920 - 607.5 / 2, 1e-9);
}

TEST(Geometry, PlacesASubpixelWindowAnywhere) {
  const smartcrop_stream stream = stream_of(yuv(1, 1, 8), {1920, 1080});
  const Geometry geometry = make_geometry(shape(1, {}, true), stream);
  EXPECT_NEAR(place_window(geometry, 0.4001, 0.5).x, 0.4001 * 1920 - 540, 1e-9);
}

TEST(Geometry, KeepsThePixelShapeOfAPlainCrop) {
  const Geometry pal = make_geometry(shape(9.0 / 16), stream_with_sar({704, 576}, 16, 11));
  EXPECT_EQ(pal.sar_num, 16);
  EXPECT_EQ(pal.sar_den, 11);
  const double display = pal.window_width / pal.window_height * 16 / 11;
  EXPECT_NEAR(display, 9.0 / 16, 2.0 / 576 * 16 / 11);
  const Geometry unknown = make_geometry(shape(9.0 / 16), stream_with_sar({704, 576}, 0, 1));
  EXPECT_EQ(unknown.sar_num, 0);
}

TEST(Geometry, MakesSquarePixelsWhereASizeIsAskedForOfAnamorphicVideo) {
  const Geometry geometry =
      make_geometry(shape(0, {540, 960}), stream_with_sar({704, 576}, 16, 11));
  EXPECT_EQ(geometry.sar_num, 1);
  EXPECT_EQ(geometry.sar_den, 1);
  EXPECT_NEAR(geometry.window_width / geometry.window_height * 16 / 11, 540.0 / 960, 1e-9);
}

TEST(Geometry, TreatsASenselessPixelShapeAsUnknown) {
  for (const auto& [num, den] : {std::pair{0, 0}, {-1, 1}, {1, -1}, {1, 0}, {0, 1}}) {
    const smartcrop_stream stream = stream_with_sar({640, 360}, num, den);
    EXPECT_EQ(sample_aspect(stream), 1);
    expect_sound(make_geometry(shape(1), stream), stream);
  }
}

TEST(Geometry, SurvivesExtremePixelShapes) {
  for (const auto& [num, den] : {std::pair{1, 500}, {500, 1}, {2147483647, 2147483646}}) {
    const smartcrop_stream stream = stream_with_sar({4000, 4000}, num, den);
    expect_sound(make_geometry(shape(0, {64, 64}), stream), stream);
    expect_sound(make_geometry(shape(1), stream), stream);
  }
}

TEST(Geometry, NeverTagsPixelsWithAFractionThatHasAZero) {
  const smartcrop_stream flat = stream_of(grey(8), {32768, 1});
  const Geometry wide = make_geometry(shape(32768, {1, 32768}), flat);
  EXPECT_GT(wide.sar_num, 0);
  EXPECT_GT(wide.sar_den, 0);
  const smartcrop_stream thin = stream_of(grey(8), {1, 32768});
  const Geometry tall = make_geometry(shape(1.0 / 32768, {32768, 1}), thin);
  EXPECT_GT(tall.sar_num, 0);
  EXPECT_GT(tall.sar_den, 0);
}

TEST(Geometry, IsSoundForAllFormatsAndSizes) {
  const Size sizes[] = {{1, 1},  {2, 2},     {1, 2},     {2, 1},     {5, 7},       {16, 9},
                        {17, 9}, {321, 181}, {640, 360}, {853, 480}, {1080, 1920}, {32768, 2}};
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (const Size size : sizes) {
      for (const double aspect : {0.1, 9.0 / 16, 1.0, 16.0 / 9, 2.39, 10.0}) {
        const smartcrop_stream stream = stream_of(format, size);
        try {
          expect_sound(make_geometry(shape(aspect), stream), stream);
          expect_sound(make_geometry(shape(aspect, {36, 64}), stream), stream);
          expect_sound(make_geometry(shape(aspect, {}, true), stream), stream);
        } catch (const Error& error) {
          // Only where the window would have no samples may it refuse.
          EXPECT_EQ(error.status(), SMARTCROP_ERROR_FORMAT);
          EXPECT_LT(
              std::min(size.width / std::max(1.0, 1 / aspect), size.height / std::max(1.0, aspect)),
              4)
              << size.width << "x" << size.height << " " << aspect << ": " << error.what();
        }
      }
    }
  }
}

TEST(Geometry, KeepsEvenSidesAndWholeChromaSamples) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (const Size size : {Size{321, 181}, {640, 360}, {853, 481}}) {
      const Geometry geometry = make_geometry(shape(9.0 / 16), stream_of(format, size));
      const int width = geometry.output.width, height = geometry.output.height;
      EXPECT_EQ(width % 2, 0) << "encoders of subsampled video want even sides";
      EXPECT_EQ(height % 2, 0);
      EXPECT_EQ(width % (1 << format.subsampling_w), 0);
      EXPECT_EQ(height % (1 << format.subsampling_h), 0);
      EXPECT_EQ(geometry.step_x, 1 << format.subsampling_w);
      EXPECT_EQ(geometry.step_y % (1 << format.subsampling_h), 0);
    }
  }
}

TEST(Geometry, ShowsASinglePixel) {
  const Geometry geometry = make_geometry(shape(9.0 / 16), stream_of(grey(8), {1, 1}));
  EXPECT_EQ(geometry.output.width, 1);
  EXPECT_EQ(geometry.output.height, 1);
}

TEST(Geometry, RefusesAShapeThatLeavesNoPixels) {
  for (const double aspect : {1e-300, 1e-6, 1e6, 1e300}) {
    expect_refusal(shape(aspect), stream_of(yuv(1, 1, 8), {1920, 1080}), SMARTCROP_ERROR_FORMAT);
    expect_refusal(shape(aspect, {64, 64}), stream_of(yuv(1, 1, 8), {1920, 1080}),
                   SMARTCROP_ERROR_FORMAT);
  }
}

TEST(Geometry, RefusesPicturesThatCannotBe) {
  for (const Size size : {Size{0, 0},
                          {0, 10},
                          {10, 0},
                          {-1, 10},
                          {10, -1},
                          {32769, 10},
                          {10, 32769},
                          {2147483647, 2147483647}}) {
    expect_refusal(shape(1), stream_of(yuv(1, 1, 8), size), SMARTCROP_ERROR_FORMAT);
  }
}

TEST(Geometry, RefusesUnknownPixelFormats) {
  const smartcrop_pixel_format bad[] = {
      {3, 8, 0, 0, 0},
      {-1, 8, 0, 0, 0},
      {SMARTCROP_YUV, 7, 1, 1, 0},
      {SMARTCROP_YUV, 17, 1, 1, 0},
      {SMARTCROP_YUV, 0, 1, 1, 0},
      {SMARTCROP_YUV, 8, 3, 0, 0},
      {SMARTCROP_YUV, 8, -1, 0, 0},
      {SMARTCROP_YUV, 8, 0, 3, 0},
      {SMARTCROP_RGB, 8, 1, 0, 0},
      {SMARTCROP_GREY, 8, 0, 1, 0},
  };
  for (const smartcrop_pixel_format& format : bad) {
    expect_refusal(shape(1), stream_of(format, {640, 360}), SMARTCROP_ERROR_FORMAT);
  }
}

TEST(Geometry, RefusesAClockThatStandsStill) {
  for (const auto& [num, den] : {std::pair{0, 1}, {1, 0}, {-1, 25}, {1, -25}, {0, 0}}) {
    smartcrop_stream stream = stream_of(yuv(1, 1, 8), {640, 360});
    stream.time_base_num = num;
    stream.time_base_den = den;
    expect_refusal(shape(1), stream, SMARTCROP_ERROR_ARGUMENT);
  }
}

TEST(Geometry, MovesTheWindowFromEndToEnd) {
  for (const int width : {640, 641, 642, 643}) {
    const Geometry geometry = make_geometry(shape(9.0 / 16), stream_of(yuv(1, 1, 8), {width, 360}));
    EXPECT_EQ(place_window(geometry, 0, 0.5).x, 0);
    EXPECT_GT(place_window(geometry, 1, 0.5).x, width - geometry.window_width - geometry.step_x);
    double last = 0;
    for (int i = 0; i <= 1000; ++i) {
      const double x = place_window(geometry, i / 1000.0, 0.5).x;
      EXPECT_GE(x, last);
      last = x;
    }
  }
}

}  // namespace
}  // namespace smartcrop
