// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/hint_boxes.h"

#include <algorithm>

namespace smartcrop {
namespace {

constexpr double kSlack_s = 0.004;  // containers round times to a millisecond or so

bool covers(const Hint& hint, double time_s) {
  return time_s >= hint.from_s - kSlack_s && time_s <= hint.to_s + kSlack_s;
}

}  // namespace

bool HintBoxes::wants(const Observation& observation) {
  const bool first = observation.frame == 0;
  if (first) first_s_ = observation.time_s;
  const double time_s = observation.time_s - first_s_;
  const bool begins = std::any_of(hints_.begin(), hints_.end(), [&](const Hint& hint) {
    return covers(hint, time_s) && (first || !covers(hint, before_s_));
  });
  before_s_ = time_s;
  return begins;
}

Findings HintBoxes::observe(const Observation& observation) {
  Findings findings;
  if (!observation.analyse) return findings;
  for (const Hint& hint : hints_) {
    if (covers(hint, observation.time_s - first_s_)) findings.subjects.push_back(hint.region);
  }
  return findings;
}

}  // namespace smartcrop
