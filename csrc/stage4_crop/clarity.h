// SPDX-License-Identifier: MIT
// Whether a shot's maps say what to follow.
#ifndef SMARTCROP_STAGE4_CROP_CLARITY_H_
#define SMARTCROP_STAGE4_CROP_CLARITY_H_

#include <vector>

namespace smartcrop {

// Compares two ways to crop a shot: a window that goes with each map, and one that rests.
class Clarity {
 public:
  // Takes the next map of the shot. It holds for length_s. coverage is the share of the map that
  // each candidate shows, and pan is the speed of the camera.
  void add(double length_s, const std::vector<float>& coverage, double pan);
  // From near 0 to 1. It is 1 if the camera moves, or if a window that goes with the maps shows
  // nearly all of them. It is lower if the camera is still and several subjects are salient in
  // turn, but no window holds them together. A window that goes after them then misses nearly as
  // much as one that rests.
  double value() const;

 private:
  double length_s_ = 0;
  double missed_s_ = 0;  // by the best candidate of each map
  double panned_ = 0;
  std::vector<double> shown_s_;  // by each candidate
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_CLARITY_H_
