// SPDX-License-Identifier: MIT
// Parts of a picture that lie on whole samples.
#ifndef SMARTCROP_STAGE6_RENDER_RECTANGLE_H_
#define SMARTCROP_STAGE6_RENDER_RECTANGLE_H_

#include <algorithm>
#include <vector>

#include "picture/planes.h"

namespace smartcrop {

// Samples [left, right) x [top, bottom) of a plane.
struct Rectangle {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool is_empty() const { return width() <= 0 || height() <= 0; }
};

inline Rectangle whole(Size size) { return {0, 0, size.width, size.height}; }

// A part of a plane. The rectangle has to lie inside of the plane.
inline Plane part_of(const Plane& plane, const Rectangle& part, int sample_bytes) {
  return {plane.row(part.top) + static_cast<ptrdiff_t>(part.left) * sample_bytes,
          plane.stride,
          {part.width(), part.height()}};
}

// What of a rectangle lies outside of another one: above, below, left and right of it.
inline std::vector<Rectangle> bars_of(const Rectangle& all, const Rectangle& other) {
  const Rectangle inner{std::max(all.left, other.left), std::max(all.top, other.top),
                        std::min(all.right, other.right), std::min(all.bottom, other.bottom)};
  if (inner.is_empty()) return {all};
  const Rectangle parts[] = {{all.left, all.top, all.right, inner.top},
                             {all.left, inner.bottom, all.right, all.bottom},
                             {all.left, inner.top, inner.left, inner.bottom},
                             {inner.right, inner.top, all.right, inner.bottom}};
  std::vector<Rectangle> bars;
  for (const Rectangle& bar : parts) {
    if (!bar.is_empty()) bars.push_back(bar);
  }
  return bars;
}

// True where nothing of a rectangle lies outside of all of the others.
inline bool is_covered(const Rectangle& all, const std::vector<Rectangle>& others) {
  std::vector<Rectangle> left = {all};
  for (const Rectangle& other : others) {
    std::vector<Rectangle> still;
    for (const Rectangle& part : left) {
      const std::vector<Rectangle> bars = bars_of(part, other);
      still.insert(still.end(), bars.begin(), bars.end());
    }
    left = std::move(still);
  }
  return left.empty();
}

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_RECTANGLE_H_
