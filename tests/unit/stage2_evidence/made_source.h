// SPDX-License-Identifier: MIT
// A source that finds what a test wants, as late as it wants.
#ifndef SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_MADE_SOURCE_H_
#define SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_MADE_SOURCE_H_

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "stage2_evidence/source.h"

namespace smartcrop {

class MadeSource : public Source {
 public:
  using Find = std::function<Findings(const Observation&)>;

  // delay: what it declares and keeps to.
  MadeSource(int delay, Find find) : delay_(delay), find_(std::move(find)) {}
  int delay() const override { return delay_; }
  Findings observe(const Observation& observation) override {
    open_.push_back(find_(observation));
    if (open_.size() <= static_cast<size_t>(delay_)) return {};
    Findings findings = std::move(open_.front());
    open_.pop_front();
    return findings;
  }
  std::vector<Findings> finish() override {
    const std::vector<Findings> rest(open_.begin(), open_.end());
    open_.clear();
    return rest;
  }
  void reset(Reset) override { open_.clear(); }

 private:
  int delay_;
  Find find_;
  std::deque<Findings> open_;
};

inline HeatMap even_map(Size grid) {
  HeatMap map;
  map.width = grid.width;
  map.height = grid.height;
  const auto cells = static_cast<size_t>(grid.width) * static_cast<size_t>(grid.height);
  map.values.assign(cells, 1.0F / static_cast<float>(cells));
  map.confidence = 0.5F;
  return map;
}

// Findings that carry the frame's number, as the pan.
inline Findings numbered(const Observation& observation) {
  Findings findings;
  findings.pan = static_cast<float>(observation.frame);
  return findings;
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_MADE_SOURCE_H_
