// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/codec_motion.h"

#include <gtest/gtest.h>

#include "stage2_evidence/evidence_scene.h"
#include "stage2_evidence/motion/motion.h"
#include "stage2_evidence/motion/vector_fixture.h"

namespace smartcrop {
namespace {

using vectors::blocks;
using vectors::List;
using vectors::side_of;

constexpr Size kGrid{64, 36};
constexpr double kFrame_s = 1.0 / 25;

// The square of vectors::square goes to the right over a camera that pans.
List vectors_at(int frame) {
  const float left = 160.0f + 3.0f * static_cast<float>(frame);
  return blocks(vectors::square(left, 128, {-4, 0}, {3, 0}), 1);
}

Evidence show(Source* source, int frame, const List& list) {
  const Proxy proxy =
      scene::paint([=](double x, double y) { return scene::texture(x + 1.6 * frame, y); });
  return scene::show(source, proxy, frame, frame * kFrame_s, side_of(list));
}

bool is_on_square(const HeatMap& map, int frame) {
  const scene::Place place = scene::peak(map);
  const double left = 160 + 3 * frame;
  return place.x * 640 > left - 10 && place.x * 640 < left + 106 && place.y * 360 > 118 &&
         place.y * 360 < 234;
}

TEST(CodecMotion, PeaksAtWhatMovesOtherThanTheCamera) {
  CodecMotionSource source(kGrid, vectors::kPicture);
  show(&source, 0, {});
  for (int frame = 1; frame < 30; ++frame) {
    const Evidence evidence = show(&source, frame, vectors_at(frame));
    EXPECT_TRUE(is_on_square(evidence.map, frame)) << "frame " << frame;
    EXPECT_NEAR(source.camera_motion().x, -4.0 / 640, 0.1 / 640);
  }
  EXPECT_GT(show(&source, 30, vectors_at(30)).map.confidence, 0.5f);
}

TEST(CodecMotion, IntraFramesAreBridged) {
  CodecMotionSource source(kGrid, vectors::kPicture);
  show(&source, 0, {});
  for (int frame = 1; frame < 15; ++frame) show(&source, frame, vectors_at(frame));
  const Evidence before = show(&source, 15, vectors_at(15));
  const Evidence intra = show(&source, 16, {});
  EXPECT_EQ(intra.map.values, before.map.values);
  EXPECT_EQ(intra.map.confidence, before.map.confidence);
}

TEST(CodecMotion, KnowsNothingAfterAReset) {
  CodecMotionSource source(kGrid, vectors::kPicture);
  show(&source, 0, {});
  for (int frame = 1; frame < 15; ++frame) show(&source, frame, vectors_at(frame));
  source.reset(Reset::kCut);
  EXPECT_EQ(show(&source, 15, {}).map.confidence, 0);
  EXPECT_EQ(source.camera_motion().trust, 0);
}

TEST(CodecMotion, ACameraAloneIsNoMotion) {
  CodecMotionSource source(kGrid, vectors::kPicture);
  const List pan = blocks([](float, float) { return vectors::Motion{-4, 0}; }, 1);
  Evidence last;
  for (int frame = 0; frame < 15; ++frame) last = show(&source, frame, pan);
  EXPECT_EQ(last.map.confidence, 0);
}

TEST(MotionSource, TakesVectorsWhereFramesBringThem) {
  MotionSource by_both(kGrid, vectors::kPicture, MotionFrom::kAuto);
  MotionSource by_proxy(kGrid, vectors::kPicture, MotionFrom::kProxy);
  HeatMap with, without;
  for (int frame = 0; frame < 20; ++frame) {
    const List list = frame == 0 ? List() : vectors_at(frame);
    with = show(&by_both, frame, list).map;
    without = show(&by_proxy, frame, list).map;
  }
  EXPECT_TRUE(is_on_square(with, 19));
  EXPECT_FALSE(is_on_square(without, 19)) << "the pictures show no square";
}

TEST(MotionSource, WithoutVectorsComparesPictures) {
  MotionSource automatic(kGrid, vectors::kPicture, MotionFrom::kAuto);
  MotionSource by_proxy(kGrid, vectors::kPicture, MotionFrom::kProxy);
  for (int frame = 0; frame < 10; ++frame) {
    EXPECT_EQ(show(&automatic, frame, {}).map.values, show(&by_proxy, frame, {}).map.values);
  }
}

TEST(MotionSource, SaysHowFastTheCameraPans) {
  for (const MotionFrom from : {MotionFrom::kAuto, MotionFrom::kCodec, MotionFrom::kProxy}) {
    MotionSource source(kGrid, vectors::kPicture, from);
    Evidence last;
    for (int frame = 0; frame < 50; ++frame) {
      last = show(&source, frame, frame == 0 ? List() : vectors_at(frame));
    }
    EXPECT_NEAR(last.pan, 4.0 / 640 / kFrame_s, 0.03) << static_cast<int>(from);
  }
}

TEST(MotionSource, TellsTheStepsOfTheCameraWithoutAGap) {
  for (const MotionFrom from : {MotionFrom::kAuto, MotionFrom::kCodec, MotionFrom::kProxy}) {
    MotionSource source(kGrid, vectors::kPicture, from);
    CameraMotion all;
    all.trust = 1;
    double told_s = 0;
    for (int frame = 0; frame < 50; ++frame) {
      show(&source, frame, frame == 0 ? List() : vectors_at(frame));
      if (!source.camera_step()) continue;
      all = all.then(source.camera_step()->motion);
      told_s += source.camera_step()->seconds;
      EXPECT_NEAR(told_s, frame * kFrame_s, 1e-9) << "up to this frame";
    }
    EXPECT_GT(told_s, 47 * kFrame_s) << static_cast<int>(from);
    EXPECT_NEAR(all.x, -4.0 / 640 * told_s / kFrame_s, 0.03) << static_cast<int>(from);
    EXPECT_GT(all.trust, 0.5F);
    source.reset(Reset::kCut);
    EXPECT_FALSE(source.camera_step());
  }
  MotionSource none(kGrid, vectors::kPicture, MotionFrom::kNone);
  for (int frame = 0; frame < 5; ++frame) {
    show(&none, frame, frame == 0 ? List() : vectors_at(frame));
    EXPECT_FALSE(none.camera_step());
  }
}

TEST(MotionSource, NoneKnowsNothing) {
  MotionSource source(kGrid, vectors::kPicture, MotionFrom::kNone);
  for (int frame = 0; frame < 10; ++frame) {
    const Evidence evidence = show(&source, frame, vectors_at(frame));
    EXPECT_EQ(evidence.map.confidence, 0);
    EXPECT_NEAR(scene::sum(evidence.map), 1, 1e-3);
  }
}

}  // namespace
}  // namespace smartcrop
