// SPDX-License-Identifier: MIT
#include "stage2_evidence/cuts/cut_score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

namespace smartcrop {
namespace {

constexpr float kNeighbours = 0.3F;  // at most, inside a shot
constexpr float kFastest = 0.4F;     // at most, in a pan of a tenth of the picture a frame
constexpr float kShots = 0.42F;      // at least, between shots
constexpr float kDarkShots = 0.2F;   // the same, where the picture is dark or partly covered
constexpr float kLaidOver = 0.15F;   // at most, where a part of the picture is covered

uint8_t sample(double value) { return static_cast<uint8_t>(std::clamp(value, 0.0, 255.0)); }

// A picture of soft blobs, different for each seed; seen from (x, y) on.
class Scene {
 public:
  explicit Scene(unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (Blob& blob : blobs_) {
      blob = {uniform(random) * 700 - 150, uniform(random) * 450 - 100, 8 + uniform(random) * 30,
              uniform(random) * 160 - 80,  uniform(random) * 80 - 40,   uniform(random) * 80 - 40};
    }
  }

  Proxy shoot(double from_x, double from_y, double gain = 1, double offset = 0, int width = 256,
              int height = 144) const {
    Proxy proxy{width, height, {}};
    for (auto& plane : proxy.planes) plane.resize(static_cast<size_t>(width * height));
    size_t i = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x, ++i) {
        double luma = 90, u = 128, v = 128;
        for (const Blob& blob : blobs_) {
          const double dx = (x + from_x - blob.x) / blob.radius;
          const double dy = (y + from_y - blob.y) / blob.radius;
          const double distance = dx * dx + dy * dy;
          if (distance > 9) continue;
          const double share = std::exp(-distance);
          luma += share * blob.luma;
          u += share * blob.u;
          v += share * blob.v;
        }
        proxy.planes[0][i] = sample(luma * gain + offset);
        proxy.planes[1][i] = sample(u);
        proxy.planes[2][i] = sample(v);
      }
    }
    return proxy;
  }

 private:
  struct Blob {
    double x, y, radius, luma, u, v;
  };
  std::array<Blob, 120> blobs_;
};

float difference(const Proxy& before, const Proxy& after) {
  CutScore score;
  Observation observation;
  observation.proxy = &before;
  score.observe(observation);
  observation.frame = 1;
  observation.proxy = &after;
  return score.observe(observation).difference;
}

TEST(CutScore, FirstFrameAndAFrameAfterAResetHaveNoDifference) {
  const Proxy a = Scene(1).shoot(0, 0), b = Scene(2).shoot(0, 0);
  CutScore score;
  Observation observation;
  observation.proxy = &a;
  EXPECT_EQ(score.observe(observation).difference, 0);
  score.reset();
  observation.proxy = &b;
  EXPECT_EQ(score.observe(observation).difference, 0);
}

TEST(CutScore, AFrozenPictureHasNoDifference) {
  const Proxy a = Scene(1).shoot(0, 0);
  EXPECT_EQ(difference(a, a), 0);
}

TEST(CutScore, DifferentScenesDifferByMoreThanAnyMotion) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const Scene scene(seed), other(seed + 100);
    EXPECT_GT(difference(scene.shoot(0, 0), other.shoot(0, 0)), kShots) << "seed " << seed;
    for (const double speed : {1.0, 4.0, 11.0, 24.0}) {
      const float most = speed > 20 ? kFastest : kNeighbours;
      EXPECT_LT(difference(scene.shoot(0, 0), scene.shoot(speed, speed / 3)), most)
          << "seed " << seed << ", pan of " << speed << " samples a frame";
    }
  }
}

TEST(CutScore, LampsThatGoOnOrOffAreLittleDifference) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const Scene scene(seed);
    EXPECT_LT(difference(scene.shoot(0, 0), scene.shoot(0, 0, 0.5)), kNeighbours) << seed;
    EXPECT_LT(difference(scene.shoot(0, 0, 0.5), scene.shoot(0, 0)), kNeighbours) << seed;
    EXPECT_LT(difference(scene.shoot(0, 0), scene.shoot(0, 0, 1, 40)), kNeighbours) << seed;
  }
}

TEST(CutScore, CutsBetweenPicturesWithoutColourAreSeen) {
  Proxy a = Scene(1).shoot(0, 0), b = Scene(2).shoot(0, 0);
  for (size_t plane = 1; plane < 3; ++plane) {
    std::fill(a.planes[plane].begin(), a.planes[plane].end(), uint8_t{128});
    std::fill(b.planes[plane].begin(), b.planes[plane].end(), uint8_t{128});
  }
  EXPECT_GT(difference(a, b), kShots);
}

Proxy mirrored(Proxy proxy) {
  for (auto& plane : proxy.planes) {
    for (int y = 0; y < proxy.height; ++y) {
      const auto row = plane.begin() + static_cast<std::ptrdiff_t>(y) * proxy.width;
      std::reverse(row, row + proxy.width);
    }
  }
  return proxy;
}

Proxy rolled(Proxy proxy, int samples) {
  for (auto& plane : proxy.planes) {
    for (int y = 0; y < proxy.height; ++y) {
      const auto row = plane.begin() + static_cast<std::ptrdiff_t>(y) * proxy.width;
      std::rotate(row, row + samples, row + proxy.width);
    }
  }
  return proxy;
}

TEST(CutScore, DarkScenesDifferAndOneDarkSceneDoesNot) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    for (const double gain : {0.3, 0.15, 0.1}) {
      const Proxy scene = Scene(seed).shoot(0, 0, gain), next = Scene(seed).shoot(2, 1, gain);
      const Proxy other = Scene(seed + 100).shoot(0, 0, gain);
      EXPECT_GT(difference(scene, other), kDarkShots) << "seed " << seed << ", gain " << gain;
      EXPECT_LT(difference(scene, next), 0.1F) << "seed " << seed << ", gain " << gain;
    }
  }
}

TEST(CutScore, TheSamePictureMirroredOrInAnotherPlaceDiffers) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const Proxy scene = Scene(seed).shoot(0, 0);
    EXPECT_GT(difference(scene, mirrored(scene)), kShots) << "seed " << seed;
    for (const int samples : {70, 128, 190}) {
      EXPECT_GT(difference(scene, rolled(scene, samples)), kShots)
          << "seed " << seed << ", moved by " << samples;
    }
  }
}

using Change = std::function<bool(int x, int y)>;

// The picture with samples of this level where the change is.
Proxy covered(Proxy proxy, int level, const Change& change) {
  for (int y = 0; y < proxy.height; ++y) {
    for (int x = 0; x < proxy.width; ++x) {
      if (change(x, y)) proxy.planes[0][static_cast<size_t>(y * proxy.width + x)] = sample(level);
    }
  }
  return proxy;
}

Proxy patched(Proxy proxy, const Proxy& other, int left, int top, int right, int bottom) {
  for (size_t plane = 0; plane < 3; ++plane) {
    for (int y = top; y < bottom; ++y) {
      const auto row = static_cast<std::ptrdiff_t>(y) * proxy.width;
      std::copy(other.planes[plane].begin() + row + left, other.planes[plane].begin() + row + right,
                proxy.planes[plane].begin() + row + left);
    }
  }
  return proxy;
}

// A single seed may be unlucky, such as a scene with nothing in the half that stays.
TEST(CutScore, WhatIsLaidOverAPartOfThePictureIsLittleDifferenceInLightAndInTheDark) {
  const Change title = [](int x, int y) {
    return x >= 30 && x < 226 && y >= 100 && y < 128 && x / 4 % 2 == 1 && y / 3 % 4 != 0;
  };
  const Change logo = [](int x, int y) { return x >= 200 && x < 246 && y >= 8 && y < 28; };
  constexpr unsigned kSeeds = 24;
  for (const double gain : {1.0, 0.3, 0.15}) {
    int cuts = 0, all = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
      const Scene scene(seed);
      const Proxy before = scene.shoot(0, 0, gain), next = scene.shoot(seed % 3, 1, gain);
      const Proxy bright = Scene(seed + 100).shoot(0, 0),
                  dark = Scene(seed + 100).shoot(0, 0, gain);
      for (const Proxy& after :
           {covered(next, 235, title), covered(next, 235, logo),
            patched(next, bright, 140, 20, 240, 76), patched(next, dark, 128, 0, 256, 144)}) {
        cuts += difference(before, after) > kLaidOver;
        cuts += difference(after, before) > kLaidOver;
        all += 2;
      }
    }
    EXPECT_LT(cuts, all / 10) << "of " << all << " at gain " << gain;
  }
}

TEST(CutScore, ACutUnderALogoOrBetweenBarsIsSeen) {
  const Change logo = [](int x, int y) { return x >= 200 && x < 246 && y >= 8 && y < 28; };
  const Change bars = [](int, int y) { return y < 18 || y >= 126; };
  for (unsigned seed = 1; seed <= 12; ++seed) {
    for (const double gain : {1.0, 0.3}) {
      const Proxy a = Scene(seed).shoot(0, 0, gain), b = Scene(seed + 100).shoot(0, 0, gain);
      EXPECT_GT(difference(covered(a, 235, logo), covered(b, 235, logo)), kDarkShots) << seed;
      EXPECT_GT(difference(covered(a, 16, bars), covered(b, 16, bars)), kDarkShots) << seed;
    }
  }
}

TEST(CutScore, NoiseIsNoDifferenceOfContent) {
  const Proxy a = Scene(3).shoot(0, 0);
  Proxy b = a;
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 12);
  for (uint8_t& value : b.planes[0]) {
    value = static_cast<uint8_t>(std::clamp(value + noise(random), 0.0, 255.0));
  }
  EXPECT_LT(difference(a, b), kNeighbours);
}

TEST(CutScore, ContrastIsZeroOnFlatPicturesOnly) {
  Proxy black{64, 36, {}};
  for (auto& plane : black.planes) plane.assign(64 * 36, 16);
  const Proxy scene = Scene(1).shoot(0, 0);
  CutScore score;
  Observation observation;
  observation.proxy = &black;
  const CutFeatures dark = score.observe(observation);
  EXPECT_EQ(dark.contrast, 0);
  EXPECT_NEAR(dark.luma_mean, 16 / 255.0, 1e-6);
  observation.proxy = &scene;
  EXPECT_GT(score.observe(observation).contrast, 0.05F);
}

TEST(CutScore, AnyShapeOfProxyIsRead) {
  for (const Size size : {Size{1, 1}, Size{2, 2}, Size{2, 600}, Size{3000, 6}, Size{144, 256},
                          Size{126, 292}, Size{5, 7}}) {
    const Proxy a = Scene(1).shoot(0, 0, 1, 0, size.width, size.height);
    const Proxy b = Scene(2).shoot(0, 0, 1, 0, size.width, size.height);
    const float value = difference(a, b);
    EXPECT_GE(value, 0) << size.width << " x " << size.height;
    EXPECT_LE(value, 1) << size.width << " x " << size.height;
    EXPECT_EQ(difference(a, a), 0);
  }
}

TEST(CutScore, PicturesOfTwoSizesDifferInFull) {
  const Scene scene(1);
  EXPECT_EQ(difference(scene.shoot(0, 0), scene.shoot(0, 0, 1, 0, 144, 256)), 1);
}

}  // namespace
}  // namespace smartcrop
