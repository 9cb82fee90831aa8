// SPDX-License-Identifier: MIT
// Evidence from the motion vectors of the codec: what moves other than the camera, almost for free.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_CODEC_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_CODEC_MOTION_H_

#include <vector>

#include "stage2_evidence/motion/camera_motion.h"
#include "stage2_evidence/motion/object_motion.h"
#include "stage2_evidence/motion/speed_map.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

// Frames without vectors, as intra frames, are bridged by what was seen before them.
class CodecMotionSource : public Source {
 public:
  CodecMotionSource(Size grid, Size picture);
  Findings observe(const Observation& observation) override;
  void reset(Reset) override;

  // Of the last frame observed.
  bool has_vectors() const { return has_vectors_; }
  // From the frame before to the last one observed; trust 0 where nothing is known.
  const CameraMotion& camera_motion() const { return camera_; }

 private:
  Size grid_, picture_;
  ObjectMotionFinder finder_;
  CameraMotion camera_;
  SpeedMap speeds_;
  bool has_vectors_ = false;
  double newest_s_ = -1;  // last frame with vectors, or the first after a reset; below 0: none
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_CODEC_MOTION_H_
