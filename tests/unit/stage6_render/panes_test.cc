// SPDX-License-Identifier: MIT
// Outputs that are divided: where panes go, what they show, and what shows between them.
#include "stage6_render/panes.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "error.h"
#include "picture/colour.h"
#include "stage6_render/render.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kSource{160, 96}, kOutput{96, 160};
constexpr Colour kColour{0x30, 0xc0, 0x60};
constexpr uint32_t kFlags[] = {0u, uint32_t{SMARTCROP_FRAME_INTERLACED}};
constexpr PadKind kPads[] = {PadKind::kBlur, PadKind::kColour, PadKind::kEdge};

void fill_random(TestPicture* picture, const smartcrop_pixel_format& format, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(0, peak(format));
  picture->fill_all([&](int, int) { return value(random); });
}

RenderOptions options_of(PadKind pad, double shape = 0) {
  return {ScaleFilter::kSpline36, pad, kColour, shape};
}

// Expects a picture inside another one, its top left at this luma sample.
void expect_inside(const TestPicture& part, const TestPicture& all, Size at,
                   const std::string& what) {
  for (int plane = 0; plane < part.planes(); ++plane) {
    const Size size = part.size(plane);
    const int left = at.width >> part.layout().shift_w[static_cast<size_t>(plane)];
    const int top = at.height >> part.layout().shift_h[static_cast<size_t>(plane)];
    for (int i = 0; i < size.width * size.height; ++i) {
      const int x = i % size.width, y = i / size.width;
      ASSERT_EQ(all.get(plane, left + x, top + y), part.get(plane, x, y))
          << what << " plane " << plane << " at " << x << "," << y;
    }
  }
}

// What a window of its own shape looks like in a picture of this size.
TestPicture alone(const TestPicture& source, const smartcrop_pixel_format& format,
                  const Window& window, Size output, uint32_t flags) {
  TestPicture got(format, output);
  const double shape = window.width / window.height;
  Renderer(stream_of(format, kSource), output, options_of(PadKind::kBlur, shape))
      .render(window, source.frame(flags), got.picture());
  return got;
}

TEST(Panes, AreDrawnAsTheirWindowsAreAlone) {
  const std::vector<Pane> panes = {{{3.3125, 5.75, 60.5, 50}, {0, 0, 96, 80}},
                                   {{64, 16, 96, 80}, {0, 80, 96, 80}}};
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, kSource);
    fill_random(&source, format, 1);
    Renderer renderer(stream_of(format, kSource), kOutput, options_of(PadKind::kBlur));
    for (const uint32_t flags : kFlags) {
      for (const Placement placement : {Placement::kAligned, Placement::kOdd}) {
        TestPicture got(format, kOutput, placement);
        renderer.render(panes, source.frame(flags), got.picture());
        for (const Pane& pane : panes) {
          const int top = static_cast<int>(pane.to.y);
          expect_inside(alone(source, format, pane.from, {96, 80}, flags), got, {0, top},
                        describe(format, kSource) + (flags != 0 ? " interlaced" : ""));
        }
        EXPECT_TRUE(got.is_padding_intact());
      }
    }
  }
}

TEST(Panes, OnWholeSamplesAreCopiedBitByBit) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, kSource), got(format, kOutput);
    fill_random(&source, format, 2);
    Renderer renderer(stream_of(format, kSource), kOutput, options_of(PadKind::kBlur));
    renderer.render({{{8, 8, 96, 80}, {0, 0, 96, 80}}, {{64, 16, 96, 80}, {0, 80, 96, 80}}},
                    source.frame(), got.picture());
    for (int plane = 0; plane < got.planes(); ++plane) {
      const int h = got.layout().shift_h[size_t(plane)], w = got.layout().shift_w[size_t(plane)];
      for (int y = 0; y < got.size(plane).height; ++y) {
        const bool is_upper = y < 80 >> h;
        const int left = is_upper ? 8 >> w : 64 >> w;
        const int row = is_upper ? y + (8 >> h) : y - (80 >> h) + (16 >> h);
        for (int x = 0; x < got.size(plane).width; ++x) {
          ASSERT_EQ(got.get(plane, x, y), source.get(plane, left + x, row))
              << describe(format, kSource) << " plane " << plane;
        }
      }
    }
  }
}

TEST(Panes, ThatComeLaterLieAboveTheEarlierOnes) {
  const smartcrop_pixel_format format = yuv(1, 1, 8, 1);
  TestPicture source(format, kSource), got(format, kOutput);
  fill_random(&source, format, 3);
  Renderer renderer(stream_of(format, kSource), kOutput, options_of(PadKind::kBlur));
  const Window wide{0, 0, 57.6, 96}, small{100, 20, 40, 40};
  renderer.render({{wide, {0, 0, 96, 160}}, {small, {48, 16, 32, 32}}}, source.frame(),
                  got.picture());
  expect_inside(alone(source, format, small, {32, 32}, 0), got, {48, 16}, "the small one");
  TestPicture below = alone(source, format, wide, kOutput, 0);
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 96; ++x) {
      if (x >= 48 && x < 80 && y >= 16 && y < 48) continue;
      ASSERT_EQ(got.get(0, x, y), below.get(0, x, y)) << x << "," << y;
    }
  }
}

TEST(Panes, OneThatIsSmallerThanTheOutputIsPaddedAsAWindowIs) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, kSource);
    fill_random(&source, format, 4);
    // Fitted into 96 x 160, the whole picture is 57.6 rows high, less the rounding of the bars.
    const double bar = format.subsampling_h == 2 ? 48 : 52;
    const Window all{0, 0, 160, 96};
    for (const PadKind pad : kPads) {
      Renderer renderer(stream_of(format, kSource), kOutput, options_of(pad));
      for (const uint32_t flags : kFlags) {
        TestPicture fitted(format, kOutput), got(format, kOutput);
        renderer.render(all, source.frame(flags), fitted.picture());
        renderer.render({{all, {0, bar, 96, 160 - 2 * bar}}}, source.frame(flags), got.picture());
        expect_inside(fitted, got, {0, 0}, describe(format, kSource));
      }
    }
  }
}

TEST(Panes, LeaveNoSampleOfTheOutputUnwritten) {
  const std::vector<Pane> cases[] = {
      {{{0, 0, 60, 60}, {10, 10, 30, 30}}, {{60, 0, 60, 60}, {50, 90, 33.3, 41.7}}},
      {{{0, 0, 60, 60}, {0, 0, 96, 70.5}}, {{60, 0, 60, 60}, {0, 90, 96, 70}}},
      {{{0, 0, 60, 60}, {0, 0, 33.4, 160}}, {{60, 0, 60, 60}, {33.4, 0, 62.6, 160}}}};
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, kSource);
    fill_random(&source, format, 5);
    for (const PadKind pad : kPads) {
      Renderer renderer(stream_of(format, kSource), kOutput, options_of(pad));
      for (const std::vector<Pane>& panes : cases) {
        for (const uint32_t flags : kFlags) {
          TestPicture dark(format, kOutput), bright(format, kOutput);
          dark.fill_all([](int, int) { return 0; });
          bright.fill_all([&](int, int) { return peak(format); });
          renderer.render(panes, source.frame(flags), dark.picture());
          renderer.render(panes, source.frame(flags), bright.picture());
          expect_inside(dark, bright, {0, 0}, describe(format, kSource));
        }
      }
    }
  }
}

TEST(Panes, ShowThePaddingBetweenThemAndNoneWhereTheyTouch) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    TestPicture source(format, kSource), got(format, kOutput);
    source.fill_all([&](int, int) { return peak(format); });
    const auto wanted = samples_of(kColour, stream_of(format, kSource));
    Renderer renderer(stream_of(format, kSource), kOutput, options_of(PadKind::kColour));
    // Between two samples, and on a multiple of no step.
    renderer.render({{{0, 0, 60, 60}, {0, 0, 96, 61.4}}, {{60, 0, 60, 60}, {0, 61.4, 96, 98.6}}},
                    source.frame(), got.picture());
    for (int y = 0; y < 160; ++y) ASSERT_NEAR(got.get(0, 40, y), peak(format), 1e-5) << y;
    renderer.render({{{0, 0, 60, 60}, {0, 0, 96, 72}}, {{60, 0, 60, 60}, {0, 88, 96, 72}}},
                    source.frame(), got.picture());
    for (int plane = 0; plane < got.planes(); ++plane) {
      const int h = got.layout().shift_h[size_t(plane)];
      for (const int row : {71, 72, 87, 88}) {
        const bool is_gap = row == 72 || row == 87;
        ASSERT_NEAR(got.get(plane, 10, row >> h), is_gap ? wanted[size_t(plane)] : peak(format),
                    1e-5)
            << describe(format, kSource) << " plane " << plane << " row " << row;
      }
    }
  }
}

TEST(Panes, AreExactWhereThereIsOneThatFillsTheOutputSampleBySample) {
  const Size output{64, 48};
  const Renderer renderer(stream_of(yuv(1, 1, 8), kSource), output, options_of(PadKind::kBlur));
  const Window there{10, 8, 64, 48}, full{0, 0, 64, 48};
  int x = -1, y = -1;
  EXPECT_TRUE(renderer.is_exact({{there, full}}, &x, &y));
  EXPECT_EQ(x, 10);
  EXPECT_EQ(y, 8);
  EXPECT_FALSE(renderer.is_exact({{{10.5, 8, 64, 48}, full}}, nullptr, nullptr));
  EXPECT_FALSE(renderer.is_exact({{{10, 8, 60, 45}, full}}, nullptr, nullptr));
  EXPECT_FALSE(renderer.is_exact({{there, {0, 0, 64, 44}}}, nullptr, nullptr));
  EXPECT_FALSE(renderer.is_exact({{{10, 8, 60, 48}, {4, 0, 60, 48}}}, nullptr, nullptr));
  EXPECT_FALSE(renderer.is_exact({{there, full}, {there, full}}, nullptr, nullptr));
}

TEST(Panes, ThatAreNotInsideAreRefusedInOneSentence) {
  const smartcrop_pixel_format format = yuv(1, 1, 8);
  TestPicture source(format, kSource), got(format, kOutput);
  Renderer renderer(stream_of(format, kSource), kOutput, options_of(PadKind::kBlur));
  const Pane good{{0, 0, 60, 60}, {0, 0, 96, 80}};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refusal = [&](const Pane& pane) -> std::string {
    try {
      renderer.render({good, pane}, source.frame(), got.picture());
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_ARGUMENT);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      EXPECT_THROW(renderer.is_exact({pane}, nullptr, nullptr), Error);
      return error.what();
    }
    return "it was drawn";
  };
  EXPECT_EQ(refusal({{100, 0, 61, 60}, {0, 80, 96, 80}}),
            "the window of pane 1, 61x60 at 100,0 is not inside the picture of 160x96");
  EXPECT_EQ(refusal({{0, 0, 60, 60}, {0, 80, 96, 81}}),
            "pane 1 goes to 96x81 at 0,80, which is not inside the output of 96x160");
  for (const Window& wrong : {Window{nan, 0, 20, 20}, Window{0, 0, nan, 20}, Window{0, 0, 0, 20},
                              Window{0, 0, 20, -1}, Window{-2, 0, 20, 20}, Window{1e300, 0, 20, 20},
                              Window{0, 0, 1e-300, 20}, Window{0, 150, 20, 20}}) {
    EXPECT_NE(refusal({wrong, {0, 0, 96, 80}}).find("of pane 1, "), std::string::npos);
    EXPECT_NE(refusal({{0, 0, 60, 60}, wrong}).find("pane 1 goes to "), std::string::npos);
  }
}

TEST(Panes, OfAnyPlaceAndSizeStayInThePicture) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto number = [&](double most) {
    return std::uniform_real_distribution<double>(0, most)(random);
  };
  const auto window_in = [&](Size size) {
    const double x = number(size.width), y = number(size.height);
    return Window{x, y, std::max(1e-3, number(size.width - x)),
                  std::max(1e-3, number(size.height - y))};
  };
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (int i = 0; i < 12; ++i) {
      const Size size{1 + int(number(90)), 1 + int(number(90))};
      const Size output{1 + int(number(90)), 1 + int(number(90))};
      TestPicture source(format, size, Placement::kTight), got(format, output, Placement::kOdd);
      source.fill_all([](int, int) { return 1; });
      std::vector<Pane> panes;
      for (int n = 1 + int(number(4)); n > 0; --n) {
        panes.push_back({window_in(size), window_in(output)});
      }
      Renderer renderer(stream_of(format, size), output, options_of(kPads[i % 3]));
      renderer.render(panes, source.frame(kFlags[i / 3 % 2]), got.picture());
      EXPECT_TRUE(got.is_padding_intact());
    }
  }
}

TEST(Panes, OfADecisionAreItsOwnAndTheirCountIsChecked) {
  smartcrop_pane panes[2]{{1, 2, 3, 4, 5, 6, 7, 8, 0}, {}};
  smartcrop_decision decision{};
  EXPECT_TRUE(panes_of(decision).empty());
  decision.panes = panes;
  decision.pane_count = 2;
  const std::vector<Pane> got = panes_of(decision);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].from.height, 4);
  EXPECT_EQ(got[0].to.x, 5);
  EXPECT_EQ(got[0].to.height, 8);
  for (const int32_t count : {-1, kMostPanes + 1}) {
    decision.pane_count = count;
    EXPECT_THROW(panes_of(decision), Error);
  }
  decision.pane_count = 1;
  decision.panes = nullptr;
  EXPECT_THROW(panes_of(decision), Error);
}

TEST(Rectangles, AreCoveredByWhatLeavesNothingOfThem) {
  const Rectangle all{0, 0, 10, 10};
  EXPECT_FALSE(is_covered(all, {}));
  EXPECT_TRUE(is_covered(all, {{-1, -1, 11, 11}}));
  EXPECT_TRUE(is_covered(all, {{0, 0, 4, 10}, {4, 0, 10, 6}, {3, 6, 10, 10}}));
  EXPECT_FALSE(is_covered(all, {{0, 0, 4, 10}, {5, 0, 10, 10}}));
  EXPECT_FALSE(is_covered(all, {{0, 0, 10, 9}, {0, 9, 9, 10}}));
}

}  // namespace
}  // namespace smartcrop
