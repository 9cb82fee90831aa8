// SPDX-License-Identifier: MIT
// Pictures that turn into other pictures gradually.
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
  bool flat = false;        // shows nothing: black, white or one colour
  bool transition = false;  // inside a dissolve or fade
};

// Fills in gist and flat.
void describe_for_dissolves(KnownFrame* frame);

// The longest stretch of the past that mark_dissolves looks at.
double longest_dissolve_s();

// Looks for stretches that end with the last frame and over which the picture turns from one into
// another in a straight line: each frame between is a blend of the two ends. Marks the frames
// inside as transition. `level` is the content difference between two pictures from which on they
// are two.
void mark_dissolves(std::deque<KnownFrame>* frames, float level);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE3_SHOTS_DISSOLVE_H_
