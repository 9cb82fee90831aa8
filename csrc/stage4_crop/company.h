// SPDX-License-Identifier: MIT
// Who rides, pushes or holds what: subjects that are one for the window.
#ifndef SMARTCROP_STAGE4_CROP_COMPANY_H_
#define SMARTCROP_STAGE4_CROP_COMPANY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "stage4_crop/sample.h"
#include "types.h"

namespace smartcrop {

// Watches a shot. Two subjects of different classes are one where they touch in most looks, where
// one stays in its place beside the other, and where they go, or the camera goes with them. People
// are the first class but faces of every detector, and things that are theirs come after them: the
// lowest class leads.
class Company {
 public:
  void push(const Sample& sample);
  // Whom this subject goes with; itself where it goes with nobody.
  int64_t lead_of(int64_t id) const;
  // Finds that out anew, of all that was pushed.
  void solve();

 private:
  // Of two subjects, over the looks at which they touch. A place is that of the second beside the
  // first, in shares of the sides of the larger.
  struct Pair {
    double touching_s = 0;
    double x = 0, y = 0, x_squared = 0, y_squared = 0;  // sums of places, times seconds
    double lowest_x = 1, highest_x = 0, lowest_y = 1, highest_y = 0;  // of the first's centre
    double width = 0, height = 0;  // sums of the first's sides, times seconds
    double panned = 0;             // how far the camera went, in widths of the picture
  };

  // How many classes come before that of a subject, which is as it was first seen.
  int rank_of(const Subject& subject);
  void add(const Subject& first, const Subject& second, const Sample& sample);
  bool is_one(const Pair& pair, double seen_s) const;

  std::map<int64_t, int> ranks_;
  std::map<int64_t, double> seen_s_;
  std::map<std::pair<int64_t, int64_t>, Pair> pairs_;
  std::map<int64_t, int64_t> leads_;
};

// A box with as much of another as fits into a window of this length along an axis. The first stays
// in it.
Box widened(const Box& box, const Box& other, Axis axis, double window);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_COMPANY_H_
