// SPDX-License-Identifier: MIT
#include "stage5_path/snap.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

using Line = std::vector<double>;

constexpr double kStill = 1e-6;  // a difference that is none

// The place of a rest over the points [from, to]: where it came from if that is given, else its
// first point, or the target there; as near to it as all of the points allow.
double place_of_rest(const L1Problem& problem, const Line& line, size_t from, size_t to) {
  double lowest = problem.nodes[from].lowest, highest = problem.nodes[from].highest;
  for (size_t i = from; i <= to; ++i) {
    lowest = std::max(lowest, problem.nodes[i].lowest);
    highest = std::min(highest, problem.nodes[i].highest);
  }
  double place = line[from];
  if (from == 0 && problem.continues && std::abs(place - problem.before[2]) < kStill) {
    place = problem.before[2];
  } else if (std::abs(place - problem.nodes[from].target) < kStill) {
    place = problem.nodes[from].target;
  }
  return std::max(lowest, std::min(highest, place));
}

}  // namespace

void snap(const L1Problem& problem, Line* line) {
  Line& points = *line;
  for (size_t i = 0; i < points.size(); ++i) {
    const L1Node& node = problem.nodes[i];
    if (points[i] < node.lowest + kStill) points[i] = node.lowest;
    if (points[i] > node.highest - kStill) points[i] = std::max(node.lowest, node.highest);
  }
  for (size_t from = 0; from < points.size();) {
    size_t to = from;
    while (to + 1 < points.size() && std::abs(points[to + 1] - points[to]) < kStill) ++to;
    const double place = place_of_rest(problem, points, from, to);
    for (size_t i = from; i <= to; ++i) points[i] = place;
    from = to + 1;
  }
}

}  // namespace smartcrop
