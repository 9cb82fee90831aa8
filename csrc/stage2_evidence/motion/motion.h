// SPDX-License-Identifier: MIT
// Training-free evidence between pictures: what moves other than the camera.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_H_

#include <vector>

#include "choices.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/motion/codec_motion.h"
#include "stage2_evidence/motion/proxy_motion.h"

namespace smartcrop {

// Where motion is read: from the codec's vectors, or by comparing small pictures. kAuto compares
// pictures, and where frames bring vectors takes the camera from these and adds up what both find.
class MotionSource : public EvidenceSource {
 public:
  MotionSource(Size grid, Size picture, MotionFrom from);
  void reset() override;

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override;

 private:
  void observe_chosen(const Observation& observation, std::vector<Evidence>* out);
  void observe_both(const Observation& observation, std::vector<Evidence>* out);
  bool brings_vectors(const Observation& observation);
  void follow_pan(double time_s);

  MotionFrom from_;
  double newest_s_ = -1;   // the last frame; below 0: none since the last reset
  float pan_ = 0;          // smoothed, shares of the picture's width a second
  double vectors_s_ = -1;  // when the last vectors came; below 0: never
  CodecMotionSource codec_;
  ProxyMotionSource proxy_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_H_
