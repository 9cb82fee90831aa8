// SPDX-License-Identifier: MIT
// From the speeds of a grid's cells, one picture after another, to a map of what moves.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_SPEED_MAP_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_SPEED_MAP_H_

#include <vector>

#include "types.h"

namespace smartcrop {

// Speeds are what moves other than the camera, in 128ths of the picture's width over a step of
// about a fifteenth of a second. Their mean over the last few tenths of a second counts.
class SpeedMap {
 public:
  // Peaks that noise makes, and that it never makes.
  struct Levels {
    float noise, clear;
  };
  // A longer gap than this is a hole in the stream, not motion.
  static constexpr double kMostStep_s = 0.6;

  SpeedMap(Size grid, Levels levels);
  void reset();
  // What was measured over the last step_s seconds; nullptr: nothing is known of them.
  void add(double step_s, const std::vector<float>* speeds);
  // Where nothing but the camera moves, or everything does, the confidence is near 0.
  HeatMap map() const;

 private:
  Size grid_;
  Levels levels_;
  std::vector<float> speed_;  // smoothed, one a cell
  float weight_ = 0;          // how much of the smoothing's window has been seen, 0 to 1
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_SPEED_MAP_H_
