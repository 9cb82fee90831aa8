// SPDX-License-Identifier: MIT
#include "stage2_evidence/cuts/structure_change.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "stage2_evidence/cuts/block_search.h"

namespace smartcrop {
namespace {

constexpr int kBlock = 8;          // least side of a block to look for, in samples of the thumbnail
constexpr int kStep = 4;           // from one window to the next, where what stayed is looked for
constexpr float kNoise = 1;        // contrast of a block that counts as none, in levels
constexpr float kMostGain = 2.5F;  // a change of contrast that light may explain
constexpr double kSame = 0.9;      // correlation of two windows that show the same
constexpr double kNoiseVariance = 0.5;  // of a sample, squared levels
constexpr int kMostColourChange = 20;   // of the colour of a window that stays, in levels
// A title on a dark picture has more contrast than all the rest. So that it does not speak for the
// whole picture, a block counts with at most so many times the contrast that kUsual of the blocks
// stay under, and a window with the texture that kLittle of the windows stay under.
constexpr float kMostContrast = 1.5F;
constexpr double kUsual = 0.4;
constexpr double kLittle = 0.25;
constexpr float kLeastTexture = 0.5F;  // standard deviation that counts in any case, in levels

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
  return {(product / n - mean_a * mean_b + kNoiseVariance) / std::sqrt(noisy),
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

// The value that this share of the values stays under.
float quantile(std::vector<float> values, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<size_t>(rank)];
}

int columns_of(const Luma& picture, int side) { return std::max(1, picture.width() / side); }

// The picture in blocks of at least this side, row by row.
std::vector<Block> blocks_of(const Luma& picture, int side) {
  const int columns = columns_of(picture, side), rows = std::max(1, picture.height() / side);
  std::vector<Block> blocks;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int x = column * picture.width() / columns, y = row * picture.height() / rows;
      blocks.push_back({x, y, (column + 1) * picture.width() / columns - x,
                        (row + 1) * picture.height() / rows - y});
    }
  }
  return blocks;
}

// By how much the contrast changed in most places: a lamp that goes on, or a flash, multiplies the
// same structure.
float usual_gain(const Luma& before, const Luma& after) {
  std::vector<float> gains;
  for (const Block& cell : blocks_of(before, kStep)) {
    const float noise = kNoise * static_cast<float>(cell.width * cell.height);
    gains.push_back((static_cast<float>(after.contrast(cell)) + noise) /
                    (static_cast<float>(before.contrast(cell)) + noise));
  }
  return quantile(gains, 0.5);
}

// The share of the structure that is not found again nearby, 0 to 1.
float share_not_found(const Luma& before, const Luma& after) {
  const std::vector<Block> blocks = blocks_of(after, kBlock);
  const auto columns = static_cast<size_t>(columns_of(after, kBlock));
  std::vector<Match> matches;
  std::vector<float> residuals, contrasts;
  for (size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    BlockSearch search(before, after, block);
    search.consider(0, 0);
    if (i % columns > 0) search.consider(matches[i - 1].dx, matches[i - 1].dy);
    if (i >= columns) search.consider(matches[i - columns].dx, matches[i - columns].dy);
    search.refine();
    const Match& match = search.best();
    matches.push_back(match);
    const Block matched = search.best_place();
    const auto area = static_cast<float>(search.area());
    const int contrast = std::max(after.contrast(block), before.contrast(matched));
    residuals.push_back(static_cast<float>(match.residual) / area);
    contrasts.push_back(static_cast<float>(contrast) / area + kNoise);
  }
  const float most = kMostContrast * quantile(contrasts, kUsual);
  float not_found = 0, total = 0;
  for (size_t i = 0; i < blocks.size(); ++i) {
    const float weight = std::min(1.0F, most / contrasts[i]);
    not_found += weight * residuals[i];
    total += weight * contrasts[i];
  }
  return std::min(1.0F, not_found / total);
}

// The part of the pictures inside of bars: these stay over a cut, and say nothing.
Block without_bars(const Luma& a, const Luma& b) {
  const auto bar = [&](int x, int y, int dx, int dy) {
    return a.is_bar(x, y, dx, dy) && b.is_bar(x, y, dx, dy);
  };
  int top = 0, bottom = a.height(), left = 0, right = a.width();
  while (top < bottom && bar(0, top, 1, 0)) ++top;
  while (bottom > top && bar(0, bottom - 1, 1, 0)) --bottom;
  while (left < right && bar(left, 0, 0, 1)) ++left;
  while (right > left && bar(right - 1, 0, 0, 1)) --right;
  // The next line may be half a bar.
  if (top > 0) ++top;
  if (bottom < a.height()) --bottom;
  if (left > 0) ++left;
  if (right < a.width()) --right;
  return {left, top, std::max(0, right - left), std::max(0, bottom - top)};
}

// The share of the windows that show the same in the same place, or one sample beside it, 0 to 1.
float share_kept(const CutFeatures& before, const CutFeatures& after, const Luma& a,
                 const Luma& b) {
  const Block inner = without_bars(a, b);
  const int side = std::min({kBlock, inner.width, inner.height});
  if (side < 1) return 0;
  std::vector<float> textures;
  std::vector<bool> same;
  for (int y = inner.y; y + side <= inner.y + inner.height; y += kStep) {
    for (int x = inner.x; x + side <= inner.x + inner.width; x += kStep) {
      const Block window = {x, y, side, side};
      BlockSearch search(a, b, window);
      search.consider(0, 0);
      for (int k = 1; k < 9; k += 2) search.consider(k % 3 - 1, k / 3 - 1);
      const Block matched = search.best_place();
      const Likeness alike = likeness(a, b, matched, window);
      textures.push_back(static_cast<float>(alike.texture));
      same.push_back(alike.correlation > kSame && same_colour(before, after, matched, window));
    }
  }
  const float most = std::max(kLeastTexture, quantile(textures, kLittle));
  float kept = 0, total = 0;
  for (size_t i = 0; i < same.size(); ++i) {
    const float weight = std::min(most, textures[i]);
    total += weight;
    if (same[i]) kept += weight;
  }
  return total > 0 ? kept / total : 0;
}

}  // namespace

StructureChange structure_change(const CutFeatures& before, const CutFeatures& after) {
  const float gain = usual_gain(Luma(before, 1), Luma(after, 1));
  const Luma a(before, std::clamp(gain, 1.0F, kMostGain));
  const Luma b(after, std::clamp(1 / gain, 1.0F, kMostGain));
  return {share_not_found(a, b), share_kept(before, after, a, b)};
}

}  // namespace smartcrop
