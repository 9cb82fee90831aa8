// SPDX-License-Identifier: MIT
// What each place of the window would show.
#ifndef SMARTCROP_STAGE4_CROP_CANDIDATES_H_
#define SMARTCROP_STAGE4_CROP_CANDIDATES_H_

#include <vector>

#include "types.h"

namespace smartcrop {

enum class Axis { kX, kY };

// The sums of a map, raised to a power, along each axis. Element i is the share of the map in all
// columns (or rows) before the i-th, so the last element is 1.
struct Profiles {
  std::vector<float> x, y;

  const std::vector<float>& along(Axis axis) const { return axis == Axis::kX ? x : y; }
};

Profiles profiles_of(const HeatMap& map, float power);

// The mean place of the map between two places, in shares of the picture. It is their middle if the
// map is empty there.
double mean_between(const std::vector<float>& profile, double from, double to);

// The places of the window along one axis. Stage 4 chooses one of them. They are spread evenly from
// one end of the content to the other. All numbers are shares of the picture's side.
class Candidates {
 public:
  // A window that is as large as the content, or larger, has one place.
  Candidates(Span content, double window);

  int count() const { return count_; }
  double window() const { return window_; }
  double centre(int candidate) const;
  double spacing() const { return count_ > 1 ? (content_.highest - reach()) / (count_ - 1) : 0; }
  // The candidate nearest to a place.
  int nearest(double centre) const;

  // The share of the map that each candidate's window covers, 0 to 1.
  std::vector<float> coverage(const std::vector<float>& profile) const;

 private:
  double reach() const { return content_.lowest + window_; }

  Span content_;
  double window_;
  int count_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_CANDIDATES_H_
