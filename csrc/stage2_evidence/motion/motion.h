// SPDX-License-Identifier: MIT
// Training-free evidence between pictures: what moves other than the camera.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_H_

#include <optional>

#include "choices.h"
#include "stage2_evidence/motion/codec_motion.h"
#include "stage2_evidence/motion/proxy_motion.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

// Where motion is read: from the codec's vectors, or by comparing small pictures. kAuto compares
// pictures, and where frames bring vectors takes the camera from these and adds up what both find.
class MotionSource : public Source {
 public:
  MotionSource(Size grid, Size picture, MotionFrom from);
  Findings observe(const Observation& observation) override;
  void reset(Reset reset) override;

  // How the camera moved, where the last frame observed told it. Steps follow each other without a
  // gap, but for those with trust 0, of which nothing is known.
  const std::optional<CameraStep>& camera_step() const { return camera_step_; }

 private:
  Findings observe_chosen(const Observation& observation);
  Findings observe_both(const Observation& observation);
  bool brings_vectors(const Observation& observation);
  void follow_pan(double time_s);
  void follow_camera(double time_s);

  Size grid_;
  MotionFrom from_;
  double newest_s_ = -1;  // the last frame; below 0: none since the last reset
  std::optional<CameraStep> camera_step_;
  float pan_ = 0;          // smoothed, shares of the picture's width a second
  double vectors_s_ = -1;  // when the last vectors came; below 0: never
  CodecMotionSource codec_;
  ProxyMotionSource proxy_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_H_
