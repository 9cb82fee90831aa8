// SPDX-License-Identifier: MIT
// Whether a shot's maps say what to follow.
#ifndef SMARTCROP_STAGE4_CROP_CLARITY_H_
#define SMARTCROP_STAGE4_CROP_CLARITY_H_

#include <vector>

namespace smartcrop {

// What windows show of the maps of a shot: ones that go with each map, and one that rests.
class Clarity {
 public:
  // A map that speaks for length_s: the share of it that each candidate shows, and the camera's
  // pan.
  void add(double length_s, const std::vector<float>& coverage, double pan);
  // 1 where the camera moves, or where windows that go with the maps show nearly all of them. Less
  // where a still camera shows several things that no window holds together, each of which counts
  // now and then: whoever goes after them misses nearly as much as whoever rests.
  double value() const;

 private:
  double length_s_ = 0;
  double missed_s_ = 0;  // by the best candidate of each map
  double panned_ = 0;
  std::vector<double> shown_s_;  // by each candidate
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_CLARITY_H_
