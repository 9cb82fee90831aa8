// SPDX-License-Identifier: MIT
// Finds dissolves: pictures that turn into other pictures gradually.
#ifndef SMARTCROP_STAGE3_SHOTS_DISSOLVE_H_
#define SMARTCROP_STAGE3_SHOTS_DISSOLVE_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "types.h"

namespace smartcrop {

// A frame that the shot detector knows.
struct KnownFrame {
  CutFeatures features;
  std::vector<float> gist;  // a still smaller copy of the thumbnail, 0 to 255
  double clock_s = 0;
  bool flat = false;        // the picture is black, white or one colour
  bool transition = false;  // inside a dissolve or fade
};

// Fills in gist and flat.
void describe_for_dissolves(KnownFrame* frame);

// The longest stretch of the past that mark_dissolves looks at.
double longest_dissolve_s();

// Looks for a stretch of frames that ends with the last one and is a dissolve: each frame inside is
// a blend of the two ends, in equal steps. Marks the frames inside as transition. Two ends show
// different pictures if their content differs by `level` or more.
void mark_dissolves(std::deque<KnownFrame>* frames, float level);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE3_SHOTS_DISSOLVE_H_
