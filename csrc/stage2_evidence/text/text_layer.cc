// SPDX-License-Identifier: MIT
#include "stage2_evidence/text/text_layer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace smartcrop {
namespace {

// A sample is still while it stays within so much of its value: what compression does to letters
// over a moving picture.
constexpr int kStill = 14;
constexpr double kTick_s = 1.0 / 32;
constexpr int kStillTicks = 20;
// A stroke differs by so much from what is this far left and right of it.
constexpr int kContrast = 40;
constexpr int kReaches[] = {2, 4};
// Samples are counted in square cells; so many of a cell of text are strokes.
constexpr int kCell = 8;
constexpr int kLeast = 7, kMost = 44;
constexpr int kSmallestHeight = 5;
// What tells letters from other strokes. Each first value is for strokes around which the picture
// moves; where all stands still, that tells nothing, and the rest has to be clearer.
constexpr int kFewest[] = {40, 60};
constexpr double kNarrowest[] = {0, 0.05};  // share of the picture's width
// Letters stand close together: share of the box that is strokes.
// Less of large letters, whose strokes are only seen in their middle.
constexpr double kFill = 0.17, kFillOfLarge = 0.12;
constexpr int kLarge = 300;       // strokes
constexpr double kLongest = 1.5;  // width of a line of text over its height, at least
// They have one colour: this share lies within kColour of the median.
constexpr int kColour = 24;
constexpr double kOneColour[] = {0.5, 0.6};
constexpr int kBright = 170, kDark = 50;  // beyond one of which it lies, if nothing moves
// Around text there is little: density of strokes beside it over that in it.
constexpr double kAround[] = {0.3, 0.05};
// Of the strokes, this share goes on below, a row or a twelfth of the height further: of fences
// more, of leaves and crowds less.
constexpr int kStepOfHeight = 12;
constexpr double kGoesOn[] = {0.35, 0.8};
constexpr double kMoving = 0.4;  // share of what is around text that moves

}  // namespace

void TextLayer::observe(const std::vector<uint8_t>& luma, Size size, double time_s) {
  if (size.width != size_.width || size.height != size_.height) {
    size_ = size;
    still_ = luma;
    ticks_.assign(luma.size(), 0);
    now_s_ = time_s;
  }
  const double passed = std::clamp((time_s - now_s_) / kTick_s, 0.0, 255.0);
  const auto ticks = static_cast<uint8_t>(std::lround(passed));
  now_s_ = time_s;
  const uint8_t* const now = luma.data();
  uint8_t* const still = still_.data();
  uint8_t* const age = ticks_.data();
  // Bytes may be anything, the vectors' own sizes too: one read once lets the loop be vectorised.
  const size_t count = luma.size();
  for (size_t i = 0; i < count; ++i) {
    const uint8_t high = std::max(now[i], still[i]), low = std::min(now[i], still[i]);
    const bool changed = high - low > kStill;
    const int older = std::min(255, age[i] + ticks);
    still[i] = changed ? now[i] : still[i];
    age[i] = changed ? uint8_t{0} : static_cast<uint8_t>(older);
  }
}

// Samples that are brighter (darker) than what lies left and right of them, and stand still.
TextLayer::Mask TextLayer::still_strokes(bool bright) const {
  Mask mask(still_.size());
  constexpr int kNear = kReaches[0], kFar = kReaches[1];
  const int flip = bright ? 0 : 255;
  const auto stands_out = [flip](int middle, int one, int other) {
    return middle - std::max(one ^ flip, other ^ flip) >= kContrast;
  };
  const int end = size_.width - kFar;
  for (int y = 0; y < size_.height; ++y) {
    const uint8_t* const row = still_.data() + at(0, y);
    const uint8_t* const age = ticks_.data() + at(0, y);
    uint8_t* const to = mask.data() + at(0, y);
    for (int x = kFar; x < end; ++x) {
      const int middle = row[x] ^ flip;
      const bool near = stands_out(middle, row[x - kNear], row[x + kNear]);
      const bool far = stands_out(middle, row[x - kFar], row[x + kFar]);
      const bool is_still = age[x] >= kStillTicks;
      to[x] = (near | far) & is_still ? 1 : 0;
    }
  }
  return mask;
}

double TextLayer::moving_share(const TextBox& box) const {
  int moving = 0;
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) moving += ticks_[at(x, y)] < kStillTicks ? 1 : 0;
  }
  return static_cast<double>(moving) / std::max(1, box.width() * box.height());
}

int TextLayer::count(const Mask& mask, const TextBox& box) const {
  int count = 0;
  for (int y = std::max(0, box.top); y < std::min(size_.height, box.bottom); ++y) {
    for (int x = std::max(0, box.left); x < std::min(size_.width, box.right); ++x) {
      count += mask[at(x, y)];
    }
  }
  return count;
}

// Neighbouring cells with as many strokes as letters have; a word's gap of one cell is closed.
std::vector<TextBox> TextLayer::blocks_of(const Mask& mask) const {
  const int columns = size_.width / kCell, rows = size_.height / kCell;
  const auto cell = [columns](int x, int y) { return static_cast<size_t>(y * columns + x); };
  std::vector<uint8_t> text(static_cast<size_t>(columns * rows));
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const int strokes = count(mask, {x * kCell, y * kCell, (x + 1) * kCell, (y + 1) * kCell});
      text[cell(x, y)] = strokes >= kLeast && strokes <= kMost ? 1 : 0;
    }
  }
  std::vector<TextBox> blocks;
  std::vector<std::pair<int, int>> open;
  for (int i = 0; i < columns * rows; ++i) {
    if (text[static_cast<size_t>(i)] == 0) continue;
    TextBox block{i % columns, i / columns, i % columns + 1, i / columns + 1};
    open.assign(1, {i % columns, i / columns});
    text[static_cast<size_t>(i)] = 0;
    while (!open.empty()) {
      const auto [x, y] = open.back();
      open.pop_back();
      block = {std::min(block.left, x), std::min(block.top, y), std::max(block.right, x + 1),
               std::max(block.bottom, y + 1)};
      for (int near = 0; near < 15; ++near) {
        const int to_x = x + near % 5 - 2, to_y = y + near / 5 - 1;
        if (to_x < 0 || to_y < 0 || to_x >= columns || to_y >= rows) continue;
        if (text[cell(to_x, to_y)] == 0) continue;
        text[cell(to_x, to_y)] = 0;
        open.emplace_back(to_x, to_y);
      }
    }
    blocks.push_back(
        {block.left * kCell, block.top * kCell, block.right * kCell, block.bottom * kCell});
  }
  return blocks;
}

// With more than a stray stroke or two.
bool TextLayer::is_row_of_text(const Mask& mask, const TextBox& box, int row) const {
  return count(mask, {box.left, row, box.right, row + 1}) > 1 + box.width() / 80;
}

// The box around the strokes in and next to a block; single ones do not count.
TextBox TextLayer::tighten(const Mask& mask, const TextBox& block) const {
  TextBox box{std::max(0, block.left - kCell), std::max(0, block.top - kCell),
              std::min(size_.width, block.right + kCell),
              std::min(size_.height, block.bottom + kCell)};
  while (box.top < box.bottom && !is_row_of_text(mask, box, box.top)) ++box.top;
  while (box.bottom > box.top && !is_row_of_text(mask, box, box.bottom - 1)) --box.bottom;
  const auto column = [&](int x) { return count(mask, {x, box.top, x + 1, box.bottom}); };
  while (box.left < box.right && column(box.left) == 0) ++box.left;
  while (box.right > box.left && column(box.right - 1) == 0) --box.right;
  return box;
}

bool TextLayer::has_one_colour(const Mask& mask, const TextBox& box, bool strict) const {
  std::vector<uint8_t> values;
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      if (mask[at(x, y)] != 0) values.push_back(still_[at(x, y)]);
    }
  }
  if (values.empty()) return false;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const int median = *middle;
  if (strict && median < kBright && median > kDark) return false;
  const auto alike = std::count_if(values.begin(), values.end(), [median](uint8_t value) {
    return std::abs(value - median) <= kColour;
  });
  return static_cast<double>(alike) >= kOneColour[strict] * static_cast<double>(values.size());
}

bool TextLayer::goes_on_as_letters_do(const Mask& mask, const TextBox& box, int strokes) const {
  const int step = std::max(1, box.height() / kStepOfHeight);
  int go_on = 0;
  for (int y = box.top; y + step < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) go_on += mask[at(x, y)] & mask[at(x, y + step)];
  }
  const double share = static_cast<double>(go_on) / strokes;
  return share >= kGoesOn[0] && share <= kGoesOn[1];
}

// The rows between two lines of text do not count.
bool TextLayer::is_filled(const Mask& mask, const TextBox& box, int strokes) const {
  int rows = 0;
  for (int y = box.top; y < box.bottom; ++y) rows += is_row_of_text(mask, box, y) ? 1 : 0;
  return strokes >= (strokes < kLarge ? kFill : kFillOfLarge) * rows * box.width();
}

bool TextLayer::is_text(const Mask& mask, const TextBox& box) const {
  const int margin = std::max(3, std::min(box.height(), 2 * kCell) / 2);
  const TextBox wide{std::max(0, box.left - margin), std::max(0, box.top - margin),
                     std::min(size_.width, box.right + margin),
                     std::min(size_.height, box.bottom + margin)};
  const bool strict = moving_share(wide) < kMoving;
  const int strokes = count(mask, box), area = box.width() * box.height();
  if (strokes < kFewest[strict] || !is_filled(mask, box, strokes)) return false;
  if (box.height() < kSmallestHeight || box.width() < kLongest * box.height()) return false;
  if (box.width() < kNarrowest[strict] * size_.width) return false;
  if (!has_one_colour(mask, box, strict)) return false;
  if (!goes_on_as_letters_do(mask, box, strokes)) return false;
  const int area_around = wide.width() * wide.height() - area;
  const double inside = static_cast<double>(strokes) / area;
  const double around = static_cast<double>(count(mask, wide) - strokes) / std::max(1, area_around);
  return around <= kAround[strict] * inside;
}

std::vector<TextBox> TextLayer::find() const {
  std::vector<TextBox> found;
  if (size_.width < 4 * kCell || size_.height < 2 * kCell) return found;
  for (const bool bright : {true, false}) {
    const Mask mask = still_strokes(bright);
    for (const TextBox& block : blocks_of(mask)) {
      const TextBox box = tighten(mask, block);
      if (is_text(mask, box)) found.push_back(box);
    }
  }
  return found;
}

}  // namespace smartcrop
