// SPDX-License-Identifier: MIT
#include "stage2_evidence/aligner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "error.h"

namespace smartcrop {

Aligner::Aligner(Size grid, std::vector<std::unique_ptr<Source>> sources)
    : grid_(grid), sources_(std::move(sources)) {
  for (const auto& source : sources_) delay_ = std::max(delay_, source->delay());
}

bool Aligner::wants(const Observation& observation) {
  bool wanted = false;
  for (const auto& source : sources_) wanted = source->wants(observation) || wanted;
  return wanted;
}

void Aligner::keep(Findings findings, size_t source, AlignedFrame* frame) const {
  if (!frame->analysed) return;
  const std::optional<HeatMap>& map = findings.map;
  if (map && (map->width != grid_.width || map->height != grid_.height)) {
    throw Error(SMARTCROP_ERROR_INTERNAL, "evidence source " + std::to_string(source) +
                                              ": the map of frame " + std::to_string(frame->frame) +
                                              " is not on the grid");
  }
  frame->findings[source] = std::move(findings);
}

void Aligner::observe(const Observation& observation) {
  open_.push_back({observation.frame, observation.time_s, observation.analyse, {}});
  if (observation.analyse) open_.back().findings.resize(sources_.size());
  for (size_t i = 0; i < sources_.size(); ++i) {
    Findings findings = sources_[i]->observe(observation);
    const auto behind = static_cast<size_t>(sources_[i]->delay());
    if (open_.size() > behind) keep(std::move(findings), i, &open_[open_.size() - 1 - behind]);
  }
  while (open_.size() > static_cast<size_t>(delay_)) {
    ready_.push_back(std::move(open_.front()));
    open_.pop_front();
  }
}

void Aligner::finish() {
  for (size_t i = 0; i < sources_.size(); ++i) {
    std::vector<Findings> rest = sources_[i]->finish();
    const size_t wanted = std::min(open_.size(), static_cast<size_t>(sources_[i]->delay()));
    if (rest.size() != wanted) {
      throw Error(SMARTCROP_ERROR_INTERNAL, "evidence source " + std::to_string(i) + " answers " +
                                                std::to_string(rest.size()) + " frames, not the " +
                                                std::to_string(wanted) + " that are open");
    }
    const size_t first = open_.size() - wanted;
    for (size_t k = 0; k < wanted; ++k) keep(std::move(rest[k]), i, &open_[first + k]);
  }
  std::move(open_.begin(), open_.end(), std::back_inserter(ready_));
  open_.clear();
}

void Aligner::reset(Reset reset) {
  if (reset == Reset::kCut) {
    finish();
  } else {
    open_.clear();
    ready_.clear();
  }
  for (const auto& source : sources_) source->reset(reset);
}

std::vector<AlignedFrame> Aligner::take() { return std::exchange(ready_, {}); }

}  // namespace smartcrop
