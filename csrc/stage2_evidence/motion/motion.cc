// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/motion.h"

#include <algorithm>
#include <cmath>

#include "stage2_evidence/evidence.h"

namespace smartcrop {
namespace {

// No vectors for this long: the codec has none any more, or codes intra frames alone.
constexpr double kWithoutVectors_s = 1.0;
// Of the camera that the vectors tell, to spare looking for it in pictures.
constexpr float kLeastTrust = 0.5f;
// Time constant of the camera's speed.
constexpr double kPan_s = 0.3;

HeatMap nothing(Size grid) {
  HeatMap map;
  map.width = grid.width;
  map.height = grid.height;
  map.values.assign(static_cast<size_t>(grid.width) * static_cast<size_t>(grid.height), 0.0f);
  normalise(&map);
  return map;
}

// The surer one counts more.
HeatMap add_up(const HeatMap& a, const HeatMap& b) {
  HeatMap both = a;
  for (size_t i = 0; i < both.values.size(); ++i) {
    both.values[i] = a.confidence * a.values[i] + b.confidence * b.values[i];
  }
  both.confidence = std::max(a.confidence, b.confidence);
  normalise(&both);
  return both;
}

}  // namespace

MotionSource::MotionSource(Size grid, Size picture, MotionFrom from)
    : grid_(grid), from_(from), codec_(grid, picture), proxy_(grid) {}

void MotionSource::reset(Reset reset) {
  codec_.reset(reset);
  proxy_.reset(reset);
  newest_s_ = -1;
  camera_step_.reset();
  pan_ = 0;
}

bool MotionSource::brings_vectors(const Observation& observation) {
  if (observation.side.vector_count > 0) vectors_s_ = observation.time_s;
  return vectors_s_ >= 0 && observation.time_s - vectors_s_ <= kWithoutVectors_s;
}

Findings MotionSource::observe_both(const Observation& observation) {
  const Findings by_codec = codec_.observe(observation);
  if (codec_.has_vectors() && codec_.camera_motion().trust >= kLeastTrust) {
    proxy_.set_camera(codec_.camera_motion());
  }
  Findings findings = proxy_.observe(observation);
  if (findings.map && by_codec.map) findings.map = add_up(*findings.map, *by_codec.map);
  return findings;
}

Findings MotionSource::observe_chosen(const Observation& observation) {
  switch (from_) {
    case MotionFrom::kCodec:
      return codec_.observe(observation);
    case MotionFrom::kProxy:
      return proxy_.observe(observation);
    case MotionFrom::kAuto:
      if (brings_vectors(observation)) return observe_both(observation);
      return proxy_.observe(observation);
    case MotionFrom::kNone:
      break;
  }
  Findings findings;
  if (observation.analyse) findings.map = nothing(grid_);
  return findings;
}

void MotionSource::follow_pan(double time_s) {
  const double step_s = time_s - newest_s_;
  if (newest_s_ >= 0 && step_s > 0) {
    const CameraMotion& camera = codec_.camera_motion();
    const float speed =
        from_ == MotionFrom::kCodec
            ? camera.trust * std::hypot(camera.x, camera.y) / static_cast<float>(step_s)
            : proxy_.camera_speed();
    const float keep = static_cast<float>(std::exp(-step_s / kPan_s));
    pan_ = keep * pan_ + (1 - keep) * speed;
  }
  newest_s_ = time_s;
}

// Compared pictures know it best, also where vectors led them to it.
void MotionSource::follow_camera(double time_s) {
  camera_step_.reset();
  if (from_ == MotionFrom::kCodec) {
    const double step_s = time_s - newest_s_;
    if (newest_s_ >= 0 && codec_.has_vectors()) camera_step_ = {codec_.camera_motion(), step_s};
  } else if (from_ != MotionFrom::kNone && proxy_.new_step_s() > 0) {
    camera_step_ = {proxy_.camera_motion(), proxy_.new_step_s()};
  }
}

Findings MotionSource::observe(const Observation& observation) {
  Findings findings = observe_chosen(observation);
  follow_camera(observation.time_s);
  follow_pan(observation.time_s);
  findings.pan = pan_;
  return findings;
}

}  // namespace smartcrop
