// SPDX-License-Identifier: MIT
// A box in time: where it is, how fast it moves, and how sure that is.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_FILTER_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_FILTER_H_

#include "stage2_evidence/motion/camera_motion.h"
#include "types.h"

namespace smartcrop {

// A Kalman filter of one coordinate that moves at a steady speed, pushed by white noise (Kalman, "A
// new approach to linear filtering and prediction problems", 1960; the noise of uneven steps is
// that of Bar-Shalom, Li and Kirubarajan, "Estimation with applications to tracking and
// navigation", 2001, 6.2.2).
struct SteadyAxis {
  double at = 0, speed = 0;
  // Variances of both and what they share.
  double at_at = 0, at_speed = 0, speed_speed = 0;

  // density: the variance that a second adds to the speed.
  void move_on(double seconds, double density);
  void correct(double found, double variance);
  void scale(double factor);
};

// The filter of a box: four axes, centre and size. None of them knows of the others, for all noise
// of ByteTrack's filter is independent too. Noise is a share of the box's size, the root of its
// area, so that near and far subjects are followed alike.
class BoxFilter {
 public:
  // aspect: width of the picture by its height.
  BoxFilter(const Box& found, double aspect);

  void move_on(double seconds);
  void correct(const Box& found);
  // The picture moved under the box.
  void move_with(const CameraMotion& camera);

  // The box so many seconds later, below 0: earlier. Its size stays, for speeds of sizes are small
  // and unsure.
  Box box_after(double seconds) const;
  Speed speed() const { return {x_.speed, y_.speed}; }

 private:
  double size() const;  // in widths of the picture

  double aspect_;
  SteadyAxis x_, y_, width_, height_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_FILTER_H_
