// SPDX-License-Identifier: MIT
// The problem of l1_solver.h as a sum of hinges, and the line that its solution begins at.
#ifndef SMARTCROP_STAGE5_PATH_HINGES_H_
#define SMARTCROP_STAGE5_PATH_HINGES_H_

#include <cstddef>
#include <vector>

#include "stage5_path/banded.h"
#include "stage5_path/l1_solver.h"

namespace smartcrop {

// weight[i] * max(0, sign * row[i] - bound[i]) for one order of difference.
struct Hinge {
  size_t order = 0;
  double sign = 1;
  Line weight, bound;
  Line below, above;   // slacks: below - above = bound - sign * row
  Line pull, rest;     // the multiplier, and weight - pull
  Line theta, wanted;  // of the present step
  Line product_below, product_above;
  Line d_below, d_above, d_pull;
};

// Every term and every limit; a limit's weight outweighs everything else.
std::vector<Hinge> hinges_of(const L1Problem& problem);

// Where to begin: the line that goes on from what is given and brakes to a rest, or rests at the
// first target. From a line that breaks the heavy limits the method may never get away.
Line coasting_line(const L1Problem& problem);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_HINGES_H_
