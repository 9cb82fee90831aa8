// SPDX-License-Identifier: MIT
#include "inference/heatmap.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

// The integral, up to x, of the weight of one cell of `count` in a linear interpolation. It goes
// between the cell centres (at cell + 0.5), and is level beyond the first and the last centre. The
// weight of a cell in the middle is a triangle over [cell - 0.5, cell + 1.5] of area 1.
double weight_up_to(double x, int cell, int count) {
  const double centre = cell + 0.5;
  x = std::clamp(x, 0.0, static_cast<double>(count));
  double rise = 0;
  if (cell == 0) {
    rise = std::min(x, centre);
  } else {
    const double up = std::clamp(x - (centre - 1), 0.0, 1.0);
    rise = up * up / 2;
  }
  if (x <= centre) return rise;
  if (cell == count - 1) return rise + (x - centre);
  const double down = std::clamp(centre + 1 - x, 0.0, 1.0);
  return rise + (1 - down * down) / 2;
}

// The weights with which a new cell takes the old cells `first`, `first` + 1, ...
struct Taps {
  int first = 0;
  std::vector<double> weights;
};

// Divides [begin, end], in shares of the axis, into equal parts, one for each new cell. Gives the
// taps of each on `count` old cells.
std::vector<Taps> axis_taps(int count, double begin, double end, int cells) {
  std::vector<Taps> axis(static_cast<size_t>(cells));
  const double start = begin * count;
  const double step = (end - begin) * count / cells;
  for (int i = 0; i < cells; ++i) {
    const double low = start + step * i;
    const double high = low + step;
    Taps& taps = axis[static_cast<size_t>(i)];
    taps.first = std::clamp(static_cast<int>(std::floor(low - 0.5)), 0, count - 1);
    const int last = std::clamp(static_cast<int>(std::floor(high + 0.5)), 0, count - 1);
    for (int cell = taps.first; cell <= last; ++cell) {
      taps.weights.push_back(weight_up_to(high, cell, count) - weight_up_to(low, cell, count));
    }
  }
  return axis;
}

double dot(const Taps& taps, const double* values) {
  double sum = 0;
  for (const double weight : taps.weights) sum += weight * *values++;
  return sum;
}

}  // namespace

float concentration(const std::vector<float>& shares) {
  if (shares.size() < 2) return 0;
  // exp(entropy) is the number of cells that an even map as spread out as this one would fill.
  double entropy = 0;
  for (const float share : shares) {
    if (share > 0) entropy -= static_cast<double>(share) * std::log(static_cast<double>(share));
  }
  const double count = static_cast<double>(shares.size());
  const double value = (count - std::exp(entropy)) / (count - 1);
  return static_cast<float>(std::clamp(value, 0.0, 1.0));
}

HeatMap softmax_map(const float* logits, Size size) {
  HeatMap map;
  map.width = size.width;
  map.height = size.height;
  const size_t count = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
  const double highest = *std::max_element(logits, logits + count);
  std::vector<double> powers(count);
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    powers[i] = std::exp(static_cast<double>(logits[i]) - highest);
    sum += powers[i];
  }
  map.values.resize(count);
  for (size_t i = 0; i < count; ++i) map.values[i] = static_cast<float>(powers[i] / sum);
  map.confidence = concentration(map.values);
  return map;
}

HeatMap resample_map(const HeatMap& map, const MapRegion& region, Size grid) {
  const auto columns = axis_taps(map.width, region.left, region.right, grid.width);
  const auto rows = axis_taps(map.height, region.top, region.bottom, grid.height);
  const auto width = static_cast<size_t>(map.width);
  const auto height = static_cast<size_t>(map.height);

  // Across first, each old row into a column of `across`, so that the second pass reads in order.
  std::vector<double> across(columns.size() * height);
  std::vector<double> row(width);
  for (size_t y = 0; y < height; ++y) {
    std::copy_n(map.values.begin() + static_cast<ptrdiff_t>(y * width), width, row.begin());
    for (size_t x = 0; x < columns.size(); ++x) {
      across[x * height + y] = dot(columns[x], row.data() + columns[x].first);
    }
  }
  std::vector<double> values(columns.size() * rows.size());
  double sum = 0;
  for (size_t y = 0; y < rows.size(); ++y) {
    for (size_t x = 0; x < columns.size(); ++x) {
      const double value = dot(rows[y], across.data() + x * height + rows[y].first);
      values[y * columns.size() + x] = value;
      sum += value;
    }
  }

  HeatMap result;
  result.width = grid.width;
  result.height = grid.height;
  result.confidence = map.confidence;
  result.values.resize(values.size());
  const bool empty = !(sum > 1e-9);
  if (empty) result.confidence = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double share = empty ? 1.0 / static_cast<double>(values.size()) : values[i] / sum;
    result.values[i] = static_cast<float>(share);
  }
  return result;
}

}  // namespace smartcrop
