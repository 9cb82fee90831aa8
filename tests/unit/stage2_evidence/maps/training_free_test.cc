// SPDX-License-Identifier: MIT
#include "stage2_evidence/maps/training_free.h"

#include <gtest/gtest.h>

#include "stage2_evidence/evidence_scene.h"

namespace smartcrop {
namespace {

// A still red blob on the left; what moves is on the right.
Proxy rivals(int frame, bool moving) {
  Proxy proxy = scene::paint([](double x, double y) { return 60 + 0.5 * scene::texture(x, y); });
  for (int y = 60; y < 84; ++y) {
    for (int x = 70; x < 94; ++x) {
      proxy.planes[2][static_cast<size_t>(y * proxy.width + x)] = 220;
    }
  }
  scene::paint_square(&proxy, 160 + (moving ? 2 * frame : 0), 60, 20);
  return proxy;
}

Evidence watch(bool moving) {
  TrainingFreeSource source({64, 36}, {256, 144}, MotionFrom::kAuto);
  Evidence last;
  for (int frame = 0; frame < 12; ++frame) {
    last = scene::show(&source, rivals(frame, moving), frame, frame / 25.0);
  }
  return last;
}

TEST(TrainingFree, PrefersWhatMovesToWhatStandsOut) {
  const Evidence evidence = watch(true);
  EXPECT_GT(scene::share_inside(evidence.map, 0.6, 0, 0.9, 1), 0.7);
  EXPECT_GT(evidence.map.confidence, 0.6f);
}

TEST(TrainingFree, IsLessSureWhereNothingMoves) { EXPECT_LE(watch(false).map.confidence, 0.4f); }

TEST(TrainingFree, OfAnEmptyPictureIsTheMiddleWithConfidenceZero) {
  TrainingFreeSource source({64, 36}, {256, 144}, MotionFrom::kAuto);
  const Evidence evidence = scene::show(&source, scene::uniform(scene::kSize, 100), 0, 0);
  EXPECT_NEAR(scene::peak(evidence.map).x, 0.5, 0.02);
  EXPECT_NEAR(scene::peak(evidence.map).y, 0.5, 0.03);
  EXPECT_EQ(evidence.map.confidence, 0);
  EXPECT_NEAR(scene::sum(evidence.map), 1, 1e-4);
}

TEST(TrainingFree, IsNearerTheMiddleThanItsPartsWhereTheyTie) {
  HeatMap contrast;
  contrast.width = 8;
  contrast.height = 1;
  contrast.values.assign(8, 0.125f);
  HeatMap motion = contrast;
  motion.confidence = 1;
  motion.values = {0.5f, 0, 0, 0, 0, 0.5f, 0, 0};
  const HeatMap both = combine(contrast, motion);
  EXPECT_GT(both.values[5], 2 * both.values[0]);
}

}  // namespace
}  // namespace smartcrop
