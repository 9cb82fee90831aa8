// SPDX-License-Identifier: MIT
// Targets at any times to the even nodes that the solver works on, so that the path does not depend
// on the frame rate.
#ifndef SMARTCROP_STAGE5_PATH_RESAMPLE_H_
#define SMARTCROP_STAGE5_PATH_RESAMPLE_H_

#include <cstddef>
#include <vector>

#include "stage5_path/l1_solver.h"
#include "stage5_path/path.h"

namespace smartcrop {

// Points in order of time, borrowed.
struct PathPoints {
  const PathPoint* first = nullptr;
  size_t count = 0;
  const PathPoint& operator[](size_t i) const { return first[i]; }
  const PathPoint& back() const { return first[count - 1]; }
};

struct Grid {
  double first_s = 0;
  double step_s = 1;
  size_t count = 0;
};

// A node for each time of the grid, its target the robust middle of those around it, and then
// leaned towards the middle of the limits. Before the first and after the last point that point
// holds. An allowed span covers all that the node's basis function reaches, 1.5 steps to each side,
// so that the curve keeps to it also between the nodes.
std::vector<L1Node> resample(const PathPoints& points, const Grid& grid, const PathLimits& limits);

// What is to be expected after the last point: its span, and the middle of the last targets, leaned
// as those of the nodes are.
PathPoint expected_after(const PathPoints& points, const PathLimits& limits);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_RESAMPLE_H_
