// SPDX-License-Identifier: MIT
// Where in the picture the samples of a rendered window come from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "options.h"
#include "stage6_render/render.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr const char* kScalers[] = {"bilinear", "bicubic", "lanczos", "spline36"};

// Where a sample of a plane lies, in luma samples from the picture's left or top edge.
double luma_x(const PlaneLayout& layout, int plane, double x) {
  return (1 << layout.shift_w[static_cast<size_t>(plane)]) * x + 0.5;  // on the first of its luma
}
double luma_y(const PlaneLayout& layout, int plane, double y) {
  const double factor = 1 << layout.shift_h[static_cast<size_t>(plane)];
  return factor * (y + 0.5);  // between its luma
}

// A slope over the picture that every plane samples at its own sites: whatever is cut out of it,
// and however it is scaled, must be the same slope.
struct Slope {
  double base, across, down;
  double at(double x, double y) const { return base + across * x + down * y; }
};

Slope slope_for(const smartcrop_pixel_format& format, Size size) {
  const double top = peak(format);
  return {0.1 * top, 0.4 * top / size.width, 0.4 * top / size.height};
}

// Dithered: a plain rounding of a regular slope has a mean error of its own.
void draw(const Slope& slope, const smartcrop_pixel_format& format, TestPicture* picture) {
  std::mt19937 random(5);
  const double half_step = format.depth == 32 ? 0 : 0.5;
  std::uniform_real_distribution<double> dither(-half_step, half_step);
  for (int plane = 0; plane < picture->planes(); ++plane) {
    picture->fill(plane, [&](int x, int y) {
      return slope.at(luma_x(picture->layout(), plane, x), luma_y(picture->layout(), plane, y)) +
             (half_step > 0 ? dither(random) : 0);
    });
  }
}

struct SlopeError {
  double worst = 0;  // of any sample
  double bias = 0;   // mean of the plane where it is largest: what a shift makes
};

SlopeError error_of(const Slope& slope, const Window& window, Size output, const TestPicture& got) {
  const double scale_x = window.width / output.width, scale_y = window.height / output.height;
  SlopeError error;
  for (int plane = 0; plane < got.planes(); ++plane) {
    double sum = 0;
    const Size samples = got.size(plane);
    for (int i = 0; i < samples.width * samples.height; ++i) {
      const int x = i % samples.width, y = i / samples.width;
      const double wanted = slope.at(window.x + scale_x * luma_x(got.layout(), plane, x),
                                     window.y + scale_y * luma_y(got.layout(), plane, y));
      const double difference = got.get(plane, x, y) - wanted;
      error.worst = std::max(error.worst, std::abs(difference));
      sum += difference;
    }
    error.bias = std::max(error.bias, std::abs(sum / (samples.width * samples.height)));
  }
  return error;
}

// Up to a step for the dither and half a step for each of two roundings (between the passes, and of
// the result), of which filters with negative lobes enlarge the first two; and what filters of 14
// bits can do; ties are rounded up, which at a phase of one half is a mean error of a quarter for
// each pass (a shift shows in the deep formats). A share of the peak is allowed where the filter
// keeps slopes only nearly.
void expect_slope(const SlopeError& error, const smartcrop_pixel_format& format,
                  const std::string& what, double share = 0) {
  const bool is_float = format.depth == 32;
  const double filter_error = share * peak(format);
  EXPECT_LE(error.worst, (is_float ? 5e-4 : 2.5 + peak(format) / (1 << 12)) + filter_error) << what;
  EXPECT_LE(error.bias, (is_float ? 1e-5 : 0.35 + peak(format) / (1 << 14)) + filter_error) << what;
}

TEST(Render, KeepsASlopeInEveryFormatAtFractionalPositions) {
  const Size size{161, 119}, output{64, 48};
  const Window window{33.3125, 27.4375, 64, 48};
  for (const smartcrop_pixel_format& format : many_formats()) {
    const Slope slope = slope_for(format, size);
    TestPicture source(format, size), got(format, output);
    draw(slope, format, &source);
    Renderer renderer(stream_of(format, size), output, {ScaleFilter::kSpline36});
    renderer.render(window, source.frame(), got.picture());
    expect_slope(error_of(slope, window, output, got), format, describe(format, size));
  }
}

TEST(Render, KeepsASlopeWithEveryScalerWhenScaledUpAndDown) {
  const Size size{240, 200};
  const Window window{71.125, 67.75, 80, 60};
  for (const char* scaler : kScalers) {
    for (const Size output : {Size{131, 97}, Size{40, 30}, Size{80, 60}, Size{80, 91}}) {
      for (const smartcrop_pixel_format& format :
           {yuv(1, 1, 8), yuv(2, 0, 10), yuv(1, 1, 32), yuv(2, 0, 32), rgb(16)}) {
        const Slope slope = slope_for(format, size);
        TestPicture source(format, size), got(format, output);
        draw(slope, format, &source);
        Options given;
        set_option(&given, "scaler", std::string(scaler));
        RenderOptions options;
        options.scaler = given.scaler;
        options.shape = window.width / window.height;
        Renderer renderer(stream_of(format, size), output, options);
        renderer.render(window, source.frame(), got.picture());
        expect_slope(error_of(slope, window, output, got), format,
                     std::string(scaler) + " " + describe(format, size) + " to " +
                         std::to_string(output.width) + "x" + std::to_string(output.height),
                     scaler == std::string("lanczos") ? 1e-3 : 0);
      }
    }
  }
}

TEST(Render, KeepsTheSlopeInBothFieldsOfInterlacedVideo) {
  const Size size{160, 144};
  for (const Size output : {Size{64, 48}, Size{96, 72}, Size{48, 36}}) {
    for (const double y : {36.0, 37.0, 38.0, 37.3125}) {
      const Window window{40, y, 64, 48};
      for (const smartcrop_pixel_format& format :
           {yuv(1, 1, 8), yuv(1, 0, 10), yuv(1, 1, 32), grey(16)}) {
        const Slope slope = slope_for(format, size);
        TestPicture source(format, size), got(format, output);
        draw(slope, format, &source);
        Renderer renderer(stream_of(format, size), output, {ScaleFilter::kBicubic});
        renderer.render(window, source.frame(SMARTCROP_FRAME_INTERLACED), got.picture());
        expect_slope(error_of(slope, window, output, got), format,
                     describe(format, size) + " at " + std::to_string(y) + " to " +
                         std::to_string(output.height));
      }
    }
  }
}

TEST(Render, MovesSmoothlyInStepsOfASixteenth) {
  // A window that drifts to the right over a slope gets brighter at every step.
  const smartcrop_pixel_format format = grey(16);
  const Size size{200, 32}, output{64, 32};
  TestPicture source(format, size), got(format, output);
  draw({1000, 200, 0}, format, &source);
  Renderer renderer(stream_of(format, size), output, {ScaleFilter::kSpline36});
  double before = 0;
  for (int step = 0; step < 256; ++step) {  // more phases than scalers are kept for, several times
    renderer.render({20 + step / 16.0, 0, 64, 32}, source.frame(), got.picture());
    const double now = got.get(0, 10, 10);
    if (step > 0) {
      EXPECT_NEAR(now - before, 200 / 16.0, 9) << step;
    }
    before = now;
  }
}

}  // namespace
}  // namespace smartcrop
