// SPDX-License-Identifier: MIT
// What each place of the window would show.
#ifndef SMARTCROP_STAGE4_CROP_CANDIDATES_H_
#define SMARTCROP_STAGE4_CROP_CANDIDATES_H_

#include <vector>

#include "geometry.h"
#include "types.h"

namespace smartcrop {

// The largest window of a shape fills the picture along one side; it has candidates along the
// other.
enum class Axis { kX, kY };

// The places of the window that stage 4 chooses between, evenly spread from one end of the picture
// to the other.
class Candidates {
 public:
  explicit Candidates(const Geometry& geometry);

  Axis axis() const { return axis_; }
  int count() const { return count_; }
  // Size of the window, and centre of a candidate, as shares of the picture's side.
  double window() const { return window_; }
  double centre(int candidate) const;
  double spacing() const { return count_ > 1 ? (1 - window_) / (count_ - 1) : 0; }

  // Share of the map that each candidate's window covers, 0 to 1.
  std::vector<float> coverage(const HeatMap& map) const;

 private:
  Axis axis_ = Axis::kX;
  double window_ = 1;
  int count_ = 1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_CANDIDATES_H_
