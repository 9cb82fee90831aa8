// SPDX-License-Identifier: MIT
// How the camera moved between two small grey pictures.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_CAMERA_MOTION_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_CAMERA_MOTION_H_

#include <algorithm>
#include <vector>

#include "types.h"

namespace smartcrop {

// A point of the scene at p in the earlier picture lies at  [a -b; b a] p + (x, y)  in the later
// one, p from the centre of the picture. Both axes are shares of the picture's WIDTH.
struct CameraMotion {
  float x = 0, y = 0;  // shift
  float a = 1, b = 0;  // zoom * cosine and zoom * sine of the rotation
  float trust = 0;     // 0 to 1: share of the picture's structure that moved like this

  CameraMotion then(const CameraMotion& later) const;
};

// How the camera moved in the last seconds.
struct CameraStep {
  CameraMotion motion;
  double seconds = 0;
};

// A grey picture; level 0 of a pyramid is the largest.
struct GreyImage {
  Size size;
  std::vector<float> values;

  // Value between samples, by linear interpolation; the position must lie inside
  // [0, width - 1] x [0, height - 1].
  float sample(float x, float y) const {
    const int left = std::max(0, std::min(static_cast<int>(x), size.width - 2));
    const int top = std::max(0, std::min(static_cast<int>(y), size.height - 2));
    const float along_x = x - static_cast<float>(left), along_y = y - static_cast<float>(top);
    const float* upper = &values[static_cast<size_t>(top * size.width + left)];
    const int next_x = size.width > 1 ? 1 : 0;
    const float* lower = upper + (size.height > 1 ? size.width : 0);
    const float high = upper[0] + along_x * (upper[next_x] - upper[0]);
    const float low = lower[0] + along_x * (lower[next_x] - lower[0]);
    return high + along_y * (low - high);
  }
};
using GreyPyramid = std::vector<GreyImage>;

// Y of the proxy at half size.
GreyImage make_grey(const Proxy& proxy);
// The same, then halved until about 16 samples wide.
GreyPyramid make_pyramid(const Proxy& proxy);

// Robust least squares from coarse to fine: Gauss-Newton steps on the difference of brightness,
// each sample weighted down by how badly it fits (Geman-McClure) and by how near the middle it is,
// so that the camera is what most of the picture's structure agrees on. A change of brightness of
// the whole picture is part of the model. Stops at a level about 64 samples wide: a hundredth of a
// sample there is enough for following the camera.
CameraMotion estimate_camera_motion(const GreyPyramid& before, const GreyPyramid& after,
                                    const CameraMotion& guess);

// The same on one pair of pictures, from a guess that is right to within about a sample.
void refine_camera_motion(const GreyImage& before, const GreyImage& after, CameraMotion* motion);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_CAMERA_MOTION_H_
