// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/codec_motion.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

// Speeds count over at least this long, as those of compared pictures do.
constexpr double kLeastStep_s = 1.0 / 15;
// 128ths of the picture's width in such a step.
constexpr SpeedMap::Levels kLevels = {0.03f, 0.1f};
// Wrong vectors are the longest ones, so that long ones count no more than others.
constexpr float kMostSpeed = 0.4f;

CameraMotion camera_of(const VectorCamera& camera) {
  CameraMotion motion;
  motion.x = camera.x[0] / camera.width;
  motion.y = camera.y[0] / camera.width;
  // The part of the affine motion that zooms and turns.
  motion.a = 1 + 0.5f * (camera.x[1] + camera.y[2]) / camera.width;
  motion.b = 0.5f * (camera.y[1] - camera.x[2]) / camera.width;
  motion.trust = camera.trust;
  return motion;
}

}  // namespace

CodecMotionSource::CodecMotionSource(Size grid, Size picture)
    : grid_(grid), picture_(picture), finder_(picture), speeds_(grid, kLevels) {}

void CodecMotionSource::reset(Reset) {
  finder_.reset();
  camera_ = CameraMotion();
  speeds_.reset();
  newest_s_ = -1;
}

Findings CodecMotionSource::observe(const Observation& observation) {
  const GreyImage small = make_grey(*observation.proxy);
  const ObjectMotion motion = finder_.find(observation.side, &small);
  const double step_s = observation.time_s - newest_s_;
  has_vectors_ = !motion.blocks.empty();
  if (newest_s_ < 0) {
    newest_s_ = observation.time_s;
  } else if (has_vectors_) {
    std::vector<float> speeds = coherent_speed(gather(motion.blocks, picture_, grid_));
    const double frame_s = std::max(step_s, 1e-3);
    const float scale = 128.0f / static_cast<float>(picture_.width) *
                        static_cast<float>(std::max(1.0, kLeastStep_s / frame_s));
    for (float& speed : speeds) speed = std::min(kMostSpeed, speed * scale);
    speeds_.add(step_s, &speeds);
    camera_ = camera_of(motion.camera);
    newest_s_ = observation.time_s;
  } else if (step_s > SpeedMap::kMostStep_s) {
    speeds_.add(step_s, nullptr);
    camera_ = CameraMotion();
    newest_s_ = observation.time_s;
  }
  Findings findings;
  if (observation.analyse) findings.map = speeds_.map();
  return findings;
}

}  // namespace smartcrop
