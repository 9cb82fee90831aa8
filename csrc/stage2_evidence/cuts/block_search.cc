// SPDX-License-Identifier: MIT
#include "stage2_evidence/cuts/block_search.h"

#include <algorithm>
#include <cstdlib>

namespace smartcrop {
namespace {

constexpr int kFirstStep = 4;        // of the search, halved until 1, two rounds each
constexpr int kReach = 10;           // of the search; what moves farther in one frame is not found
constexpr float kMeanShare = 0.25F;  // what a change of brightness adds to the cost of a match
constexpr int kBar = 3;              // range of the samples in a line of a bar, in levels

}  // namespace

Luma::Luma(const CutFeatures& features, float gain)
    : width_(features.thumbnail_size.width),
      height_(features.thumbnail_size.height),
      samples_(features.thumbnail.begin(), features.thumbnail.begin() + width_ * height_),
      sums_(static_cast<size_t>(width_ + 1) * static_cast<size_t>(height_ + 1)) {
  const float mean = 255 * features.luma_mean;
  for (uint8_t& sample : samples_) {
    if (gain <= 1) break;
    const float value = mean + gain * (static_cast<float>(sample) - mean);
    sample = static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
  }
  for (int y = 0; y < height_; ++y) {
    int row = 0;
    for (int x = 0; x < width_; ++x) {
      row += at(x, y)[0];
      sums_[sum_index(x + 1, y + 1)] = sums_[sum_index(x + 1, y)] + row;
    }
  }
}

int Luma::mean(const Block& b) const {
  const int area = b.width * b.height;
  const int sum = sums_[sum_index(b.x + b.width, b.y + b.height)] -
                  sums_[sum_index(b.x, b.y + b.height)] - sums_[sum_index(b.x + b.width, b.y)] +
                  sums_[sum_index(b.x, b.y)];
  return (sum + area / 2) / area;
}

int Luma::contrast(const Block& b) const {
  const int level = mean(b);
  int sum = 0;
  for (int y = 0; y < b.height; ++y) {
    const uint8_t* row = at(b.x, b.y + y);
    for (int x = 0; x < b.width; ++x) sum += std::abs(row[x] - level);
  }
  return sum;
}

bool Luma::is_bar(int x, int y, int dx, int dy) const {
  int least = 255, most = 0;
  for (; x < width_ && y < height_; x += dx, y += dy) {
    least = std::min<int>(least, at(x, y)[0]);
    most = std::max<int>(most, at(x, y)[0]);
  }
  return most - least <= kBar;
}

void BlockSearch::consider(int dx, int dy) {
  if (std::abs(dx) > kReach || std::abs(dy) > kReach) return;
  const Block moved = {block_.x + dx, block_.y + dy, block_.width, block_.height};
  if (moved.x < 0 || moved.y < 0 || moved.x + moved.width > before_.width() ||
      moved.y + moved.height > before_.height()) {
    return;
  }
  Match match{dx, dy, 0, mean_ - before_.mean(moved), 0};
  match.cost = kMeanShare * static_cast<float>(std::abs(match.mean_change) * area());
  for (int y = 0; y < block_.height; ++y) {
    const uint8_t* to = after_.at(block_.x, block_.y + y);
    const uint8_t* from = before_.at(moved.x, moved.y + y);
    for (int x = 0; x < block_.width; ++x) {
      match.residual += std::abs(to[x] - from[x] - match.mean_change);
    }
    if (found_ && match.cost + static_cast<float>(match.residual) >= best_.cost) return;
  }
  match.cost += static_cast<float>(match.residual);
  best_ = match;
  found_ = true;
}

void BlockSearch::refine() {
  for (int step = kFirstStep; step > 0; step /= 2) {
    for (int round = 0; round < 2 && best_.residual > 0; ++round) {
      const Match centre = best_;
      for (int k = 0; k < 9; ++k) {
        if (k != 4) consider(centre.dx + (k % 3 - 1) * step, centre.dy + (k / 3 - 1) * step);
      }
      if (best_.dx == centre.dx && best_.dy == centre.dy) break;
    }
  }
}

}  // namespace smartcrop
