// SPDX-License-Identifier: MIT
#include "stage2_evidence/cuts/structure_change.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace smartcrop {
namespace {

constexpr int kBlock = 8;          // least side of a block to look for, in samples of the thumbnail
constexpr int kFirstStep = 4;      // of the search, halved until 1, two rounds each
constexpr int kReach = 10;         // of the search; what moves farther in one frame is not found
constexpr float kNoise = 1;        // contrast of a block that counts as none, in levels
constexpr float kMostGain = 2.5F;  // a change of contrast that light may explain
constexpr float kMeanShare = 0.25F;     // what a change of brightness adds to the cost of a match
constexpr int kStill = 1;               // a block that moved no farther stands where it was
constexpr double kSame = 0.9;           // correlation of two blocks that show the same
constexpr double kNoiseVariance = 0.5;  // of a sample, squared levels
constexpr int kMostColourChange = 20;   // of the colour of a block that stays, in levels
constexpr float kTexture = 2;  // standard deviation of a block that counts in full, in levels

struct Block {
  int x, y, width, height;
};

struct Match {
  int dx = 0, dy = 0;
  int residual = 0;  // sum of absolute differences, means taken out
  int mean_change = 0;
  float cost = 0;
};

// A plane of the thumbnail with its summed-area table, for the mean of any block in four reads.
class Luma {
 public:
  // The samples of the thumbnail, with their distance from its mean times gain.
  Luma(const CutFeatures& features, float gain)
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

  int width() const { return width_; }
  int height() const { return height_; }
  const uint8_t* at(int x, int y) const { return samples_.data() + y * width_ + x; }

  int mean(const Block& b) const {
    const int area = b.width * b.height;
    const int sum = sums_[sum_index(b.x + b.width, b.y + b.height)] -
                    sums_[sum_index(b.x, b.y + b.height)] - sums_[sum_index(b.x + b.width, b.y)] +
                    sums_[sum_index(b.x, b.y)];
    return (sum + area / 2) / area;
  }

  // What there is in a block besides its mean.
  int contrast(const Block& b) const {
    const int level = mean(b);
    int sum = 0;
    for (int y = 0; y < b.height; ++y) {
      const uint8_t* row = at(b.x, b.y + y);
      for (int x = 0; x < b.width; ++x) sum += std::abs(row[x] - level);
    }
    return sum;
  }

 private:
  size_t sum_index(int x, int y) const { return static_cast<size_t>(y * (width_ + 1) + x); }

  int width_, height_;
  std::vector<uint8_t> samples_;
  std::vector<int> sums_;
};

// Looks for a block of one picture in another.
class Search {
 public:
  Search(const Luma& before, const Luma& after, const Block& block)
      : before_(before), after_(after), block_(block), mean_(after.mean(block)) {}

  void consider(int dx, int dy) {
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

  void refine() {
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

  const Match& best() const { return best_; }
  int area() const { return block_.width * block_.height; }

 private:
  const Luma& before_;
  const Luma& after_;
  Block block_;
  int mean_;
  Match best_;
  bool found_ = false;
};

// How alike two blocks are, whatever their light.
struct Likeness {
  double correlation;
  double texture;  // standard deviation of the one with more
};

Likeness likeness(const Luma& before, const Luma& after, const Block& from, const Block& to) {
  int sum_a = 0, sum_b = 0, square_a = 0, square_b = 0, product = 0;
  for (int y = 0; y < to.height; ++y) {
    const uint8_t* row_a = before.at(from.x, from.y + y);
    const uint8_t* row_b = after.at(to.x, to.y + y);
    for (int x = 0; x < to.width; ++x) {
      const int a = row_a[x], b = row_b[x];
      sum_a += a;
      sum_b += b;
      square_a += a * a;
      square_b += b * b;
      product += a * b;
    }
  }
  const double n = to.width * to.height, mean_a = sum_a / n, mean_b = sum_b / n;
  const double variance_a = square_a / n - mean_a * mean_a;
  const double variance_b = square_b / n - mean_b * mean_b;
  const double noisy = (variance_a + kNoiseVariance) * (variance_b + kNoiseVariance);
  return {(product / n - mean_a * mean_b) / std::sqrt(noisy),
          std::sqrt(std::max(0.0, std::max(variance_a, variance_b)))};
}

// Whether a block has the colour that it had: what stays keeps its colour, whatever its light.
bool same_colour(const CutFeatures& before, const CutFeatures& after, const Block& from,
                 const Block& to) {
  const int width = after.thumbnail_size.width, area = to.width * to.height;
  const auto plane = static_cast<size_t>(width) * static_cast<size_t>(after.thumbnail_size.height);
  for (size_t part = 1; part < 3; ++part) {
    const uint8_t* a = before.thumbnail.data() + part * plane;
    const uint8_t* b = after.thumbnail.data() + part * plane;
    int change = 0;
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) {
        change += b[(to.y + y) * width + to.x + x] - a[(from.y + y) * width + from.x + x];
      }
    }
    if (std::abs(change) > kMostColourChange * area) return false;
  }
  return true;
}

// How much a picture of this contrast is amplified before it is compared with one of more contrast:
// a lamp that goes on, or a flash, multiplies the same structure.
float gain_towards(float other, float own) {
  return own > 0 ? std::clamp(other / own, 1.0F, kMostGain) : 1.0F;
}

}  // namespace

StructureChange structure_change(const CutFeatures& before, const CutFeatures& after) {
  const Luma a(before, gain_towards(after.contrast, before.contrast));
  const Luma b(after, gain_towards(before.contrast, after.contrast));
  const int columns = std::max(1, b.width() / kBlock);
  const int rows = std::max(1, b.height() / kBlock);
  std::vector<Match> above(static_cast<size_t>(columns));
  float unexplained = 0, total = 0, kept = 0, textured = 0;
  for (int row = 0; row < rows; ++row) {
    Match left;
    for (int column = 0; column < columns; ++column) {
      const int x = column * b.width() / columns, y = row * b.height() / rows;
      const Block block = {x, y, (column + 1) * b.width() / columns - x,
                           (row + 1) * b.height() / rows - y};
      Match& up = above[static_cast<size_t>(column)];
      Search search(a, b, block);
      search.consider(0, 0);
      search.consider(left.dx, left.dy);
      search.consider(up.dx, up.dy);
      search.refine();
      left = up = search.best();
      const Block matched = {block.x + left.dx, block.y + left.dy, block.width, block.height};
      const int contrast = std::max(b.contrast(block), a.contrast(matched));
      unexplained += static_cast<float>(left.residual);
      total += static_cast<float>(contrast) + kNoise * static_cast<float>(search.area());
      const Likeness alike = likeness(a, b, matched, block);
      const float weight = std::min(1.0F, static_cast<float>(alike.texture) / kTexture);
      const bool still = std::abs(left.dx) + std::abs(left.dy) <= kStill;
      textured += weight;
      if (still && alike.correlation > kSame && same_colour(before, after, matched, block)) {
        kept += weight;
      }
    }
  }
  return {std::min(1.0F, unexplained / total), textured > 0 ? kept / textured : 0};
}

}  // namespace smartcrop
