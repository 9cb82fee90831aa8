// SPDX-License-Identifier: MIT
#include "stage2_evidence/maps/training_free.h"

#include <algorithm>
#include <cmath>

#include "stage2_evidence/evidence.h"

namespace smartcrop {
namespace {

// Measured on labelled clips (tests/bench/maps.py); the optimum is flat around all of them.
constexpr float kContrastWeight = 0.1f;
constexpr float kCentreDeviation = 0.25f;  // of the picture's width and height
// What stands out in a still picture is the subject of a video far less often than what moves.
constexpr float kContrastTrust = 0.4f;
// Of the map beside others. It knows what moves at over twice the rate of a network's, and is far
// less sure of itself: with twice the network's weight both come out about even. Measured on
// held-out clips.
constexpr float kWeight = 1;

std::vector<float> gaussian(int count) {
  std::vector<float> values(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    const float off =
        ((static_cast<float>(i) + 0.5f) / static_cast<float>(count) - 0.5f) / kCentreDeviation;
    values[static_cast<size_t>(i)] = std::exp(-0.5f * off * off);
  }
  return values;
}

}  // namespace

HeatMap combine(const HeatMap& contrast, const HeatMap& motion) {
  HeatMap both = motion;
  for (size_t i = 0; i < both.values.size(); ++i) both.values[i] *= std::sqrt(contrast.values[i]);
  normalise(&both);
  const std::vector<float> across = gaussian(both.width);
  const std::vector<float> down = gaussian(both.height);
  size_t i = 0;
  for (int y = 0; y < both.height; ++y) {
    for (int x = 0; x < both.width; ++x, ++i) {
      const float prior = across[static_cast<size_t>(x)] * down[static_cast<size_t>(y)];
      const float evidence =
          motion.confidence * both.values[i] + kContrastWeight * contrast.values[i];
      both.values[i] = prior * evidence;
    }
  }
  normalise(&both);
  both.confidence = std::max(motion.confidence, kContrastTrust * contrast.confidence);
  return both;
}

Findings TrainingFreeSource::observe(const Observation& observation) {
  const Findings still = contrast_.observe(observation), moving = motion_.observe(observation);
  Findings findings;
  findings.weight = kWeight;
  findings.pan = moving.pan;
  if (observation.analyse) findings.map = combine(still.map.value(), moving.map.value());
  return findings;
}

void TrainingFreeSource::reset(Reset reset) {
  contrast_.reset(reset);
  motion_.reset(reset);
}

}  // namespace smartcrop
