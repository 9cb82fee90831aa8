// SPDX-License-Identifier: MIT
#include "clip_motion/clip_motion.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "picture/integral_image.h"

namespace smartcrop {
namespace {

// Blocks are 4 to 16 pixels large, and a fine cell should not be much smaller; more cells than this
// along a side say no more of where a clip moves.
constexpr int kLeastCell = 8;
constexpr int kMostCell = 16;
constexpr int kCells = 120;
constexpr int kMostCells = 240;
// Share of the picture's longer side that something has to move in a frame to count in full: where
// something moves often counts, and neither how fast nor a frame whose vectors are wild.
constexpr float kFullSpeed = 1.0f / 640;
// Radius of the surroundings as a share of the longer side.
constexpr float kSurround = 0.2f;

size_t area_of(Size size) {
  return static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
}

Size fine_grid(Size picture) {
  const int side = std::max(picture.width, picture.height);
  const int cell = std::clamp(side / kCells, kLeastCell, kMostCell);
  return {std::clamp(picture.width / cell, 1, kMostCells),
          std::clamp(picture.height / cell, 1, kMostCells)};
}

// A number from 0 to below 1. The engine is the same on every platform; the library's distributions
// need not be.
double draw(std::mt19937_64* random) {
  return static_cast<double>((*random)() >> 11) / 9007199254740992.0;  // 2^53
}

// Sums along one side, of fine cells brought to coarse ones; what lies across a border is divided.
struct Overlap {
  int fine, coarse;
  double share;  // of the fine cell
};

std::vector<Overlap> overlaps(int fine, int coarse) {
  std::vector<Overlap> all;
  for (int i = 0; i < fine; ++i) {
    const double from = static_cast<double>(i) * coarse / fine;
    const double to = static_cast<double>(i + 1) * coarse / fine;
    for (int j = static_cast<int>(from); j < coarse && j < to; ++j) {
      const double inside = std::min<double>(to, j + 1) - std::max<double>(from, j);
      if (inside > 0) all.push_back({i, j, inside / (to - from)});
    }
  }
  return all;
}

std::vector<double> brought_to(Size grid, const std::vector<double>& values, Size fine) {
  std::vector<double> coarse(area_of(grid), 0.0);
  const std::vector<Overlap> columns = overlaps(fine.width, grid.width);
  for (const Overlap& row : overlaps(fine.height, grid.height)) {
    const double* from = &values[static_cast<size_t>(row.fine) * static_cast<size_t>(fine.width)];
    double* to = &coarse[static_cast<size_t>(row.coarse) * static_cast<size_t>(grid.width)];
    for (const Overlap& column : columns) {
      to[column.coarse] += row.share * column.share * from[column.fine];
    }
  }
  return coarse;
}

// Empty where the sum is 0.
std::vector<float> shares(const std::vector<double>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  std::vector<float> result;
  if (!(sum > 0)) return result;
  for (const double value : values) result.push_back(static_cast<float>(value / sum));
  return result;
}

}  // namespace

ClipMotion::ClipMotion(Size picture)
    : picture_(picture),
      fine_(fine_grid(picture)),
      finder_(picture),
      intake_(picture),
      motion_(area_of(fine_), 0.0) {}

void ClipMotion::add(const SideData& side) {
  check_motion_vectors(side);
  ++frames_;
  add_object_motion(side);
  const MotionFields fields = intake_.take(side);
  vectors_ += static_cast<int64_t>(fields.past.blocks.size() + fields.future.blocks.size());
}

void ClipMotion::add_object_motion(const SideData& side) {
  last_ = finder_.find(side, nullptr);
  if (last_.blocks.empty()) return;
  const float most = kFullSpeed * static_cast<float>(std::max(picture_.width, picture_.height));
  std::vector<float> speeds = coherent_speed(gather(last_.blocks, picture_, fine_));
  for (float& speed : speeds) speed = std::min(speed, most);
  // A camera that the fit does not explain moves whole regions: what counts is faster than they.
  const int longer = std::max(fine_.width, fine_.height);
  const int radius = std::max(1, static_cast<int>(kSurround * static_cast<float>(longer)));
  const std::vector<float> around = box_filter(speeds, fine_, radius);
  for (size_t i = 0; i < motion_.size(); ++i) {
    motion_[i] += static_cast<double>(std::max(0.0f, speeds[i] - around[i]));
  }
}

std::vector<float> ClipMotion::density(Size grid, int64_t samples, uint64_t seed) const {
  if (samples <= 0) return shares(brought_to(grid, motion_, fine_));
  std::vector<double> sums(motion_.size());
  std::partial_sum(motion_.begin(), motion_.end(), sums.begin());
  std::vector<double> counts(area_of(grid), 0.0);
  if (!(sums.back() > 0)) return {};
  std::mt19937_64 random(seed);
  for (int64_t i = 0; i < samples; ++i) {
    const auto found = std::upper_bound(sums.begin(), sums.end(), draw(&random) * sums.back());
    const auto cell =
        std::min(static_cast<int>(found - sums.begin()), static_cast<int>(sums.size()) - 1);
    const double x = (cell % fine_.width + draw(&random)) / fine_.width;
    const double y = (cell / fine_.width + draw(&random)) / fine_.height;
    const int column = std::min(static_cast<int>(x * grid.width), grid.width - 1);
    const int row = std::min(static_cast<int>(y * grid.height), grid.height - 1);
    counts[static_cast<size_t>(row * grid.width + column)] += 1;
  }
  return shares(counts);
}

}  // namespace smartcrop
