// SPDX-License-Identifier: MIT
// Blocks of a thumbnail's luma, and where such a block was in the picture before.
#ifndef SMARTCROP_STAGE2_EVIDENCE_CUTS_BLOCK_SEARCH_H_
#define SMARTCROP_STAGE2_EVIDENCE_CUTS_BLOCK_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "types.h"

namespace smartcrop {

struct Block {
  int x, y, width, height;
};

// The luma of a thumbnail with its summed-area table, for the mean of any block in four reads.
class Luma {
 public:
  // The samples of the thumbnail, with their distance from its mean times gain, if that is over 1.
  Luma(const CutFeatures& features, float gain);

  int width() const { return width_; }
  int height() const { return height_; }
  const uint8_t* at(int x, int y) const { return samples_.data() + y * width_ + x; }

  int mean(const Block& block) const;
  // What there is in a block besides its mean: the sum of the distances from it.
  int contrast(const Block& block) const;
  // Whether the samples from (x, y) on, in steps of (dx, dy), are all of nearly one level.
  bool is_bar(int x, int y, int dx, int dy) const;

 private:
  size_t sum_index(int x, int y) const { return static_cast<size_t>(y * (width_ + 1) + x); }

  int width_, height_;
  std::vector<uint8_t> samples_;
  std::vector<int> sums_;
};

struct Match {
  int dx = 0, dy = 0;
  int residual = 0;  // sum of absolute differences, means taken out
  int mean_change = 0;
  float cost = 0;
};

// Looks for a block of one picture in the picture before. Both outlive the search.
class BlockSearch {
 public:
  BlockSearch(const Luma& before, const Luma& after, const Block& block)
      : before_(before), after_(after), block_(block), mean_(after.mean(block)) {}

  // Takes the place (dx, dy) beside the block's own if it matches better than those before.
  void consider(int dx, int dy);
  // Looks around the best place so far, in ever smaller steps.
  void refine();

  const Match& best() const { return best_; }
  Block best_place() const {
    return {block_.x + best_.dx, block_.y + best_.dy, block_.width, block_.height};
  }
  int area() const { return block_.width * block_.height; }

 private:
  const Luma& before_;
  const Luma& after_;
  Block block_;
  int mean_;
  Match best_;
  bool found_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_CUTS_BLOCK_SEARCH_H_
