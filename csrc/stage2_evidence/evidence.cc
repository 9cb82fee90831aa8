// SPDX-License-Identifier: MIT
#include "stage2_evidence/evidence.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

void make_uniform(HeatMap* map) {
  std::fill(map->values.begin(), map->values.end(), 1.0f / static_cast<float>(map->values.size()));
  map->confidence = 0;
}

// A map's floor in a product, a share of an even map: no map can rule a place out alone.
constexpr float kFloor = 0.03f;

void add_logs(const HeatMap& map, float weight, std::vector<float>* sums) {
  const float floor = kFloor / static_cast<float>(map.values.size());
  for (size_t i = 0; i < sums->size(); ++i) {
    (*sums)[i] += weight * std::log(map.values[i] + floor);
  }
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
    if (evidence.frame != observation.frame) {
      refuse("a map of frame " + frame + " in answer to frame " +
             std::to_string(observation.frame));
    }
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
  const HeatMap* only = nullptr;
  for (const WeightedMap& part : maps) {
    const HeatMap& map = *part.map;
    if (map.width != fused.width || map.height != fused.height) refuse("maps of two grids to fuse");
    const float weight = part.weight * map.confidence;
    if (!(weight > 0)) continue;
    only = weights > 0 ? nullptr : &map;
    weights += weight;
    confidence += weight * map.confidence;
  }
  if (only != nullptr) return *only;
  if (weights > 0) {
    for (const WeightedMap& part : maps) {
      add_logs(*part.map, part.weight * part.map->confidence / weights, &fused.values);
    }
    for (float& value : fused.values) value = std::exp(value);
    fused.confidence = confidence / weights;
  }
  normalise(&fused);
  return fused;
}

}  // namespace smartcrop
