// SPDX-License-Identifier: MIT
#include "stage2_evidence/evidence.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

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
  throw Error(SMARTCROP_ERROR_INTERNAL, "evidence: " + sentence);
}

// Nobody looks at borders; cells that they cut through keep their share.
void keep_inside(const Box& content, HeatMap* map) {
  if (content.width >= 1 && content.height >= 1) return;
  for (int y = 0; y < map->height; ++y) {
    for (int x = 0; x < map->width; ++x) {
      const bool inside = x + 1 > content.x * map->width && y + 1 > content.y * map->height &&
                          x < (content.x + content.width) * map->width &&
                          y < (content.y + content.height) * map->height;
      if (!inside) map->values[static_cast<size_t>(y * map->width + x)] = 0;
    }
  }
  normalise(map);
}

// Of two boxes that sources have of one subject, the later source's counts. A caller's have ids of
// his own.
void drop_doubles(std::vector<Subject>* subjects) {
  const auto end = subjects->end();
  const auto stands_later = [&](const Subject& each) {
    if (each.id < 0 || each.kind == SubjectKind::kCaller) return false;
    const auto next = subjects->begin() + (&each - subjects->data()) + 1;
    return std::any_of(next, end, [&each](const Subject& later) {
      return later.id == each.id && later.kind != SubjectKind::kCaller;
    });
  };
  std::vector<Subject> kept;
  std::remove_copy_if(subjects->begin(), end, std::back_inserter(kept), stands_later);
  *subjects = std::move(kept);
}

}  // namespace

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

Evidence evidence_of(const AlignedFrame& frame) {
  Evidence evidence;
  evidence.frame = frame.frame;
  evidence.time_s = frame.time_s;
  std::vector<WeightedMap> maps;
  std::optional<float> pan;
  std::optional<Box> content;
  for (const Findings& each : frame.findings) {
    if (each.map) maps.push_back({&*each.map, each.weight});
    evidence.subjects.insert(evidence.subjects.end(), each.subjects.begin(), each.subjects.end());
    if (!pan) pan = each.pan;
    if (!content) content = each.content;
    evidence.fallback = evidence.fallback || each.failed;
  }
  drop_doubles(&evidence.subjects);
  evidence.map = fuse(maps);
  evidence.pan = pan.value_or(0.0F);
  evidence.content = content.value_or(Box());
  keep_inside(evidence.content, &evidence.map);
  return evidence;
}

}  // namespace smartcrop
