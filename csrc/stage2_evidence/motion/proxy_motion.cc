// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/proxy_motion.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "picture/integral_image.h"

namespace smartcrop {
namespace {

// Pictures nearer in time are not compared: slow subjects would hide in the noise.
constexpr double kLeastStep_s = 0.06;
// Gradients (levels a sample) that count as much as the noise.
constexpr float kNoiseGradient = 8.0f;
// Faster than this (samples between the two pictures) is not told apart from faster still.
constexpr float kMostSpeed = 2.0f;
// Peaks (samples between the two pictures) that noise makes, and that it never makes.
constexpr SpeedMap::Levels kLevels = {0.03f, 0.1f};

// Sums for one cell of |difference| * |gradient| and gradient^2: their ratio is the speed along the
// gradient, a measure that a hard edge a little out of register does not dominate (Irani, Rousso
// and Peleg 1994).
struct NormalFlow {
  std::vector<float> product, energy;
};

// The median of |difference| where the picture overlaps: what noise and a poor fit leave
// everywhere.
struct Difference {
  std::vector<float> values;  // kUnseen where the earlier picture does not reach
  float median = 0;
  float brightness = 0;
};
constexpr float kUnseen = 1e9f;

// So many samples apart along a row those lie that the medians are read from: there are thousands.
constexpr int kMedianStep = 3;

float median_of(std::vector<float>* values) {
  if (values->empty()) return 0;
  const auto middle = values->begin() + static_cast<std::ptrdiff_t>(values->size() / 2);
  std::nth_element(values->begin(), middle, values->end());
  return *middle;
}

// before, moved by the camera, subtracted from after, in the geometry of after.
Difference subtract(const GreyImage& before, const GreyImage& after, const CameraMotion& motion) {
  const int width = after.size.width, height = after.size.height;
  const float last_x = static_cast<float>(width - 1), last_y = static_cast<float>(height - 1);
  const float norm = motion.a * motion.a + motion.b * motion.b;
  const float a = motion.a / norm, b = -motion.b / norm;
  Difference difference;
  difference.values.resize(after.values.size(), kUnseen);
  std::vector<float> seen;
  seen.reserve(after.values.size());
  size_t i = 0;
  for (int y = 0; y < height; ++y) {
    const float from_y =
        static_cast<float>(y) - 0.5f * last_y - motion.y * static_cast<float>(width);
    for (int x = 0; x < width; ++x, ++i) {
      const float from_x =
          static_cast<float>(x) - 0.5f * last_x - motion.x * static_cast<float>(width);
      const float source_x = a * from_x - b * from_y + 0.5f * last_x;
      const float source_y = b * from_x + a * from_y + 0.5f * last_y;
      // A tenth of a sample outside is rounding of a still camera.
      const bool inside = source_x >= -0.1f && source_y >= -0.1f && source_x <= last_x + 0.1f &&
                          source_y <= last_y + 0.1f;
      if (!inside) continue;
      difference.values[i] = after.values[i] - before.sample(std::clamp(source_x, 0.0f, last_x),
                                                             std::clamp(source_y, 0.0f, last_y));
      if (x % kMedianStep == y % kMedianStep) seen.push_back(difference.values[i]);
    }
  }
  difference.brightness = median_of(&seen);
  for (float& value : seen) value = std::abs(value - difference.brightness);
  difference.median = median_of(&seen);
  return difference;
}

NormalFlow measure_flow(const GreyImage& image, const Difference& difference, Size grid) {
  NormalFlow flow;
  const size_t cells = static_cast<size_t>(grid.width) * static_cast<size_t>(grid.height);
  flow.product.assign(cells, 0.0f);
  flow.energy.assign(cells, 0.0f);
  const int width = image.size.width, height = image.size.height;
  const float noise = 2 * difference.median;
  for (int y = 0; y < height; ++y) {
    const int above = y > 0 ? width : 0, below = y + 1 < height ? width : 0;
    const int row = y * grid.height / height;
    for (int x = 0; x < width; ++x) {
      const size_t i = static_cast<size_t>(y * width + x);
      const float change = difference.values[i];
      if (change == kUnseen) continue;
      const float* value = &image.values[i];
      const float gradient_x = 0.5f * (value[x + 1 < width ? 1 : 0] - value[x > 0 ? -1 : 0]);
      const float gradient_y = 0.5f * (value[below] - value[-above]);
      const float squared = gradient_x * gradient_x + gradient_y * gradient_y;
      const float moved = std::max(0.0f, std::abs(change - difference.brightness) - noise);
      const size_t cell = static_cast<size_t>(row * grid.width + x * grid.width / width);
      flow.product[cell] += moved * std::sqrt(squared);
      flow.energy[cell] += squared;
    }
  }
  return flow;
}

// Speed of each cell in samples between the two pictures.
std::vector<float> measure_speed(const GreyImage& before, const GreyImage& after,
                                 const CameraMotion& motion, Size grid) {
  NormalFlow flow = measure_flow(after, subtract(before, after, motion), grid);
  flow.product = box_filter(flow.product, grid, 1);
  flow.energy = box_filter(flow.energy, grid, 1);
  const float samples =
      static_cast<float>(after.values.size()) / static_cast<float>(flow.energy.size());
  const float floor = samples * kNoiseGradient * kNoiseGradient;
  std::vector<float> speed(flow.product.size());
  for (size_t i = 0; i < speed.size(); ++i) {
    speed[i] = std::min(kMostSpeed, flow.product[i] / (flow.energy[i] + floor));
  }
  return speed;
}

}  // namespace

ProxyMotionSource::ProxyMotionSource(Size grid) : grid_(grid), speeds_(grid, kLevels) {}

void ProxyMotionSource::reset(Reset) {
  reference_.clear();
  camera_ = CameraMotion();
  camera_step_s_ = 0;
  new_step_s_ = -1;
  speeds_.reset();
}

float ProxyMotionSource::camera_speed() const {
  if (!(camera_step_s_ > 0)) return 0;
  return camera_.trust * std::hypot(camera_.x, camera_.y) / static_cast<float>(camera_step_s_);
}

Findings ProxyMotionSource::observe(const Observation& observation) {
  new_step_s_ = -1;
  follow_camera(observation);
  given_ = CameraMotion();
  Findings findings;
  if (observation.analyse) findings.map = speeds_.map();
  return findings;
}

void ProxyMotionSource::follow_camera(const Observation& observation) {
  since_reference_ = since_reference_.then(given_);
  const double step_s = observation.time_s - reference_time_s_;
  if (!reference_.empty() && step_s < kLeastStep_s) return;
  GreyPyramid present = make_pyramid(*observation.proxy);
  const bool comparable = !reference_.empty() &&
                          reference_[0].size.width == present[0].size.width &&
                          reference_[0].size.height == present[0].size.height;
  if (comparable) {
    compare_with_reference(present, step_s);
  } else {
    reset(Reset::kSeek);
  }
  reference_ = std::move(present);
  reference_time_s_ = observation.time_s;
  since_reference_ = CameraMotion();
  since_reference_.trust = 1;
}

void ProxyMotionSource::compare_with_reference(const GreyPyramid& present, double step_s) {
  camera_step_s_ = new_step_s_ = step_s;
  camera_ = CameraMotion();
  if (step_s > SpeedMap::kMostStep_s) {
    speeds_.add(step_s, nullptr);
    return;
  }
  camera_ = since_reference_.trust > 0 ? since_reference_
                                       : estimate_camera_motion(reference_, present, camera_);
  refine_camera_motion(reference_[0], present[0], &camera_);
  const std::vector<float> speed = measure_speed(reference_[0], present[0], camera_, grid_);
  speeds_.add(step_s, &speed);
}

}  // namespace smartcrop
