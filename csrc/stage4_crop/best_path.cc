// SPDX-License-Identifier: MIT
#include "stage4_crop/best_path.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace smartcrop {
namespace {

// One step of the programme: from the best sums that end at each candidate to those that end there
// one time later, and where each came from. As the price grows evenly with the distance, one sweep
// from each side finds every candidate's best origin.
std::vector<int> advance(const std::vector<float>& gain, MovePrice price,
                         std::vector<float>* best) {
  const size_t count = gain.size();
  std::vector<float> reach(*best);
  std::vector<int> origin(count);
  for (size_t i = 0; i < count; ++i) origin[i] = static_cast<int>(i);
  const auto relax = [&](size_t to, size_t by) {
    if (reach[by] - price.distance > reach[to]) {
      reach[to] = reach[by] - price.distance;
      origin[to] = origin[by];
    }
  };
  if (price.direction >= 0) {
    for (size_t i = 1; i < count; ++i) relax(i, i - 1);
  }
  if (price.direction <= 0) {
    for (size_t i = count - 1; i-- > 0;) relax(i, i + 1);
  }

  for (size_t i = 0; i < count; ++i) {
    if (reach[i] - price.start > (*best)[i]) {
      (*best)[i] = reach[i] - price.start;
    } else {
      origin[i] = static_cast<int>(i);
    }
    (*best)[i] += gain[i];
  }
  // Only differences count; small numbers keep them exact.
  const float top = *std::max_element(best->begin(), best->end());
  for (float& value : *best) value -= top;
  return origin;
}

}  // namespace

std::vector<int> best_path(const std::vector<std::vector<float>>& gains, MovePrice price,
                           int first) {
  if (gains.empty()) return {};
  std::vector<float> best = gains[0];
  if (first >= 0) {
    std::fill(best.begin(), best.end(), std::numeric_limits<float>::lowest() / 2);
    best[static_cast<size_t>(first)] = 0;
  }
  std::vector<std::vector<int>> origins;
  for (size_t t = 1; t < gains.size(); ++t) origins.push_back(advance(gains[t], price, &best));

  std::vector<int> path(gains.size());
  path.back() = static_cast<int>(std::max_element(best.begin(), best.end()) - best.begin());
  for (size_t t = path.size() - 1; t-- > 0;) {
    path[t] = origins[t][static_cast<size_t>(path[t + 1])];
  }
  return path;
}

}  // namespace smartcrop
