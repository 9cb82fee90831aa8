// SPDX-License-Identifier: MIT
#include "stage6_render/render.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "error.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

void fill_random(TestPicture* picture, const smartcrop_pixel_format& format, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(0, peak(format));
  picture->fill_all([&](int, int) { return value(random); });
}

bool equals_slice(const TestPicture& got, const TestPicture& source, int left, int top) {
  for (int plane = 0; plane < got.planes(); ++plane) {
    const int x0 = left >> got.layout().shift_w[static_cast<size_t>(plane)];
    const int y0 = top >> got.layout().shift_h[static_cast<size_t>(plane)];
    const Size samples = got.size(plane);
    for (int i = 0; i < samples.width * samples.height; ++i) {
      const int x = i % samples.width, y = i / samples.width;
      if (got.get(plane, x, y) != source.get(plane, x0 + x, y0 + y)) return false;
    }
  }
  return true;
}

TEST(Render, NeverMixesTheFieldsOfInterlacedVideo) {
  const Size size{96, 90}, output{48, 62};
  for (const smartcrop_pixel_format& format : {yuv(1, 1, 8), yuv(0, 1, 10), rgb(8, 1)}) {
    TestPicture source(format, size), got(format, output);
    source.fill_all([](int, int y) { return y % 2 == 0 ? 40 : 200; });
    for (const Window& window : {Window{10, 1, 48, 62}, Window{10.5, 3.25, 48, 62},
                                 Window{0, 0, 48, 31}, Window{0, 0, 96, 90}}) {
      RenderOptions options;
      options.shape = window.width / window.height;
      Renderer renderer(stream_of(format, size), output, options);
      renderer.render(window, source.frame(SMARTCROP_FRAME_INTERLACED), got.picture());
      for (int plane = 0; plane < got.planes(); ++plane) {
        for (int y = 0; y < got.size(plane).height; ++y) {
          ASSERT_EQ(got.get(plane, 20, y), y % 2 == 0 ? 40 : 200)
              << describe(format, size) << " plane " << plane << " row " << y;
        }
      }
    }
  }
}

TEST(Render, KeepsFlatColoursExactly) {
  const Size size{97, 75}, output{61, 83};
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (const double share : {0.0, 0.062, 0.5, 0.92, 1.0}) {
      TestPicture source(format, size), got(format, output);
      const double level = format.depth == 32 ? share : std::round(share * peak(format));
      source.fill_all([level](int, int) { return level; });
      Renderer renderer(stream_of(format, size), output, {ScaleFilter::kSpline36});
      renderer.render({11.375, 3.625, 47.7, 65.1}, source.frame(), got.picture());
      for (int plane = 0; plane < got.planes(); ++plane) {
        const Size samples = got.size(plane);
        for (int i = 0; i < samples.width * samples.height; ++i) {
          ASSERT_NEAR(got.get(plane, i % samples.width, i / samples.width), level,
                      format.depth == 32 ? 1e-6 : 0)
              << describe(format, size) << " plane " << plane;
        }
      }
    }
  }
}

TEST(Render, CopiesAWindowOnWholeSamplesBitByBit) {
  const Size size{83, 70}, output{32, 20};
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, size), got(format, output);
    fill_random(&source, format, 1);
    Renderer renderer(stream_of(format, size), output, {ScaleFilter::kSpline36});
    for (const Size at : {Size{0, 0}, Size{4, 8}, Size{48, 48}}) {
      const Window window{double(at.width), double(at.height), 32, 20};
      int x = -1, y = -1;
      ASSERT_TRUE(renderer.is_exact(window, &x, &y));
      EXPECT_EQ(x, at.width);
      EXPECT_EQ(y, at.height);
      for (const uint32_t flags : {0u, uint32_t{SMARTCROP_FRAME_INTERLACED}}) {
        renderer.render(window, source.frame(flags), got.picture());
        EXPECT_TRUE(equals_slice(got, source, x, y)) << describe(format, size);
      }
    }
  }
}

TEST(Render, CopiesLumaBitByBitWhereOnlyChromaIsBetweenSamples) {
  const smartcrop_pixel_format format = yuv(1, 1, 8);
  const Size size{64, 64}, output{32, 32};
  TestPicture source(format, size), got(format, output);
  fill_random(&source, format, 2);
  Renderer renderer(stream_of(format, size), output, {ScaleFilter::kSpline36});
  ASSERT_FALSE(renderer.is_exact({7, 5, 32, 32}, nullptr, nullptr));
  renderer.render({7, 5, 32, 32}, source.frame(), got.picture());
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) ASSERT_EQ(got.get(0, x, y), source.get(0, x + 7, y + 5));
  }
}

TEST(Render, BlendsNeighboursAsTheBilinearFormulaSays) {
  for (const smartcrop_pixel_format& format : {grey(8), grey(10), grey(16), grey(32)}) {
    const Size size{70, 50}, output{40, 30};
    TestPicture source(format, size), got(format, output);
    fill_random(&source, format, 3);
    Renderer renderer(stream_of(format, size), output, {ScaleFilter::kBilinear});
    const double fx = 0.3125, fy = 0.75;
    renderer.render({12 + fx, 9 + fy, 40, 30}, source.frame(), got.picture());
    const double allowed = format.depth == 32 ? 1e-5 : 1.01 + peak(format) / (1 << 14);
    for (int y = 0; y < 30; ++y) {
      for (int x = 0; x < 40; ++x) {
        const auto row = [&](int at) {
          return (1 - fx) * source.get(0, 12 + x, at) + fx * source.get(0, 13 + x, at);
        };
        ASSERT_NEAR(got.get(0, x, y), (1 - fy) * row(9 + y) + fy * row(10 + y), allowed)
            << describe(format, size);
      }
    }
  }
}

TEST(Render, GivesTheSamePictureWhateverTheAddressesOfItsRows) {
  const Size size{75, 61};
  const smartcrop_pixel_format formats[] = {yuv(1, 1, 8), yuv(1, 0, 10), rgb(8, 1), grey(32)};
  const Window windows[] = {{4, 4, 33, 41},           {0, 0, 33, 41},       {42, 20, 33, 41},
                            {5.3125, 7.5625, 33, 41}, {41.9, 19.9, 33, 41}, {0, 0, 75, 61}};
  for (const smartcrop_pixel_format& format : formats) {
    TestPicture source(format, size);
    fill_random(&source, format, 4);
    Renderer renderer(stream_of(format, size), {33, 41}, {ScaleFilter::kLanczos});
    for (const Window& window : windows) {
      TestPicture wanted(format, {33, 41});
      renderer.render(window, source.frame(), wanted.picture());
      for (const Placement placement : kPlacements) {
        TestPicture placed(format, size, placement), got(format, {33, 41}, placement);
        for (int plane = 0; plane < placed.planes(); ++plane) {
          placed.fill(plane, [&](int x, int y) { return source.get(plane, x, y); });
        }
        for (const uint32_t flags : {0u, uint32_t{SMARTCROP_FRAME_INTERLACED}}) {
          renderer.render(window, source.frame(flags), wanted.picture());
          renderer.render(window, placed.frame(flags), got.picture());
          EXPECT_TRUE(equals_slice(got, wanted, 0, 0))
              << describe(format, size) << " placement " << static_cast<int>(placement);
        }
        EXPECT_TRUE(got.is_padding_intact());
        EXPECT_TRUE(placed.is_padding_intact());
      }
    }
  }
}

TEST(Render, RendersPicturesOfAnySize) {
  const Size sizes[] = {{1, 1}, {2, 2}, {3, 1}, {1, 9}, {16, 4000}, {4000, 2}};
  for (const smartcrop_pixel_format& format : {yuv(1, 1, 8), yuv(2, 2, 10), grey(32)}) {
    for (const Size size : sizes) {
      for (const Size output : {Size{1, 1}, Size{7, 5}, Size{64, 64}}) {
        TestPicture source(format, size, Placement::kTight), got(format, output, Placement::kTight);
        source.fill_all([](int, int) { return 1; });
        Renderer renderer(stream_of(format, size), output,
                          {ScaleFilter::kSpline36, PadKind::kEdge});
        for (const uint32_t flags : {0u, uint32_t{SMARTCROP_FRAME_INTERLACED}}) {
          renderer.render({0, 0, double(size.width), double(size.height)}, source.frame(flags),
                          got.picture());
          EXPECT_NEAR(got.get(0, 0, 0), 1, 1e-5) << describe(format, size);
        }
      }
    }
  }
}

TEST(Render, IsExactOnlyOnWholeSamplesOfEveryPlaneAndWholePairsOfRows) {
  const Renderer subsampled(stream_of(yuv(1, 1, 8), {64, 64}), {32, 32}, {ScaleFilter::kBilinear});
  const auto exact = [](const Renderer& renderer, double x, double y) {
    return renderer.is_exact({x, y, 32, 32}, nullptr, nullptr);
  };
  EXPECT_TRUE(exact(subsampled, 2, 4));
  EXPECT_FALSE(exact(subsampled, 1, 4));
  EXPECT_FALSE(exact(subsampled, 2, 2));
  EXPECT_FALSE(exact(subsampled, 2.25, 4));
  EXPECT_TRUE(exact(subsampled, 2.00001, 3.99999));  // rounding errors of a path
  EXPECT_FALSE(subsampled.is_exact({0, 0, 31.5, 32}, nullptr, nullptr));
  const Renderer full(stream_of(rgb(8), {64, 64}), {32, 32}, {ScaleFilter::kBilinear});
  EXPECT_TRUE(exact(full, 1, 2));
  EXPECT_FALSE(exact(full, 1, 1));
}

TEST(Render, RefusesWindowsThatAreNotInsideThePictureInOneSentence) {
  const Size size{64, 48};
  TestPicture source(yuv(1, 1, 8), size), got(yuv(1, 1, 8), {32, 32});
  Renderer renderer(stream_of(yuv(1, 1, 8), size), {32, 32}, {ScaleFilter::kBilinear});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Window& window :
       {Window{nan, 0, 32, 32}, Window{0, 0, 0, 32}, Window{0, 0, 32, nan}, Window{0, 0, 65, 32},
        Window{0, 0, 32, 1e30}, Window{33, 0, 32, 32}, Window{0, -1, 32, 32},
        Window{1e300, 0, 32, 32}, Window{0, 17, 32, 32}, Window{0, 0, 1e-300, 32}}) {
    try {
      renderer.render(window, source.frame(), got.picture());
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_ARGUMENT);
      EXPECT_NE(std::string(error.what()).find("64x48"), std::string::npos) << error.what();
    }
  }
}

TEST(Render, RefusesUnknownScalersFormatsAndMissingPlanes) {
  const smartcrop_stream stream = stream_of(yuv(1, 1, 8), {64, 48});
  EXPECT_THROW(Renderer(stream, {0, 32}, {ScaleFilter::kBilinear}), Error);
  EXPECT_THROW(Renderer(stream_of(yuv(3, 0, 8), {64, 48}), {32, 32}, {ScaleFilter::kBilinear}),
               Error);
  EXPECT_THROW(Renderer(stream_of(yuv(1, 1, 7), {64, 48}), {32, 32}, {ScaleFilter::kBilinear}),
               Error);
  Renderer renderer(stream, {32, 32}, {ScaleFilter::kBilinear});
  TestPicture source(yuv(1, 1, 8), {64, 48}), got(yuv(1, 1, 8), {32, 32});
  smartcrop_frame frame = source.frame();
  frame.data[2] = nullptr;
  EXPECT_THROW(renderer.render({0, 0, 32, 32}, frame, got.picture()), Error);
  smartcrop_picture picture = got.picture();
  picture.data[1] = nullptr;
  EXPECT_THROW(renderer.render({0, 0, 32, 32}, source.frame(), picture), Error);
}

}  // namespace
}  // namespace smartcrop
