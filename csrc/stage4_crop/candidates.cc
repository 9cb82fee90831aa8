// SPDX-License-Identifier: MIT
#include "stage4_crop/candidates.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

constexpr int kMostCandidates = 97;
constexpr double kFinestSpacing = 1.0 / 128;  // share of the picture

// Sums of the map's columns (or rows) up to each edge: element i is all before column i.
std::vector<double> cumulative(const HeatMap& map, Axis axis) {
  const int cells = axis == Axis::kX ? map.width : map.height;
  std::vector<double> sums(static_cast<size_t>(cells) + 1, 0.0);
  for (int row = 0; row < map.height; ++row) {
    for (int column = 0; column < map.width; ++column) {
      const int cell = axis == Axis::kX ? column : row;
      sums[static_cast<size_t>(cell) + 1] +=
          map.values[static_cast<size_t>(row * map.width + column)];
    }
  }
  for (size_t i = 1; i < sums.size(); ++i) sums[i] += sums[i - 1];
  return sums;
}

// The cumulative sum at a share of the side, cells taken as evenly filled.
double sum_before(const std::vector<double>& sums, double share) {
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(sums.size() - 1);
  const size_t cell = std::min(static_cast<size_t>(at), sums.size() - 2);
  return sums[cell] + (at - static_cast<double>(cell)) * (sums[cell + 1] - sums[cell]);
}

}  // namespace

Candidates::Candidates(const Geometry& geometry) {
  const double share_x = geometry.window_width / geometry.source_width;
  const double share_y = geometry.window_height / geometry.source_height;
  axis_ = share_x <= share_y ? Axis::kX : Axis::kY;
  window_ = std::min(1.0, std::min(share_x, share_y));
  count_ = 1 + std::min(kMostCandidates - 1,
                        static_cast<int>(std::ceil((1 - window_) / kFinestSpacing)));
}

double Candidates::centre(int candidate) const {
  return count_ == 1 ? 0.5 : window_ / 2 + spacing() * candidate;
}

std::vector<float> Candidates::coverage(const HeatMap& map) const {
  const std::vector<double> sums = cumulative(map, axis_);
  std::vector<float> result(static_cast<size_t>(count_));
  for (int i = 0; i < count_; ++i) {
    const double middle = centre(i);
    result[static_cast<size_t>(i)] = static_cast<float>(sum_before(sums, middle + window_ / 2) -
                                                        sum_before(sums, middle - window_ / 2));
  }
  return result;
}

}  // namespace smartcrop
