// SPDX-License-Identifier: MIT
// The dynamic programme behind the choice of windows.
#ifndef SMARTCROP_STAGE4_CROP_BEST_PATH_H_
#define SMARTCROP_STAGE4_CROP_BEST_PATH_H_

#include <vector>

namespace smartcrop {

// What going from candidate i to another candidate j costs: start + distance * |i - j|.
struct MovePrice {
  float start = 0;
  float distance = 0;
  int direction = 0;  // 1: only to higher candidates, -1: only to lower ones, 0: both ways
};

// The sequence of candidates with the highest sum of gains less the price of its moves (Viterbi
// 1967). gains[t][i] is what candidate i brings at time t; all rows are of one length, at least 1.
// first: the candidate that the sequence has to begin with at time 0, or -1 for any.
std::vector<int> best_path(const std::vector<std::vector<float>>& gains, MovePrice price,
                           int first);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_BEST_PATH_H_
