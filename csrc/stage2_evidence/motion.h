// SPDX-License-Identifier: MIT
// Training-free evidence between pictures: what moves other than the camera.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_H_

#include <vector>

#include "stage2_evidence/camera_motion.h"
#include "stage2_evidence/evidence.h"

namespace smartcrop {

// Takes the camera's motion out of pairs of pictures about a fifteenth of a second apart and keeps
// a mean of what still moves over the last few tenths of a second. Where nothing but the camera
// moves, or everything does, the map's confidence is near 0.
class MotionSource : public EvidenceSource {
 public:
  explicit MotionSource(Size grid);
  void reset() override;

  // From the frame before to the last one observed; none (trust 0) for the first after a reset.
  const CameraMotion& camera_motion() const { return camera_; }

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override;

 private:
  void follow_camera(const Observation& observation);
  void compare_with_reference(const GreyPyramid& present, double time_s);
  HeatMap make_map() const;

  GreyPyramid previous_;
  GreyImage reference_;
  double reference_time_s_ = 0;
  CameraMotion camera_;           // previous_ to present
  CameraMotion since_reference_;  // reference_ to present
  std::vector<float> speed_;      // smoothed, one a cell of the grid
  float weight_ = 0;              // how much of the smoothing's window has been seen, 0 to 1
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_H_
