// SPDX-License-Identifier: MIT
// The dynamic programme behind the choice of windows.
#ifndef SMARTCROP_STAGE4_CROP_BEST_PATH_H_
#define SMARTCROP_STAGE4_CROP_BEST_PATH_H_

#include <vector>

namespace smartcrop {

// The price of a move from candidate i to another candidate j is start + distance * |i - j|.
struct MovePrice {
  float start = 0;
  float distance = 0;
  int direction = 0;  // 1: only to higher candidates, -1: only to lower ones, 0: both ways
};

// The sequence of candidates with the highest sum of gains, less the price of its moves (Viterbi
// 1967). gains[t][i] is the gain of candidate i at time t. All rows have one length, at least 1.
// The sequence begins with the candidate `first`, or with any if that is -1.
std::vector<int> best_path(const std::vector<std::vector<float>>& gains, MovePrice price,
                           int first);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_BEST_PATH_H_
