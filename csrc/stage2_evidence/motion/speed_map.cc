// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/speed_map.h"

#include <algorithm>
#include <cmath>

#include "picture/integral_image.h"
#include "stage2_evidence/concentration.h"
#include "stage2_evidence/evidence.h"

namespace smartcrop {
namespace {

constexpr double kSmoothing_s = 0.35;
// Radius of the surroundings in cells of a grid 64 cells wide.
constexpr int kSurround = 16;
// Share of the map in its best square: from where on a window after the map is better than the
// middle, and where it is best.
constexpr float kScattered = 0.25f;
constexpr float kCompact = 0.7f;
constexpr float kEnoughSeen = 0.25f;

}  // namespace

SpeedMap::SpeedMap(Size grid, Levels levels) : grid_(grid), levels_(levels) { reset(); }

void SpeedMap::reset() {
  speed_.assign(static_cast<size_t>(grid_.width) * static_cast<size_t>(grid_.height), 0.0f);
  weight_ = 0;
}

void SpeedMap::add(double step_s, const std::vector<float>* speeds) {
  const float keep = static_cast<float>(std::exp(-step_s / kSmoothing_s));
  weight_ = keep * weight_ + (1 - keep);
  for (float& value : speed_) value *= keep;
  if (speeds == nullptr || step_s > kMostStep_s) return;
  for (size_t i = 0; i < speed_.size(); ++i) speed_[i] += (1 - keep) * (*speeds)[i];
}

HeatMap SpeedMap::map() const {
  HeatMap map;
  map.width = grid_.width;
  map.height = grid_.height;
  map.values = box_filter(box_filter(speed_, grid_, 1), grid_, 1);
  const float seen = std::max(weight_, 1e-6f);
  const float peak = *std::max_element(map.values.begin(), map.values.end()) / seen;
  // Parallax and a camera that no shift, zoom and turn explains move whole regions: only what is
  // faster than its surroundings counts.
  const int radius = std::max(1, kSurround * std::max(map.width, map.height) / 64);
  const std::vector<float> around = box_filter(map.values, grid_, radius);
  for (size_t i = 0; i < map.values.size(); ++i) {
    map.values[i] = std::max(0.0f, map.values[i] - around[i]);
  }
  if (!(peak > levels_.noise)) std::fill(map.values.begin(), map.values.end(), 0.0f);
  map.confidence = 1;
  normalise(&map);
  map.confidence *= ramp(best_square_share(map), kScattered, kCompact) *
                    ramp(peak, levels_.noise, levels_.clear) * ramp(weight_, 0, kEnoughSeen);
  return map;
}

}  // namespace smartcrop
