// SPDX-License-Identifier: MIT
// What moves other than the camera, from the motion vectors of a codec.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_OBJECT_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_OBJECT_MOTION_H_

#include <deque>
#include <vector>

#include "stage2_evidence/motion/camera_motion.h"
#include "stage2_evidence/motion/motion_vectors.h"
#include "stage2_evidence/motion/vector_camera.h"

namespace smartcrop {

// The motion of one frame.
struct ObjectMotion {
  std::vector<BlockMotion> blocks;  // dx, dy: pixels a frame, without the camera's
  VectorCamera camera;              // pixels a frame
};

// Sums of blocks over the cells of a grid.
struct MotionCells {
  Size grid;
  std::vector<float> dx, dy, speed;  // area times pixels a frame
  std::vector<float> area;           // pixels; 0: nothing is known of the cell
};

// Brings a frame's vectors to motion over one frame, finds the camera in them and takes it out.
class ObjectMotionFinder {
 public:
  explicit ObjectMotionFinder(Size picture) : picture_(picture), intake_(picture) {}
  void reset();
  // Every frame, in order. Empty for a frame without vectors. With the frame's small grey picture
  // the distance of what vectors point to is measured, where the camera moves, and not only
  // inferred from the order of frames.
  ObjectMotion find(const SideData& side, const GreyImage* small);

 private:
  int measured_distance(const VectorCamera& camera, int most) const;

  Size picture_;
  VectorIntake intake_;
  std::deque<GreyImage> seen_;  // the last frames, the newest first
};

MotionCells gather(const std::vector<BlockMotion>& blocks, Size picture, Size grid);

// Speed of each cell, pixels a frame: what is too slow to be told from noise, or goes another way
// than what is around it, does not count.
std::vector<float> coherent_speed(const MotionCells& cells);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_OBJECT_MOTION_H_
