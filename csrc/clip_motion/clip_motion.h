// SPDX-License-Identifier: MIT
// Where a clip moves, over all of its frames, from the motion vectors of a codec.
#ifndef SMARTCROP_CLIP_MOTION_CLIP_MOTION_H_
#define SMARTCROP_CLIP_MOTION_CLIP_MOTION_H_

#include <cstdint>
#include <vector>

#include "stage2_evidence/motion/motion_vectors.h"
#include "stage2_evidence/motion/object_motion.h"

namespace smartcrop {

// Adds up what moves other than the camera on a fine grid, so that memory is flat in the length,
// and tells how it is spread over the cells of a coarse one.
class ClipMotion {
 public:
  explicit ClipMotion(Size picture);

  // What came with every frame, in order; only its vectors are read.
  void add(const SideData& side);

  int64_t frames() const { return frames_; }
  int64_t vectors() const { return vectors_; }        // those that say something possible
  const ObjectMotion& last() const { return last_; }  // of the frame added last

  // Shares of the motion that sum to 1, row by row; empty where nothing moves. Importance sampling:
  // places are drawn with the probability of the motion there, and counted. The same seed gives the
  // same places on every platform. No samples: the shares themselves.
  std::vector<float> density(Size grid, int64_t samples, uint64_t seed) const;

 private:
  void add_object_motion(const SideData& side);

  Size picture_;
  Size fine_;
  ObjectMotionFinder finder_;
  VectorIntake intake_;
  ObjectMotion last_;
  std::vector<double> motion_;  // one a fine cell: speeds, up to where they count in full
  int64_t frames_ = 0;
  int64_t vectors_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_CLIP_MOTION_CLIP_MOTION_H_
