// SPDX-License-Identifier: MIT
// Boxes that a person wrote: the hint rows of a file in the format of plans.
#ifndef SMARTCROP_PLAN_HINTS_H_
#define SMARTCROP_PLAN_HINTS_H_

#include <string>
#include <vector>

#include "types.h"

namespace smartcrop {

struct Hint {
  double from_s = 0, to_s = 0;  // seconds from the first frame; the hint holds at both ends
  Subject region;
};

// Throws Error(ERROR_FILE) with the file, the line and what is wrong there. Times in the file are
// on the clock of its frame rows; without such rows they begin with the first frame. Boxes are
// clipped to the picture. A box with nothing in the picture is an error.
std::vector<Hint> read_hints(const std::string& path, Size picture);

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_HINTS_H_
