// SPDX-License-Identifier: MIT
#include "stage1_proxy/crop_maker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "error.h"
#include "stage1_proxy/pictures.h"
#include "stage1_proxy/proxy.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr std::array<uint8_t, 3> kOutside{10, 250, 77};

const std::vector<smartcrop_pixel_format> kFormats = {
    yuv(1, 1, 8), yuv(0, 0, 8), yuv(1, 0, 10), yuv(1, 1, 16), grey(8), rgb(8), rgb(32), grey(32)};

double level(int plane, double x, double y) {
  return plane == 0 ? 0.2 + 0.5 * x + 0.1 * y : 0.35 + 0.3 * (plane == 1 ? y : x);
}

// A slope in every plane, each plane at its own sites.
TestPicture slope(const smartcrop_pixel_format& format, Size size) {
  TestPicture picture(format, size, Placement::kTight);
  for (int plane = 0; plane < picture.planes(); ++plane) {
    const Size own = picture.size(plane);
    picture.fill(plane, [&](int x, int y) {
      return peak(format) * level(plane, (x + 0.5) / own.width, (y + 0.5) / own.height);
    });
  }
  return picture;
}

Proxy crop(const smartcrop_stream& stream, const TestPicture& picture, const Window& part,
           Size size) {
  CropMaker maker(stream, size);
  Proxy rgb;
  maker.make(picture.frame(), part, kOutside, &rgb);
  EXPECT_EQ(rgb.width, size.width);
  EXPECT_EQ(rgb.height, size.height);
  for (const auto& plane : rgb.planes) {
    EXPECT_EQ(plane.size(), static_cast<size_t>(size.width) * static_cast<size_t>(size.height));
  }
  return rgb;
}

int worst_difference(const Proxy& a, const Proxy& b) {
  int worst = 0;
  for (size_t plane = 0; plane < 3; ++plane) {
    for (size_t i = 0; i < a.planes[plane].size(); ++i) {
      worst = std::max(worst, std::abs(a.planes[plane][i] - b.planes[plane][i]));
    }
  }
  return worst;
}

std::array<uint8_t, 3> at(const Proxy& rgb, int x, int y) {
  const auto i = static_cast<size_t>(y * rgb.width + x);
  return {rgb.planes[0][i], rgb.planes[1][i], rgb.planes[2][i]};
}

TEST(CropMaker, OfTheWholePictureIsWhatAProxyMakerMakes) {
  for (const Size size : {Size{320, 180}, Size{321, 179}, Size{97, 203}}) {
    for (const smartcrop_pixel_format& format : kFormats) {
      const smartcrop_stream stream = stream_of(format, size);
      const TestPicture picture = slope(format, size);
      Proxy wanted;
      ProxyMaker(stream, {64, 64}, ProxyColour::kRgb).make(picture.frame(), &wanted);
      const Proxy got =
          crop(stream, picture, {0, 0, 1.0 * size.width, 1.0 * size.height}, {64, 64});
      EXPECT_LE(worst_difference(got, wanted), 3) << describe(format, size);
    }
  }
}

// A part of a picture is that part of the whole one.
TEST(CropMaker, OfAPartInsideShowsThatPart) {
  const Size size{320, 180};
  for (const smartcrop_pixel_format& format : kFormats) {
    const smartcrop_stream stream = stream_of(format, size);
    const TestPicture picture = slope(format, size);
    Proxy whole;
    ProxyMaker(stream, size, ProxyColour::kRgb).make(picture.frame(), &whole);
    for (const Window& part :
         {Window{40, 30, 80, 80}, Window{101, 51, 63, 63}, Window{200.4, 20.7, 96, 96}}) {
      const Proxy got = crop(stream, picture, part, {32, 32});
      for (const int y : {0, 7, 16, 31}) {
        for (const int x : {0, 9, 16, 31}) {
          const auto there = at(whole, static_cast<int>(part.x + (x + 0.5) * part.width / 32),
                                static_cast<int>(part.y + (y + 0.5) * part.height / 32));
          for (size_t i = 0; i < 3; ++i) {
            EXPECT_NEAR(at(got, x, y)[i], there[i], 5)
                << describe(format, size) << " at " << x << "," << y;
          }
        }
      }
    }
  }
}

TEST(CropMaker, HasTheColourWhereThereIsNoPicture) {
  const Size size{160, 90};
  for (const smartcrop_pixel_format& format : kFormats) {
    const smartcrop_stream stream = stream_of(format, size);
    const TestPicture picture = slope(format, size);
    // Half of it to the left of the picture; above and to the right; larger than the picture.
    const Proxy left = crop(stream, picture, {-40, 5, 80, 80}, {16, 16});
    const Proxy above = crop(stream, picture, {120, -20, 80, 80}, {16, 16});
    const Proxy all = crop(stream, picture, {-80, -115, 320, 320}, {32, 32});
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 16; ++x) {
        EXPECT_EQ(at(left, x, y) == kOutside, x < 8) << describe(format, size) << x << "," << y;
        EXPECT_EQ(at(above, x, y) == kOutside, y < 4 || x >= 8) << describe(format, size);
      }
    }
    EXPECT_EQ(at(all, 0, 16), kOutside);
    EXPECT_EQ(at(all, 31, 16), kOutside);
    EXPECT_EQ(at(all, 16, 0), kOutside);
    EXPECT_EQ(at(all, 16, 31), kOutside);
    EXPECT_NE(at(all, 16, 16), kOutside);
  }
}

TEST(CropMaker, OfAPartThatIsAllOutsideIsOfTheColourAlone) {
  const Size size{160, 90};
  for (const smartcrop_pixel_format& format : kFormats) {
    const smartcrop_stream stream = stream_of(format, size);
    const TestPicture picture = slope(format, size);
    for (const Window& part : {Window{-200, 0, 50, 50}, Window{500, 0, 50, 50},
                               Window{0, -90, 60, 60}, Window{20, 91, 60, 60}}) {
      const Proxy got = crop(stream, picture, part, {16, 16});
      for (int i = 0; i < 256; ++i) EXPECT_EQ(at(got, i % 16, i / 16), kOutside);
    }
  }
}

TEST(CropMaker, ReadsPicturesOfAnySizeWithinTheirBounds) {
  for (const Size size : {Size{1, 1}, Size{2, 2}, Size{3, 5}, Size{7, 400}, Size{401, 3}}) {
    for (const smartcrop_pixel_format& format : many_formats()) {
      const smartcrop_stream stream = stream_of(format, size);
      const double w = size.width, h = size.height;
      for (const Placement placement : {Placement::kTight, Placement::kFirst}) {
        TestPicture picture(format, size, placement);
        picture.fill_all([&](int, int) { return peak(format) / 2; });
        CropMaker maker(stream, {24, 24});
        Proxy rgb;
        for (const Window& part :
             {Window{0, 0, w, h}, Window{-w, -h, 3 * w, 3 * h}, Window{w / 2, h / 2, w, h},
              Window{0.3 * w, 0.3 * h, w / 3, h / 3}, Window{w - 0.01, h - 0.01, 4, 4}}) {
          maker.make(picture.frame(), part, kOutside, &rgb);
        }
      }
    }
  }
}

TEST(CropMaker, DoesNotDependOnThePartsBefore) {
  const Size size{161, 91};
  for (const smartcrop_pixel_format& format : kFormats) {
    const smartcrop_stream stream = stream_of(format, size);
    const TestPicture picture = slope(format, size);
    const Window part{33.3, 12.1, 50, 50};
    const Proxy fresh = crop(stream, picture, part, {32, 32});
    CropMaker maker(stream, {32, 32});
    Proxy rgb;
    for (const Window& other : {Window{-30, 0, 90, 90}, Window{100, 60, 200, 200}, part}) {
      maker.make(picture.frame(), other, kOutside, &rgb);
    }
    EXPECT_EQ(rgb.planes, fresh.planes) << describe(format, size);
  }
}

TEST(CropMaker, RefusesAStreamThatItCannotRead) {
  EXPECT_THROW(CropMaker(stream_of(yuv(3, 0, 8), {64, 48}), {32, 32}), Error);
}

TEST(Pictures, OfAPartHaveTheMeanColourOutside) {
  const Size size{160, 90};
  for (const smartcrop_pixel_format& format : kFormats) {
    TestPicture picture(format, size);
    // Left half dark, right half bright.
    picture.fill_all([&](int, int) { return 0.5 * peak(format); });
    picture.fill(0, [&](int x, int) { return peak(format) * (x < 80 ? 0.3 : 0.6); });
    const auto frames = open_frames(stream_of(format, size));
    frames->show(picture.frame());
    const Proxy whole = frames->rgb({64, 36});
    double mean[3] = {};
    for (size_t i = 0; i < 3; ++i) {
      for (const uint8_t sample : whole.planes[i]) mean[i] += sample / (64.0 * 36);
    }
    const Proxy& part = frames->rgb_of({-100, 0, 90, 90}, {16, 16});
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(at(part, 3, 8)[i], mean[i], 3) << describe(format, size) << " plane " << i;
    }
  }
}

TEST(Pictures, OfAPartAreOfTheFrameThatIsShown) {
  const Size size{160, 90};
  const auto frames = open_frames(stream_of(grey(8), size));
  TestPicture dark(grey(8), size), bright(grey(8), size);
  dark.fill_all([](int, int) { return 40; });
  bright.fill_all([](int, int) { return 200; });
  frames->show(dark.frame());
  const auto before = at(frames->rgb_of({20, 20, 40, 40}, {16, 16}), 8, 8);
  EXPECT_EQ(before, at(frames->rgb_of({-20, 20, 40, 40}, {16, 16}), 2, 8)) << "the mean colour";
  frames->show(bright.frame());
  const auto after = at(frames->rgb_of({20, 20, 40, 40}, {16, 16}), 8, 8);
  EXPECT_GT(after[0], before[0] + 100);
  EXPECT_EQ(after, at(frames->rgb_of({-20, 20, 40, 40}, {16, 16}), 2, 8));
}

}  // namespace
}  // namespace smartcrop
