// SPDX-License-Identifier: MIT
// What moves other than the camera, by comparing pictures.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_PROXY_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_PROXY_MOTION_H_

#include "stage2_evidence/evidence.h"
#include "stage2_evidence/motion/camera_motion.h"
#include "stage2_evidence/motion/speed_map.h"

namespace smartcrop {

// Takes the camera's motion out of pairs of pictures about a fifteenth of a second apart and keeps
// a mean of what still moves over the last few tenths of a second. Where nothing but the camera
// moves, or everything does, the map's confidence is near 0.
class ProxyMotionSource : public EvidenceSource {
 public:
  explicit ProxyMotionSource(Size grid);
  void reset() override;

  // The camera's motion to the next frame, where it is known better than pictures tell: where it is
  // for all frames of a pair it is not looked for, only made finer.
  void set_camera(const CameraMotion& camera) { given_ = camera; }
  // From the earlier to the later picture of the last pair; none (trust 0) before the first one.
  const CameraMotion& camera_motion() const { return camera_; }
  // What that is a second, in shares of the picture's width, times its trust.
  float camera_speed() const;

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override;

 private:
  void follow_camera(const Observation& observation);
  void compare_with_reference(const GreyPyramid& present, double step_s);

  GreyPyramid reference_;  // the earlier picture of the next pair
  double reference_time_s_ = 0;
  CameraMotion given_;            // for the next frame; trust 0: none
  CameraMotion since_reference_;  // as given; trust 0: not for every frame
  CameraMotion camera_;
  double camera_step_s_ = 0;  // between the pictures of the last pair
  SpeedMap speeds_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_PROXY_MOTION_H_
