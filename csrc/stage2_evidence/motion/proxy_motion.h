// SPDX-License-Identifier: MIT
// A map of what moves against the camera, found by comparing pictures.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_PROXY_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_PROXY_MOTION_H_

#include "stage2_evidence/motion/camera_motion.h"
#include "stage2_evidence/motion/speed_map.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

// Takes the camera's motion out of pairs of pictures about a fifteenth of a second apart and keeps
// a mean of what still moves over the last few tenths of a second. Where nothing but the camera
// moves, or everything does, the map's confidence is near 0.
class ProxyMotionSource : public Source {
 public:
  explicit ProxyMotionSource(Size grid);
  Findings observe(const Observation& observation) override;
  void reset(Reset) override;

  // Takes the camera's motion to the next frame from somebody who knows it better than pictures
  // tell. If it was given for all frames of a pair, it is not searched for but only refined.
  void set_camera(const CameraMotion& camera) { given_ = camera; }
  // The motion from the earlier to the later picture of the last pair; trust is 0 before the first.
  const CameraMotion& camera_motion() const { return camera_; }
  // Its seconds; below 0: the last frame observed completed no pair.
  double new_step_s() const { return new_step_s_; }
  // The speed of that motion times its trust, in shares of the picture's width a second.
  float camera_speed() const;

 private:
  void follow_camera(const Observation& observation);
  void compare_with_reference(const GreyPyramid& present, double step_s);

  Size grid_;
  GreyPyramid reference_;  // the earlier picture of the next pair
  double reference_time_s_ = 0;
  CameraMotion given_;            // for the next frame; trust 0: none
  CameraMotion since_reference_;  // as given; trust 0: not for every frame
  CameraMotion camera_;
  double camera_step_s_ = 0;  // between the pictures of the last pair
  double new_step_s_ = -1;
  SpeedMap speeds_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_PROXY_MOTION_H_
