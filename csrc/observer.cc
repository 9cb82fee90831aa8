// SPDX-License-Identifier: MIT
#include "observer.h"

#include "stage2_evidence/maps/network.h"
#include "stage2_evidence/maps/training_free.h"
#include "stage2_evidence/subjects/boxes.h"
#include "stage2_evidence/subjects/caller_boxes.h"
#include "stage2_evidence/subjects/hint_boxes.h"

namespace smartcrop {
namespace {

// Beside a network's map, what the training-free one counts. It knows what moves at over twice the
// rate, and is far less sure of itself, so that both come out about even. Measured on held-out
// clips.
constexpr float kBesideNetwork = 2.0F;

// Every kind of evidence, a line each. The first is always there; those after it lead where they
// answer, and where one fails its answer has no weight.
std::vector<std::unique_ptr<EvidenceSource>> make_sources(const Options& options,
                                                          const smartcrop_stream& stream,
                                                          const Log& log) {
  const Size grid = evidence_grid(proxy_size(stream));
  std::vector<std::unique_ptr<EvidenceSource>> sources;
  sources.push_back(std::make_unique<TrainingFreeSource>(grid, Size{stream.width, stream.height},
                                                         options.motion));
  if (options.model != "none") {
    const ModelOptions model{options.model, options.device, options.threads};
    auto network = open_network(stream, grid, model, options.strict, log);
    if (network != nullptr) sources.push_back(std::move(network));
  }
  return sources;
}

// Everything that knows of boxes, a line or two each.
std::vector<std::unique_ptr<RegionSource>> make_region_sources(const Options& options,
                                                               const smartcrop_stream& stream,
                                                               const Log& log) {
  const Size picture{stream.width, stream.height};
  std::vector<std::unique_ptr<RegionSource>> sources;
  sources.push_back(std::make_unique<CallerBoxes>(picture));
  if (!options.hints.empty()) {
    sources.push_back(std::make_unique<HintBoxes>(read_hints(options.hints, picture)));
  }
  if (!options.boxes.empty()) {
    const ModelOptions model{options.boxes, options.device, options.threads};
    auto boxes = open_boxes(stream, model, {options.boxes_required, options.strict}, log);
    if (boxes != nullptr) sources.push_back(std::move(boxes));
  }
  return sources;
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

}  // namespace

Observer::Observer(const Options& options, const smartcrop_stream& stream, const Log& log)
    : options_(options),
      stream_(stream),
      proxy_maker_(stream, proxy_size(stream), ProxyColour::kYuv),
      sources_(make_sources(options, stream, log)),
      region_sources_(make_region_sources(options, stream, log)),
      borders_(stream),
      text_(stream),
      shots_({options.cut_threshold, options.min_shot, options.lookahead}),
      beat_(1 / options.analysis_fps) {}

Scene Observer::observe(const smartcrop_frame& picture, int64_t frame, double time_s) {
  proxy_maker_.make(picture, &proxy_);
  Observation observation{frame, time_s, &proxy_, &picture, false};
  const bool may_be_cut = shots_.push(cut_score_.observe(observation));
  if (may_be_cut) {
    beat_.reset();
    reset_sources();
    borders_.reset();
  }
  observation.analyse = beat_.strikes(time_s);
  for (const auto& source : region_sources_) {
    const bool wanted = source->wants(observation);  // each is asked, for each counts frames
    observation.analyse = observation.analyse || wanted;
  }
  Scene scene{frame, time_s, observation.analyse, collect(observation), {}};
  scene.marks = marks();
  return scene;
}

Evidence Observer::collect(const Observation& observation) {
  std::vector<Evidence> all;
  Evidence fused;
  for (const auto& source : sources_) source->observe(observation, &all);
  for (const auto& source : region_sources_) source->observe(observation, &fused);
  if (options_.borders == BordersUse::kAuto) borders_.observe(observation);
  if (options_.text_weight > 0) text_.observe(observation);
  if (!observation.analyse) return {};
  for (RegionOfInterest region : text_.regions()) {
    region.weight *= static_cast<float>(options_.text_weight);
    fused.regions.push_back(region);
  }
  std::vector<WeightedMap> maps;
  fused.frame = observation.frame;
  fused.time_s = observation.time_s;
  for (const Evidence& evidence : all) {
    const bool leads = maps.size() + 1 == all.size();
    maps.push_back({&evidence.map, leads ? 1 : kBesideNetwork});
    fused.fallback = fused.fallback || evidence.fallback;
  }
  fused.map = fuse(maps);
  fused.pan = all.front().pan;
  fused.content = borders_.content();
  keep_inside(fused.content, &fused.map);
  return fused;
}

std::vector<ShotMark> Observer::marks() {
  std::vector<ShotMark> marks;
  ShotMark mark;
  while (shots_.pop(&mark)) marks.push_back(mark);
  return marks;
}

std::vector<ShotMark> Observer::mark_through(int64_t frame) {
  shots_.decide_through(frame);
  return marks();
}

void Observer::reset_sources() {
  for (const auto& source : sources_) source->reset();
  for (const auto& source : region_sources_) source->reset();
}

void Observer::reset() {
  cut_score_.reset();
  reset_sources();
  borders_ = Borders(stream_);
  text_.reset();
  shots_.reset();
  beat_.reset();
}

}  // namespace smartcrop
