// SPDX-License-Identifier: MIT
// Means over rectangles and boxes of a small float picture in constant time a sample.
#ifndef SMARTCROP_PICTURE_INTEGRAL_IMAGE_H_
#define SMARTCROP_PICTURE_INTEGRAL_IMAGE_H_

#include <algorithm>
#include <vector>

#include "types.h"

namespace smartcrop {

class IntegralImage {
 public:
  IntegralImage(const std::vector<float>& values, Size size)
      : size_(size), sums_(static_cast<size_t>(size.width + 1) * (size.height + 1), 0.0) {
    const size_t stride = static_cast<size_t>(size.width) + 1;
    size_t from = 0;
    for (int y = 0; y < size.height; ++y) {
      double row = 0;
      size_t to = (static_cast<size_t>(y) + 1) * stride + 1;
      for (int x = 0; x < size.width; ++x, ++to) {
        row += values[from++];
        sums_[to] = sums_[to - stride] + row;
      }
    }
  }

  struct Box {
    int left, right, top, bottom;  // right and bottom are the first outside
  };
  double sum(const Box& box) const {
    return at(box.right, box.bottom) - at(box.left, box.bottom) - at(box.right, box.top) +
           at(box.left, box.top);
  }

  // Over the samples within radius of (x, y), as far as they lie inside the picture.
  float box_mean(int x, int y, int radius) const {
    const Box box = clip(x, y, radius);
    return static_cast<float>(sum(box) / ((box.right - box.left) * (box.bottom - box.top)));
  }
  float box_sum(int x, int y, int radius) const {
    return static_cast<float>(sum(clip(x, y, radius)));
  }

 private:
  Box clip(int x, int y, int radius) const {
    return {std::max(0, x - radius), std::min(size_.width, x + radius + 1), std::max(0, y - radius),
            std::min(size_.height, y + radius + 1)};
  }
  double at(int x, int y) const {
    return sums_[static_cast<size_t>(y) * (static_cast<size_t>(size_.width) + 1) +
                 static_cast<size_t>(x)];
  }

  Size size_;
  std::vector<double> sums_;
};

// Every sample replaced by the mean of the box around it.
inline std::vector<float> box_filter(const std::vector<float>& values, Size size, int radius) {
  const IntegralImage sums(values, size);
  std::vector<float> means(values.size());
  size_t i = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) means[i++] = sums.box_mean(x, y, radius);
  }
  return means;
}

}  // namespace smartcrop

#endif  // SMARTCROP_PICTURE_INTEGRAL_IMAGE_H_
