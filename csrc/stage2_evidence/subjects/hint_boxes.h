// SPDX-License-Identifier: MIT
// Regions that a person wrote down beforehand.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_HINT_BOXES_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_HINT_BOXES_H_

#include <vector>

#include "plan/hints.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

class HintBoxes : public Source {
 public:
  explicit HintBoxes(std::vector<Hint> hints) : hints_(std::move(hints)) {}
  // The first frame of each hint.
  bool wants(const Observation& observation) override;
  Findings observe(const Observation& observation) override;
  void reset(Reset) override {}

 private:
  std::vector<Hint> hints_;
  double first_s_ = 0;   // time of the first frame
  double before_s_ = 0;  // of the frame before, since then
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_HINT_BOXES_H_
