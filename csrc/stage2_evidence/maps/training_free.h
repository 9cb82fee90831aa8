// SPDX-License-Identifier: MIT
// The evidence that needs no model: one map out of what stands out and what moves.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MAPS_TRAINING_FREE_H_
#define SMARTCROP_STAGE2_EVIDENCE_MAPS_TRAINING_FREE_H_

#include <optional>

#include "stage2_evidence/maps/contrast_map.h"
#include "stage2_evidence/motion/motion.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

// Motion leads as far as it is sure of itself, and more so where it also stands out in the still
// picture; what stands out fills in where nothing moves. All of it is multiplied with a Gaussian
// around the middle of the picture, since whoever held the camera aimed it.
class TrainingFreeSource : public Source {
 public:
  TrainingFreeSource(Size grid, Size picture, MotionFrom motion)
      : contrast_(grid), motion_(grid, picture, motion) {}
  Findings observe(const Observation& observation) override;
  void reset(Reset reset) override;

  // See MotionSource.
  const std::optional<CameraStep>& camera_step() const { return motion_.camera_step(); }

 private:
  ContrastSource contrast_;
  MotionSource motion_;
};

// What the source does with a pair of maps of one grid.
HeatMap combine(const HeatMap& contrast, const HeatMap& motion);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MAPS_TRAINING_FREE_H_
