// SPDX-License-Identifier: MIT
// Strokes that stand still: what letters burnt into a picture consist of.
#ifndef SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_LAYER_H_
#define SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_LAYER_H_

#include <cstdint>
#include <vector>

#include "types.h"

namespace smartcrop {

// Samples [left, right) x [top, bottom).
struct TextBox {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

// Grey pictures of one size, one after the other; finds blocks of letters of a certain size: with
// strokes of one to four samples.
class TextLayer {
 public:
  // luma: rows of size.width samples, 8-bit.
  void observe(const std::vector<uint8_t>& luma, Size size, double time_s);
  // Blocks of lines that look like letters and have stood still for long enough.
  std::vector<TextBox> find() const;
  // Of the samples in a box, those that have not stood still for long enough.
  double moving_share(const TextBox& box) const;
  void reset() { size_ = {}; }

 private:
  using Mask = std::vector<uint8_t>;

  Mask still_strokes(bool bright) const;
  std::vector<TextBox> blocks_of(const Mask& mask) const;
  TextBox tighten(const Mask& mask, const TextBox& block) const;
  bool is_row_of_text(const Mask& mask, const TextBox& box, int row) const;
  bool is_filled(const Mask& mask, const TextBox& box, int strokes) const;
  bool is_text(const Mask& mask, const TextBox& box) const;
  int count(const Mask& mask, const TextBox& box) const;
  bool has_one_colour(const Mask& mask, const TextBox& box, bool strict) const;
  bool goes_on_as_letters_do(const Mask& mask, const TextBox& box, int strokes) const;
  size_t at(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(size_.width) + static_cast<size_t>(x);
  }

  Size size_;
  double now_s_ = 0;
  std::vector<uint8_t> still_;  // the value that a sample has had since
  std::vector<uint8_t> ticks_;  // for how long, up to 255
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_LAYER_H_
