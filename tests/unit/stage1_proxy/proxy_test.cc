// SPDX-License-Identifier: MIT
#include "stage1_proxy/proxy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "error.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr int kMatrixBt709 = 1, kMatrixBt601 = 6, kMatrixBt2020 = 9;

Proxy make(const smartcrop_stream& stream, Size size, ProxyColour colour,
           const TestPicture& picture) {
  ProxyMaker maker(stream, size, colour);
  Proxy proxy;
  maker.make(picture.frame(), &proxy);
  return proxy;
}

// The proxy of a picture of one colour, which must be of one colour itself.
std::array<int, 3> colour_of(const smartcrop_stream& stream, ProxyColour colour,
                             const std::array<double, 3>& samples) {
  TestPicture picture(stream.format, {stream.width, stream.height});
  for (int plane = 0; plane < std::min(3, picture.planes()); ++plane) {
    picture.fill(plane, [&](int, int) { return samples[static_cast<size_t>(plane)]; });
  }
  const Proxy proxy = make(stream, {32, 18}, colour, picture);
  std::array<int, 3> result{};
  for (size_t plane = 0; plane < 3; ++plane) {
    const std::vector<uint8_t>& got = proxy.planes[plane];
    EXPECT_EQ(got.size(), 32u * 18);
    EXPECT_EQ(*std::min_element(got.begin(), got.end()), *std::max_element(got.begin(), got.end()));
    result[plane] = got[0];
  }
  return result;
}

void expect_colour(const std::array<int, 3>& got, const std::array<int, 3>& wanted,
                   const std::string& what) {
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(got[i], wanted[i], 1) << what << ", plane " << i;
}

smartcrop_stream video(int depth, int matrix, int full_range, Size size = {640, 360}) {
  smartcrop_stream stream = stream_of(yuv(1, 1, depth), size);
  stream.matrix = matrix;
  stream.full_range = full_range;
  return stream;
}

TEST(Proxy, IsFullRangeWhateverTheRangeAndDepthOfTheSource) {
  for (const int depth : {8, 9, 10, 12, 14, 16}) {
    const double unit = 1 << (depth - 8);
    const smartcrop_stream limited = video(depth, kMatrixBt709, 0);
    const auto of = [&](double y, double u, double v) {
      return colour_of(limited, ProxyColour::kYuv, {y * unit, u * unit, v * unit});
    };
    expect_colour(of(16, 128, 128), {0, 128, 128}, "black");
    expect_colour(of(235, 128, 128), {255, 128, 128}, "white");
    expect_colour(of(126, 16, 240), {128, 0, 255}, "extreme chroma");
    const smartcrop_stream full = video(depth, kMatrixBt709, 1);
    expect_colour(colour_of(full, ProxyColour::kYuv, {0, 128 * unit, peak(full.format)}),
                  {0, 128, 255}, "full range");
  }
}

TEST(Proxy, TurnsYuvIntoRgbByTheStreamsMatrix) {
  const auto rgb_of = [](const smartcrop_stream& stream, double y, double u, double v) {
    const double unit = 1 << (stream.format.depth - 8);
    return colour_of(stream, ProxyColour::kRgb, {y * unit, u * unit, v * unit});
  };
  // Red, as the standards' formulas give it: Y = 16 + 219 Kr, Cb = 128 - 112 Kr / (1 - Kb).
  expect_colour(rgb_of(video(8, kMatrixBt709, 0), 62.6, 102.3, 240), {255, 0, 0}, "bt709");
  expect_colour(rgb_of(video(16, kMatrixBt709, 0), 62.56, 102.34, 240), {255, 0, 0}, "bt709 16");
  expect_colour(rgb_of(video(16, kMatrixBt601, 0), 81.48, 90.2, 240), {255, 0, 0}, "bt601");
  expect_colour(rgb_of(video(16, kMatrixBt2020, 0), 73.53, 96.72, 240), {255, 0, 0}, "bt2020");
}

TEST(Proxy, GuessesTheMatrixByTheHeightWhereTheStreamDoesNotSay) {
  const std::array<double, 3> samples = {81 * 256.0, 90 * 256.0, 240 * 256.0};
  for (const int unknown : {2, 0, 3, 77, -1}) {
    const auto of = [&](Size size, int matrix) {
      return colour_of(video(16, matrix, 0, size), ProxyColour::kRgb, samples);
    };
    EXPECT_EQ(of({720, 576}, unknown), of({720, 576}, kMatrixBt601));
    EXPECT_EQ(of({1280, 720}, unknown), of({1280, 720}, kMatrixBt709));
    EXPECT_NE(of({720, 576}, unknown), of({1280, 720}, unknown));
  }
}

TEST(Proxy, ReadsPlanesOfRgbInTheirOrder) {
  for (const int depth : {8, 10, 16, 32}) {
    const smartcrop_stream stream = stream_of(rgb(depth), {64, 64});
    const double top = peak(stream.format);
    const std::array<double, 3> green_blue_red = {0.2 * top, 0.6 * top, top};
    expect_colour(colour_of(stream, ProxyColour::kRgb, green_blue_red), {255, 51, 153}, "rgb");
    const std::array<double, 3> red = {0, 0, top};
    expect_colour(colour_of(stream, ProxyColour::kYuv, red), {54, 99, 255}, "red as yuv");
  }
}

TEST(Proxy, HasNoColourForGrey) {
  for (const int depth : {8, 10, 16, 32}) {
    smartcrop_stream stream = stream_of(grey(depth), {64, 64});
    stream.full_range = 1;
    const std::array<double, 3> samples = {0.4 * peak(stream.format)};
    expect_colour(colour_of(stream, ProxyColour::kYuv, samples), {102, 128, 128}, "yuv");
    expect_colour(colour_of(stream, ProxyColour::kRgb, samples), {102, 102, 102}, "rgb");
  }
}

TEST(Proxy, ShowsEachPartOfThePictureWhereItIs) {
  // A slope, sampled by each plane at its own sites, must be the same slope in all of the proxy.
  for (const Size size : {Size{1920, 1080}, Size{1919, 1079}, Size{321, 999}}) {
    for (const smartcrop_pixel_format& format :
         {yuv(1, 1, 16), yuv(1, 0, 16), yuv(0, 0, 16), yuv(2, 0, 16), yuv(0, 1, 16), rgb(16)}) {
      smartcrop_stream stream = stream_of(format, size);
      stream.full_range = 1;
      const Size small = proxy_size(stream);
      TestPicture picture(format, size);
      const auto slope = [&](double x, double y) {
        return 4000 + 40000 * x / size.width + 15000 * y / size.height;
      };
      for (int plane = 0; plane < 3; ++plane) {
        const int factor_w = 1 << picture.layout().shift_w[static_cast<size_t>(plane)];
        const int factor_h = 1 << picture.layout().shift_h[static_cast<size_t>(plane)];
        picture.fill(plane,
                     [&](int x, int y) { return slope(factor_w * x + 0.5, factor_h * (y + 0.5)); });
      }
      const bool is_rgb = format.family == SMARTCROP_RGB;
      const Proxy proxy =
          make(stream, small, is_rgb ? ProxyColour::kRgb : ProxyColour::kYuv, picture);
      double worst = 0;
      for (size_t plane = 0; plane < 3; ++plane) {
        // No colour is 32768 of 65535 and 128 of 255: half a step more than in proportion.
        const double offset = is_rgb || plane == 0 ? 0 : 0.5;
        for (int y = 2; y < small.height - 2; ++y) {
          for (int x = 2; x < small.width - 2; ++x) {
            const double at =
                slope((x + 0.5) * size.width / small.width, (y + 0.5) * size.height / small.height);
            const int got = proxy.planes[plane][static_cast<size_t>(y * small.width + x)];
            worst = std::max(worst, std::abs(got - offset - at * 255 / 65535));
          }
        }
      }
      EXPECT_LE(worst, 0.65) << describe(format, size);  // half a step is the rounding
    }
  }
}

TEST(Proxy, DoesNotDependOnTheAddressesOfRowsNorOnEarlierFrames) {
  for (const smartcrop_pixel_format& format : {yuv(1, 1, 8), yuv(1, 0, 10), rgb(8, 1), grey(32)}) {
    for (const Size size : {Size{101, 67}, Size{643, 361}}) {
      const smartcrop_stream stream = stream_of(format, size);
      TestPicture aligned(format, size);
      std::mt19937 random(7);
      std::uniform_real_distribution<double> value(0, peak(format));
      aligned.fill_all([&](int, int) { return value(random); });
      ProxyMaker maker(stream, {128, 72}, ProxyColour::kYuv);
      Proxy wanted, got;
      maker.make(aligned.frame(), &wanted);
      for (const Placement placement : kPlacements) {
        TestPicture placed(format, size, placement);
        for (int plane = 0; plane < placed.planes(); ++plane) {
          placed.fill(plane, [&](int x, int y) { return aligned.get(plane, x, y); });
        }
        maker.make(placed.frame(), &got);
        EXPECT_EQ(got.planes, wanted.planes)
            << describe(format, size) << " placement " << static_cast<int>(placement);
      }
    }
  }
}

TEST(Proxy, ReadsPicturesOfAnyFormatAndSizeWithinTheirBounds) {
  for (const Size size : {Size{1, 1}, Size{2, 2}, Size{3, 5}, Size{16, 4000}, Size{4001, 3}}) {
    for (const smartcrop_pixel_format& format : many_formats()) {
      smartcrop_stream stream = stream_of(format, size);
      stream.full_range = 1;
      for (const Placement placement : {Placement::kTight, Placement::kFirst}) {
        TestPicture picture(format, size, placement);
        picture.fill_all([&](int, int) { return peak(format); });
        const Size small = proxy_size(stream);
        const Proxy proxy = make(stream, small, ProxyColour::kYuv, picture);
        ASSERT_EQ(proxy.planes[0].size(), static_cast<size_t>(small.width * small.height));
        EXPECT_GE(proxy.planes[0].front(), 254) << describe(format, size);
        EXPECT_GE(proxy.planes[0].back(), 254) << describe(format, size);
      }
    }
  }
}

TEST(Proxy, AveragesOverWhatASampleStandsFor) {
  // Stripes of one sample are grey from afar, whichever way they run and whichever field they fill.
  const Size size{1920, 1080};
  const smartcrop_stream stream = stream_of(grey(8), size);
  TestPicture across(grey(8), size), down(grey(8), size);
  across.fill(0, [](int, int y) { return y % 2 == 0 ? 16 : 235; });
  down.fill(0, [](int x, int) { return x % 2 == 0 ? 16 : 235; });
  for (const TestPicture* picture : {&across, &down}) {
    const Proxy proxy = make(stream, {256, 144}, ProxyColour::kYuv, *picture);
    const auto range = std::minmax_element(proxy.planes[0].begin(), proxy.planes[0].end());
    EXPECT_GE(*range.first, 128 - 44);
    EXPECT_LE(*range.second, 128 + 44);
  }
}

TEST(Proxy, HasTheShapeOfThePictureAsShown) {
  const auto size = [](int width, int height, int sar_num, int sar_den) {
    smartcrop_stream stream = stream_of(yuv(1, 1, 8), {width, height});
    stream.sar_num = sar_num;
    stream.sar_den = sar_den;
    const Size proxy = proxy_size(stream);
    return std::pair<int, int>(proxy.width, proxy.height);
  };
  const auto wide = std::make_pair(256, 144);
  EXPECT_EQ(size(1920, 1080, 1, 1), wide);
  EXPECT_EQ(size(3840, 2160, 0, 1), wide);
  EXPECT_EQ(size(1440, 1080, 4, 3), wide);  // anamorphic
  EXPECT_EQ(size(1080, 1920, 1, 1), std::make_pair(144, 256));
  EXPECT_EQ(size(500, 500, 1, 1), std::make_pair(192, 192));
  for (const auto& extreme : {size(1, 32768, 1, 1), size(32768, 1, 1, 1), size(10, 10, 1, 60000)}) {
    EXPECT_GE(std::min(extreme.first, extreme.second), 16);
    EXPECT_LE(extreme.first * extreme.second, 256 * 144);
    EXPECT_EQ(extreme.first % 2 + extreme.second % 2, 0);
  }
}

TEST(Proxy, RefusesStreamsAndFramesThatItCannotReadInOneSentence) {
  smartcrop_stream stream = stream_of(yuv(1, 1, 8), {64, 48});
  ProxyMaker maker(stream, {32, 32}, ProxyColour::kYuv);
  TestPicture picture(stream.format, {64, 48});
  smartcrop_frame frame = picture.frame();
  frame.data[1] = nullptr;
  Proxy proxy;
  try {
    maker.make(frame, &proxy);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_ARGUMENT);
    EXPECT_NE(std::string(error.what()).find("plane 1"), std::string::npos);
  }
  stream.format.depth = 17;
  EXPECT_THROW(ProxyMaker(stream, {32, 32}, ProxyColour::kYuv), Error);
  stream = stream_of(yuv(1, 1, 8), {0, 48});
  EXPECT_THROW(ProxyMaker(stream, {32, 32}, ProxyColour::kYuv), Error);
}

}  // namespace
}  // namespace smartcrop
