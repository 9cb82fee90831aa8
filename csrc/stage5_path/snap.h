// SPDX-License-Identifier: MIT
// What an interior point method leaves of a zero becomes one.
#ifndef SMARTCROP_STAGE5_PATH_SNAP_H_
#define SMARTCROP_STAGE5_PATH_SNAP_H_

#include <vector>

#include "stage5_path/l1_solver.h"

namespace smartcrop {

// Makes nearly equal neighbours equal, and what is nearly on a bound lie on it.
void snap(const L1Problem& problem, std::vector<double>* line);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_SNAP_H_
