// SPDX-License-Identifier: MIT
#include "stage2_evidence/maps/contrast_map.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "stage2_evidence/evidence_scene.h"

namespace smartcrop {
namespace {

HeatMap map_of(const Proxy& proxy) {
  return contrast_map(proxy, evidence_grid({proxy.width, proxy.height}));
}

TEST(ContrastMap, FindsAColouredBlobOnGrey) {
  Proxy proxy = scene::uniform(scene::kSize, 110);
  for (int y = 30; y < 60; ++y) {
    for (int x = 190; x < 220; ++x) {
      const size_t i = static_cast<size_t>(y * proxy.width + x);
      proxy.planes[1][i] = 90;
      proxy.planes[2][i] = 200;
    }
  }
  const HeatMap map = map_of(proxy);
  const scene::Place place = scene::peak(map);
  EXPECT_NEAR(place.x, 205.0 / 256, 0.08);
  EXPECT_NEAR(place.y, 45.0 / 144, 0.12);
  EXPECT_GT(map.confidence, 0.7f);
}

TEST(ContrastMap, FindsDetailOnAPlainBackground) {
  Proxy proxy = scene::uniform(scene::kSize, 110);
  scene::paint_square(&proxy, 40, 80, 32);
  const HeatMap map = map_of(proxy);
  EXPECT_NEAR(scene::peak(map).x, 56.0 / 256, 0.08);
  EXPECT_NEAR(scene::peak(map).y, 96.0 / 144, 0.12);
  EXPECT_GT(map.confidence, 0.7f);
}

TEST(ContrastMap, OfAUniformPictureIsUniformWithConfidenceZero) {
  const HeatMap map = map_of(scene::uniform(scene::kSize, 90, 140, 100));
  EXPECT_EQ(map.confidence, 0);
  EXPECT_NEAR(*std::max_element(map.values.begin(), map.values.end()), 1.0 / (64 * 36), 1e-6);
}

TEST(ContrastMap, OfNoiseHasHardlyAnyConfidence) {
  Proxy proxy = scene::uniform(scene::kSize, 90);
  scene::add_noise(&proxy, 6, 1);
  EXPECT_LT(map_of(proxy).confidence, 0.05f);
}

TEST(ContrastMap, OfAPictureThatIsBusyEverywhereHasHardlyAnyConfidence) {
  EXPECT_LT(map_of(scene::paint(scene::texture)).confidence, 0.05f);
}

TEST(ContrastMap, IsAShareOfThePictureOnAnyGrid) {
  for (const Size size : {Size{2, 2}, Size{4, 4}, Size{6, 130}, Size{258, 2}, Size{222, 166}}) {
    Proxy proxy = scene::uniform(size, 20);
    scene::add_noise(&proxy, 40, 2);
    const HeatMap map = map_of(proxy);
    EXPECT_NEAR(scene::sum(map), 1, 1e-4) << size.width << " x " << size.height;
  }
  EXPECT_NEAR(scene::sum(contrast_map(scene::uniform({4, 4}, 20), {16, 9})), 1, 1e-4);
}

TEST(ContrastSource, AnswersOnlyForFramesToAnalyse) {
  ContrastSource source({64, 36});
  const Proxy proxy = scene::uniform(scene::kSize, 90);
  Observation observation;
  observation.proxy = &proxy;
  EXPECT_FALSE(source.observe(observation).map);
  observation.analyse = true;
  EXPECT_TRUE(source.observe(observation).map);
}

}  // namespace
}  // namespace smartcrop
