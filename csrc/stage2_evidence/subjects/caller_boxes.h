// SPDX-License-Identifier: MIT
// Regions that the caller knows of: smartcrop_frame::boxes.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_CALLER_BOXES_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_CALLER_BOXES_H_

#include <vector>

#include "stage2_evidence/source.h"

namespace smartcrop {

constexpr int32_t kMostBoxes = 1000;

// Throws Error(ERROR_ARGUMENT) with the box and the value where a frame's boxes are none.
void check_boxes(const SideData& side);

// The boxes of a frame that was checked, in shares of the picture and clipped to it; boxes wholly
// outside are left out.
std::vector<Subject> regions_of(const SideData& side, Size picture);

// The words of a region in the interface.
smartcrop_box box_of(const Subject& region, Size picture);

// What a frame says holds until another frame says something else, a cut, or kHeld_s. The first
// boxes after none have their frame analysed; after that the newest count, analysed or not.
class CallerBoxes : public Source {
 public:
  static constexpr double kHeld_s = 0.75;

  explicit CallerBoxes(Size picture) : picture_(picture) {}
  bool wants(const Observation& observation) override;
  Findings observe(const Observation& observation) override;
  void reset(Reset) override;

 private:
  Size picture_;
  std::vector<Subject> held_;
  double said_s_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_CALLER_BOXES_H_
