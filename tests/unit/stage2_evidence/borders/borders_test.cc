// SPDX-License-Identifier: MIT
#include "stage2_evidence/borders/borders.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <random>

#include "stage1_proxy/pictures.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kSize{320, 180};
constexpr double kFps = 16;

// Luma of a sample at a time in seconds.
using Scene = std::function<double(int, int, double)>;

// Something moves everywhere, to the edges.
double busy(int x, int y, double time_s) {
  return 120 + 45 * std::sin(x * 0.062 + 2.1 * time_s) + 45 * std::cos(y * 0.094 - 1.7 * time_s);
}

// A night: black, but for lights in the middle.
double night(int x, int y, double time_s) {
  const double dx = (x - 160 - 30 * std::sin(time_s)) / 55, dy = (y - 95) / 35.0;
  return 16 + 120 * std::exp(-dx * dx - dy * dy);
}

Scene within(Scene scene, int top, int bottom, int left, int right, double bar = 16) {
  return [=](int x, int y, double time_s) {
    const bool inside =
        x >= left && x < kSize.width - right && y >= top && y < kSize.height - bottom;
    return inside ? scene(x, y, time_s) : bar;
  };
}

class Viewer {
 public:
  explicit Viewer(const smartcrop_pixel_format& format = yuv(1, 1, 8))
      : format_(format),
        stream_(stream_of(format, kSize)),
        reader_(open_frames(stream_)),
        borders_(stream_) {}

  void watch(const Scene& scene, double seconds) {
    const double scale = std::pow(2.0, format_.depth - 8);
    for (const double end_s = time_s_ + seconds; time_s_ < end_s; time_s_ += 1 / kFps) {
      TestPicture picture(format_, kSize);
      picture.fill_all([&](int, int) { return 128 * scale; });
      picture.fill(0, [&](int x, int y) { return scene(x, y, time_s_) * scale; });
      reader_->show(picture.frame());
      borders_.observe({frames_, time_s_, &reader_->proxy(), reader_.get(), frames_ % 2 == 0, {}});
      ++frames_;
    }
  }
  void cut() { borders_.reset(Reset::kCut); }

  // Expects these many samples of border, and at most two of the picture counted to them.
  void expect(int top, int bottom, int left, int right) const {
    const Box box = borders_.content();
    const double found[] = {box.y * kSize.height, (1 - box.y - box.height) * kSize.height,
                            box.x * kSize.width, (1 - box.x - box.width) * kSize.width};
    const int wanted[] = {top, bottom, left, right};
    for (int i = 0; i < 4; ++i) {
      EXPECT_GE(found[i], wanted[i] - 1e-6) << "side " << i;
      EXPECT_LE(found[i], wanted[i] + (wanted[i] > 0 ? 2 : 0) + 1e-6) << "side " << i;
    }
  }
  void expect_none() const { expect(0, 0, 0, 0); }

 private:
  smartcrop_pixel_format format_;
  smartcrop_stream stream_;
  std::unique_ptr<FrameReader> reader_;
  Borders borders_;
  double time_s_ = 0;
  int64_t frames_ = 0;
};

TEST(Borders, AreUnknownBeforeTheFirstFrame) { Viewer().expect_none(); }

TEST(Borders, AreFoundToTwoSamplesOfThePicture) {
  const int cases[][4] = {{23, 23, 0, 0}, {0, 0, 40, 40}, {23, 23, 40, 40},
                          {6, 6, 0, 0},   {22, 23, 0, 0}, {0, 0, 110, 110}};
  for (const auto& bars : cases) {
    Viewer viewer;
    viewer.watch(within(busy, bars[0], bars[1], bars[2], bars[3]), 0.5);
    viewer.expect(bars[0], bars[1], bars[2], bars[3]);
  }
}

TEST(Borders, AreFoundInAnyDepth) {
  for (const smartcrop_pixel_format& format : {yuv(1, 0, 10), yuv(1, 1, 16), grey(8), grey(12)}) {
    Viewer viewer(format);
    viewer.watch(within(busy, 23, 23, 0, 0), 0.5);
    viewer.expect(23, 23, 0, 0);
  }
}

TEST(Borders, MayHaveAnyColour) {
  for (const double level : {235.0, 90.0}) {
    Viewer viewer;
    const auto moving = [](int x, int y, double t) { return 0.5 * busy(x, y, t); };
    viewer.watch(within(level == 90 ? Scene(busy) : Scene(moving), 20, 20, 0, 0, level), 1);
    viewer.expect(20, 20, 0, 0);
  }
}

TEST(Borders, AreFoundInNoise) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 4);
  Viewer viewer;
  const Scene clean = within(busy, 23, 23, 0, 0, 24);
  viewer.watch(
      [&](int x, int y, double t) { return std::max(0.0, clean(x, y, t) + noise(random)); }, 2);
  viewer.expect(23, 23, 0, 0);
}

TEST(Borders, AreNotSeenInAPictureWithoutThem) {
  Viewer busy_viewer, night_viewer;
  busy_viewer.watch(busy, 2);
  busy_viewer.expect_none();
  night_viewer.watch(night, 6);
  night_viewer.expect_none();
}

TEST(Borders, AreNotADarkOrABrightSideOfThePicture) {
  // Straight, flat and for long, but white, or alone and not black, or of unequal widths.
  for (const double level : {235.0, 40.0}) {
    Viewer sky;
    sky.watch(within(busy, 45, 0, 0, 0, level), 6);
    sky.expect_none();
  }
  Viewer wall;
  wall.watch([](int x, int y, double t) { return x < 100 + y / 4 ? 16 : busy(x, y, t); }, 6);
  wall.expect_none();
}

TEST(Borders, AreFoundOnOneSideWhereItStaysBlackForLong) {
  Viewer viewer;
  viewer.watch(within(busy, 0, 30, 0, 0), 2);
  viewer.expect_none();
  viewer.watch(within(busy, 0, 30, 0, 0), 2);
  viewer.expect(0, 30, 0, 0);
}

TEST(Borders, AppearWithThePictureWhenItFadesInFromBlack) {
  Viewer viewer;
  viewer.watch([](int, int, double) { return 16; }, 1);
  viewer.expect_none();
  const Scene bars = within(busy, 23, 23, 0, 0);
  viewer.watch(
      [&](int x, int y, double t) { return 16 + (bars(x, y, t) - 16) * std::min(1.0, t - 1); }, 1);
  viewer.expect(23, 23, 0, 0);
}

TEST(Borders, StayThroughSubtitlesAndLogosInThem) {
  const Scene bars = within(busy, 23, 23, 0, 0);
  const auto lettered = [&](int x, int y, double t) {
    const bool subtitle = y >= 163 && y < 171 && x >= 100 && x < 220 && (x / 3) % 2 == 0;
    const bool logo = y >= 5 && y < 15 && x >= 280 && x < 300;
    return subtitle || logo ? 220 : bars(x, y, t);
  };
  Viewer from_the_start, later;
  from_the_start.watch(lettered, 1);
  from_the_start.expect(23, 23, 0, 0);
  later.watch(bars, 1);
  later.watch(lettered, 1);
  later.expect(23, 23, 0, 0);
}

TEST(Borders, EndWhenThePictureShowsInThem) {
  Viewer viewer;
  viewer.watch(within(busy, 23, 23, 0, 0), 1);
  viewer.expect(23, 23, 0, 0);
  viewer.watch(busy, 0.25);
  viewer.expect_none();
}

TEST(Borders, StayAFirstGuessAcrossACutUntilTheShotContradictsThem) {
  Viewer viewer;
  viewer.watch(within(busy, 23, 23, 0, 0), 1);
  viewer.cut();
  viewer.expect(23, 23, 0, 0);
  viewer.watch(within(night, 23, 23, 0, 0), 1);
  viewer.expect(23, 23, 0, 0);
  viewer.cut();
  viewer.watch(busy, 0.25);
  viewer.expect_none();
}

}  // namespace
}  // namespace smartcrop
