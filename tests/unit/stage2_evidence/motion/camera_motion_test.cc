// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/camera_motion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stage2_evidence/evidence_scene.h"

namespace smartcrop {
namespace {

// The picture after a known motion: each of its points is looked up where it was before.
Proxy moved(const CameraMotion& motion, double brighter = 0) {
  const double norm = motion.a * motion.a + motion.b * motion.b;
  return scene::paint([&](double x, double y) {
    const double from_x = x - motion.x * scene::kSize.width;
    const double from_y = y - motion.y * scene::kSize.width;
    return brighter + scene::texture((motion.a * from_x + motion.b * from_y) / norm,
                                     (-motion.b * from_x + motion.a * from_y) / norm);
  });
}

CameraMotion estimate(const Proxy& before, const Proxy& after) {
  return estimate_camera_motion(make_pyramid(before), make_pyramid(after), CameraMotion());
}

void expect_recovered(const CameraMotion& truth, const CameraMotion& found) {
  EXPECT_NEAR(found.x, truth.x, 0.0015);
  EXPECT_NEAR(found.y, truth.y, 0.0015);
  EXPECT_NEAR(found.a, truth.a, 0.004);
  EXPECT_NEAR(found.b, truth.b, 0.004);
  EXPECT_GT(found.trust, 0.85f);
}

TEST(CameraMotion, RecoversNoMotion) {
  const CameraMotion still;
  expect_recovered(still, estimate(moved(still), moved(still)));
}

TEST(CameraMotion, RecoversShifts) {
  for (const float x : {-0.03f, -0.004f, 0.012f}) {
    const CameraMotion truth = {x, 0.01f, 1, 0, 0};
    expect_recovered(truth, estimate(moved(CameraMotion()), moved(truth)));
  }
}

TEST(CameraMotion, RecoversZoomAndRotation) {
  const CameraMotion zoom = {0, 0, 1.03f, 0, 0};
  expect_recovered(zoom, estimate(moved(CameraMotion()), moved(zoom)));
  const CameraMotion turn = {0.01f, -0.005f, std::cos(0.03f), std::sin(0.03f), 0};
  expect_recovered(turn, estimate(moved(CameraMotion()), moved(turn)));
}

TEST(CameraMotion, IsNotMisledByAChangeOfBrightness) {
  const CameraMotion truth = {0.012f, 0, 1, 0, 0};
  expect_recovered(truth, estimate(moved(CameraMotion()), moved(truth, 25)));
}

TEST(CameraMotion, IsNotMisledByASubjectThatMovesOtherwise) {
  const CameraMotion truth = {0.01f, 0, 1, 0, 0};
  Proxy before = moved(CameraMotion()), after = moved(truth);
  scene::paint_square(&before, 100, 40, 56);
  scene::paint_square(&after, 94, 42, 56);
  const CameraMotion found = estimate(before, after);
  EXPECT_NEAR(found.x, truth.x, 0.002);
  EXPECT_NEAR(found.y, truth.y, 0.002);
}

TEST(CameraMotion, OfASubjectBeforeAPlainBackgroundIsNone) {
  Proxy before = scene::uniform(scene::kSize, 128), after = before;
  scene::paint_square(&before, 100, 40, 40);
  scene::paint_square(&after, 108, 40, 40);
  const CameraMotion found = estimate(before, after);
  EXPECT_EQ(found.x, 0);
  EXPECT_EQ(found.trust, 0);
}

TEST(CameraMotion, OfPicturesWithoutStructureIsNone) {
  const CameraMotion found =
      estimate(scene::uniform(scene::kSize, 60), scene::uniform(scene::kSize, 200));
  EXPECT_EQ(found.x, 0);
  EXPECT_EQ(found.a, 1);
  EXPECT_EQ(found.trust, 0);
}

TEST(CameraMotion, TwoInARowAreTheirProduct) {
  const CameraMotion first = {0.1f, 0, 2, 0, 0.5f};
  const CameraMotion second = {0, 0.3f, 0, 1, 1};  // a quarter turn, then down
  const CameraMotion both = first.then(second);
  // (1, 0) -> (2.1, 0) -> (0, 2.1) -> (0, 2.4)
  EXPECT_NEAR(both.a * 1 + both.x, 0, 1e-6);
  EXPECT_NEAR(both.b * 1 + both.y, 2.4, 1e-6);
  EXPECT_EQ(both.trust, 0.5f);
}

TEST(CameraMotion, TakesTheTiniestPictures) {
  for (const Size size : {Size{1, 1}, Size{2, 2}, Size{400, 2}, Size{2, 400}}) {
    const Proxy proxy = scene::paint(scene::texture, size);
    const CameraMotion found = estimate(proxy, proxy);
    EXPECT_NEAR(found.x, 0, 1e-3) << size.width << " x " << size.height;
  }
}

}  // namespace
}  // namespace smartcrop
