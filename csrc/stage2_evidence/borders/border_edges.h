// SPDX-License-Identifier: MIT
// Where bars end, to the sample of the full-size picture.
#ifndef SMARTCROP_STAGE2_EVIDENCE_BORDERS_BORDER_EDGES_H_
#define SMARTCROP_STAGE2_EVIDENCE_BORDERS_BORDER_EDGES_H_

#include <array>
#include <vector>

#include "stage1_proxy/pictures.h"
#include "types.h"

namespace smartcrop {

// Sides are numbered top, bottom, left, right.
class BorderEdges {
 public:
  // A bar's width as found in the proxy, and a sample of the proxy, as shares of the picture.
  struct Rough {
    double width = 0, sample = 0;
  };

  explicit BorderEdges(const smartcrop_stream& stream);

  // Looks for the edge of each bar near its rough place.
  void refine(Pictures* pictures, const std::array<Rough, 4>& rough);
  // Widths of the bars as shares of the picture. A sample or two of the picture are counted to the
  // bar: a lost line is not seen, a line of bar is.
  std::array<double, 4> insets(const std::array<Rough, 4>& rough) const;
  // For another pair of bars: top and bottom (0) or left and right (2).
  void forget(int first);

 private:
  // Lines of the picture, from one side inwards.
  struct Side {
    bool is_row = true, from_end = false;
    int lines = 0;         // how many there are
    int from = 0, to = 0;  // the part of each that is looked at
  };
  Side side(int which, const std::array<Rough, 4>& rough) const;
  static int find(Pictures* pictures, const Side& side, const Rough& rough);

  Size size_;
  std::array<int, 4> edge_;      // the first line of the picture; -1: not found yet
  std::array<int, 4> searches_;  // that found it
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_BORDERS_BORDER_EDGES_H_
