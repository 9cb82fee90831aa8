// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/proxy_motion.h"

#include <gtest/gtest.h>

#include "stage2_evidence/evidence_scene.h"

namespace smartcrop {
namespace {

constexpr double kFrame_s = 1.0 / 25;

// A camera that pans by `pan` samples a frame over a texture, and noise that differs each time.
Proxy background(int frame, double pan, double noise) {
  Proxy proxy =
      scene::paint([=](double x, double y) { return scene::texture(x + pan * frame, y); });
  if (noise > 0) scene::add_noise(&proxy, noise, static_cast<unsigned>(frame) + 1);
  return proxy;
}

TEST(ProxyMotion, FindsASquareThatMovesWhileTheCameraPans) {
  for (const double pan : {0.0, 1.5, -3.0}) {
    ProxyMotionSource source({64, 36});
    Evidence last;
    for (int frame = 0; frame < 15; ++frame) {
      Proxy proxy = background(frame, pan, 2);
      scene::paint_square(&proxy, 150 + 2 * frame, 60, 24);
      last = scene::show(&source, proxy, frame, frame * kFrame_s);
    }
    EXPECT_GT(scene::share_inside(last.map, 0.5, 0.3, 0.9, 0.75), 0.8) << "pan " << pan;
    EXPECT_GT(last.map.confidence, 0.7f) << "pan " << pan;
  }
}

TEST(ProxyMotion, FindsASubjectThatTheCameraFollows) {
  ProxyMotionSource source({64, 36});
  Evidence last;
  for (int frame = 0; frame < 15; ++frame) {
    Proxy proxy = background(frame, 3, 2);
    scene::paint_square(&proxy, 60, 50, 28);
    last = scene::show(&source, proxy, frame, frame * kFrame_s);
  }
  EXPECT_NEAR(scene::peak(last.map).x, 74.0 / 256, 0.1);
  EXPECT_GT(last.map.confidence, 0.6f);
}

TEST(ProxyMotion, OfAStillNoisySceneHasNoConfidence) {
  for (const double noise : {0.0, 2.0, 5.0}) {
    ProxyMotionSource source({64, 36});
    for (int frame = 0; frame < 15; ++frame) {
      const Evidence evidence =
          scene::show(&source, background(frame, 0, noise), frame, frame * kFrame_s);
      EXPECT_LT(evidence.map.confidence, 0.05f) << "frame " << frame << ", noise " << noise;
    }
  }
}

TEST(ProxyMotion, OfTheCameraAloneHasNoConfidence) {
  ProxyMotionSource source({64, 36});
  for (int frame = 0; frame < 15; ++frame) {
    const Evidence evidence =
        scene::show(&source, background(frame, 2.5, 2), frame, frame * kFrame_s);
    EXPECT_LT(evidence.map.confidence, 0.1f) << "frame " << frame;
  }
  const int pair = 2;  // frames: a pair of neighbours is too near in time
  EXPECT_NEAR(source.camera_motion().x, -2.5 * pair / 256, 0.001);
  EXPECT_NEAR(source.camera_speed(), 2.5 / 256 / kFrame_s, 0.03);
  EXPECT_GT(source.camera_motion().trust, 0.8f);
}

TEST(ProxyMotion, OfAFlashHasNoConfidence) {
  ProxyMotionSource source({64, 36});
  for (int frame = 0; frame < 15; ++frame) {
    const double light = frame == 8 ? 60 : 0;
    const Proxy proxy =
        scene::paint([=](double x, double y) { return 0.7 * scene::texture(x, y) + light; });
    const Evidence evidence = scene::show(&source, proxy, frame, frame * kFrame_s);
    EXPECT_LT(evidence.map.confidence, 0.1f) << "frame " << frame;
  }
}

TEST(ProxyMotion, OfUniformFramesIsUniformWithConfidenceZero) {
  ProxyMotionSource source({64, 36});
  for (int frame = 0; frame < 6; ++frame) {
    const Proxy proxy = scene::uniform(scene::kSize, static_cast<uint8_t>(40 * frame));
    const Evidence evidence = scene::show(&source, proxy, frame, frame * kFrame_s);
    EXPECT_EQ(evidence.map.confidence, 0);
    EXPECT_NEAR(evidence.map.values[100], 1.0 / (64 * 36), 1e-7);
  }
}

TEST(ProxyMotion, OfTheFirstFrameAfterAResetIsUniformWithConfidenceZero) {
  ProxyMotionSource source({64, 36});
  int frame = 0;
  for (; frame < 10; ++frame) {
    Proxy proxy = background(frame, 0, 0);
    scene::paint_square(&proxy, 100 + 3 * frame, 60, 24);
    scene::show(&source, proxy, frame, frame * kFrame_s);
  }
  source.reset(Reset::kCut);
  Proxy proxy = background(frame, 0, 0);
  scene::paint_square(&proxy, 100 + 3 * frame, 60, 24);
  const Evidence evidence = scene::show(&source, proxy, frame, frame * kFrame_s);
  EXPECT_EQ(evidence.map.confidence, 0);
  EXPECT_NEAR(evidence.map.values[0], 1.0 / (64 * 36), 1e-7);
  EXPECT_EQ(source.camera_motion().trust, 0);
}

// The same scene in the same time, sampled at 50 fps and at uneven times.
TEST(ProxyMotion, DependsOnTimeNotOnTheNumberOfFrames) {
  const auto confidence_at_end = [](const std::vector<double>& times) {
    ProxyMotionSource source({64, 36});
    Evidence last;
    for (size_t i = 0; i < times.size(); ++i) {
      Proxy proxy = background(0, 0, 0);
      scene::paint_square(&proxy, 80 + static_cast<int>(60 * times[i]), 60, 24);
      last = scene::show(&source, proxy, static_cast<int64_t>(i), times[i]);
    }
    EXPECT_NEAR(scene::peak(last.map).x, (80 + 60 * times.back() + 12) / 256, 0.1);
    return last.map.confidence;
  };
  std::vector<double> even, uneven;
  for (int i = 0; i <= 50; ++i) even.push_back(i / 50.0);
  for (int i = 0; i <= 15; ++i) uneven.push_back((i + (i % 3 == 1 ? 0.4 : 0)) / 15.0);
  EXPECT_NEAR(confidence_at_end(even), confidence_at_end(uneven), 0.1);
}

TEST(ProxyMotion, TakesTheTiniestPicturesAndAChangeOfSize) {
  ProxyMotionSource source({1, 1});
  int frame = 0;
  for (const Size size : {Size{1, 1}, Size{2, 2}, Size{2, 2}, Size{64, 2}, Size{64, 2}}) {
    Proxy proxy = scene::paint(scene::texture, size);
    scene::add_noise(&proxy, 20, static_cast<unsigned>(frame));
    const Evidence evidence = scene::show(&source, proxy, frame, frame * 0.1);
    EXPECT_NEAR(scene::sum(evidence.map), 1, 1e-5);
    ++frame;
  }
}

}  // namespace
}  // namespace smartcrop
