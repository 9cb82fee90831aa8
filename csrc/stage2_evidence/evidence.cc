// SPDX-License-Identifier: MIT
#include "stage2_evidence/evidence.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

// A delay is a sum of frame times, so it is compared with some room for rounding.
constexpr double kDelayTolerance_s = 1e-6;

void make_uniform(HeatMap* map) {
  std::fill(map->values.begin(), map->values.end(), 1.0f / static_cast<float>(map->values.size()));
  map->confidence = 0;
}

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(SMARTCROP_ERROR_INTERNAL, "evidence source: " + sentence);
}

}  // namespace

void EvidenceSource::observe(const Observation& observation, std::vector<Evidence>* out) {
  const size_t first_new = out->size();
  do_observe(observation, out);
  for (size_t i = first_new; i < out->size(); ++i) {
    const Evidence& evidence = (*out)[i];
    const std::string frame = std::to_string(evidence.frame);
    if (observation.time_s - evidence.time_s > delay_s_ + kDelayTolerance_s) {
      refuse("the map of frame " + frame + " came " +
             std::to_string(observation.time_s - evidence.time_s) +
             " s late, more than its delay of " + std::to_string(delay_s_) + " s");
    }
    if (evidence.frame > observation.frame) refuse("a map of frame " + frame + ", not yet seen");
    if (evidence.map.width != grid_.width || evidence.map.height != grid_.height) {
      refuse("the map of frame " + frame + " is not on the grid");
    }
  }
}

Size evidence_grid(Size proxy) {
  return {std::max(1, (proxy.width + 3) / 4), std::max(1, (proxy.height + 3) / 4)};
}

void normalise(HeatMap* map) {
  double sum = 0;
  bool valid = true;
  for (const float value : map->values) {
    valid = valid && std::isfinite(value) && value >= 0;
    sum += value;
  }
  if (!valid || !(sum > 0) || !std::isfinite(sum)) {
    make_uniform(map);
    return;
  }
  for (float& value : map->values) value = static_cast<float>(value / sum);
}

HeatMap fuse(const std::vector<WeightedMap>& maps) {
  if (maps.empty()) refuse("no map to fuse");
  HeatMap fused;
  fused.width = maps[0].map->width;
  fused.height = maps[0].map->height;
  fused.values.assign(maps[0].map->values.size(), 0.0f);
  float weights = 0;
  float confidence = 0;
  for (const WeightedMap& part : maps) {
    const HeatMap& map = *part.map;
    if (map.width != fused.width || map.height != fused.height) refuse("maps of two grids to fuse");
    const float weight = part.weight * map.confidence;
    for (size_t i = 0; i < fused.values.size(); ++i) fused.values[i] += weight * map.values[i];
    weights += weight;
    confidence += weight * map.confidence;
  }
  // Each map counts by its own weight, so the fused confidence never exceeds the best of them.
  fused.confidence = weights > 0 ? confidence / weights : 0;
  normalise(&fused);
  return fused;
}

}  // namespace smartcrop
