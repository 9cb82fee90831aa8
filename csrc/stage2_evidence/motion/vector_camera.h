// SPDX-License-Identifier: MIT
// How the camera moved, from the motion of blocks.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_VECTOR_CAMERA_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_VECTOR_CAMERA_H_

#include <array>
#include <cmath>
#include <vector>

#include "stage2_evidence/motion/motion_vectors.h"

namespace smartcrop {

// What the camera does to a point at (x, y) from the middle of the picture, in pixels: it moves by
//   (x[0] + x[1] u + x[2] v,  y[0] + y[1] u + y[2] v),   u = x / width, v = y / width.
struct VectorCamera {
  std::array<float, 3> x = {}, y = {};
  float width = 1;  // of the picture
  float trust = 0;  // 0 to 1: share of the blocks' area that moved like this

  float dx(const BlockMotion& at) const { return x[0] + (x[1] * at.x + x[2] * at.y) / width; }
  float dy(const BlockMotion& at) const { return y[0] + (y[1] * at.x + y[2] * at.y) / width; }
  // The same motion spread evenly over a number of frames.
  VectorCamera over(float frames) const;
};

// Of a motion; where std::hypot is careful about overflow, this is quick.
inline float length(float dx, float dy) { return std::sqrt(dx * dx + dy * dy); }

// A robust affine fit: iterated least squares, each block weighted by its area and down by how
// badly it fits (Geman and McClure), from the blocks' median on. Trust is 0 and the camera still
// where there are too few blocks to tell.
VectorCamera fit_camera(const std::vector<BlockMotion>& blocks, Size picture);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_VECTOR_CAMERA_H_
