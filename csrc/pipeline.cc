// SPDX-License-Identifier: MIT
#include "pipeline.h"

#include <algorithm>
#include <cmath>

#include "error.h"
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

Path::Shares window_shares(const Geometry& geometry) {
  return {geometry.window_width / geometry.source_width,
          geometry.window_height / geometry.source_height};
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

HeatMap blend(const HeatMap& a, const HeatMap& b, float share) {
  HeatMap map = a;
  for (size_t i = 0; i < map.values.size(); ++i) {
    map.values[i] += share * (b.values[i] - a.values[i]);
  }
  return map;
}

}  // namespace

Pipeline::Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
                   const Log& log)
    : options_(options),
      stream_(stream),
      proxy_maker_(stream, proxy_size(stream), ProxyColour::kYuv),
      sources_(make_sources(options, stream, log)),
      region_sources_(make_region_sources(options, stream, log)),
      borders_(stream),
      text_(stream),
      shots_({options.cut_threshold, options.min_shot, options.lookahead}),
      chooser_(geometry, options),
      path_(options, window_shares(geometry)),
      beat_(1 / options.analysis_fps) {}

void Pipeline::observe(const smartcrop_frame& picture, int64_t frame, double time_s) {
  proxy_maker_.make(picture, &proxy_);
  Observation observation{frame, time_s, &proxy_, &picture, false};
  const bool may_be_cut = shots_.push(cut_score_.observe(observation));
  if (may_be_cut) {
    beat_.reset();
    for (const auto& source : sources_) source->reset();
    for (const auto& source : region_sources_) source->reset();
    borders_.reset();
  }
  observation.analyse = beat_.strikes(time_s);
  for (const auto& source : region_sources_) {
    const bool wanted = source->wants(observation);  // each is asked, for each counts frames
    observation.analyse = observation.analyse || wanted;
  }
  waiting_.push_back({frame, time_s, false, {}});
  collect(observation);
  take_marks();
}

void Pipeline::collect(const Observation& observation) {
  std::vector<Evidence> all;
  Evidence fused;
  for (const auto& source : sources_) source->observe(observation, &all);
  for (const auto& source : region_sources_) source->observe(observation, &fused);
  if (options_.borders == BordersUse::kAuto) borders_.observe(observation);
  if (options_.text_weight > 0) text_.observe(observation);
  if (!observation.analyse) return;
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
  unmarked_.push_back(fused);
  shown_.push_back(std::move(fused));
}

void Pipeline::take_marks() {
  ShotMark mark;
  while (shots_.pop(&mark)) hand_over(mark);
}

// A frame whose shot is known goes on to the crop stage.
void Pipeline::hand_over(const ShotMark& mark) {
  if (mark.start) chooser_.start_shot();
  while (!unmarked_.empty() && unmarked_.front().frame <= mark.frame) {
    chooser_.push(unmarked_.front(), mark);
    unmarked_.pop_front();
  }
  const auto at = static_cast<size_t>(mark.frame - waiting_.front().frame);
  waiting_.at(at).mark = mark;
  waiting_.at(at).marked = true;
  newest_shot_ = mark.shot;
}

bool Pipeline::shot_is_complete() const {
  const Waiting& frame = waiting_.front();
  return frame.marked && frame.mark.shot != newest_shot_;
}

Target Pipeline::decide() {
  if (!waiting_.front().marked) {
    shots_.decide_through(waiting_.front().frame);
    take_marks();
  }
  const Waiting frame = waiting_.front();
  if (!frame.marked) throw Error(SMARTCROP_ERROR_INTERNAL, "the shot detector left out a frame");
  waiting_.pop_front();
  decided_s_ = frame.time_s;
  while (shown_.size() > 1 && shown_[1].time_s <= decided_s_) shown_.pop_front();
  return path_.next(chooser_.choose(frame.frame, frame.time_s, frame.mark));
}

HeatMap Pipeline::map() const {
  if (shown_.empty()) return {};
  const Evidence& before = shown_.front();
  if (shown_.size() < 2 || before.time_s >= decided_s_) return before.map;
  const Evidence& after = shown_[1];
  const double share = (decided_s_ - before.time_s) / (after.time_s - before.time_s);
  return blend(before.map, after.map, static_cast<float>(share));
}

std::vector<RegionOfInterest> Pipeline::regions() const {
  return shown_.empty() ? std::vector<RegionOfInterest>() : shown_.front().regions;
}

void Pipeline::set_options(const Options& options) {
  options_ = options;
  chooser_.set_options(options);
  path_.set_options(options);
}

void Pipeline::reset() {
  cut_score_.reset();
  for (const auto& source : sources_) source->reset();
  for (const auto& source : region_sources_) source->reset();
  borders_ = Borders(stream_);
  text_.reset();
  shots_.reset();
  chooser_.reset();
  path_.reset();
  waiting_.clear();
  unmarked_.clear();
  shown_.clear();
  beat_.reset();
  decided_s_ = 0;
  newest_shot_ = -1;
}

}  // namespace smartcrop
