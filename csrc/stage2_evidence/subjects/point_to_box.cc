// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/point_to_box.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace smartcrop {
namespace {

// Boxes to try: their larger side in heights of the picture, their shapes (width by height), and
// where the point is in them.
constexpr double kSides[] = {0.08, 0.12, 0.17, 0.24, 0.34, 0.48, 0.66};
constexpr double kShapes[] = {0.35, 0.6, 1, 1.7};
constexpr double kPlaces[] = {0.3, 0.5, 0.7};
// How far the surroundings reach beyond a box, in its own sides.
constexpr double kRing = 0.35;
// Larger regions of the same contrast are likelier meant: the power of their size.
constexpr double kSizePower = 0.15;
// The height of a look at a box, in boxes.
constexpr double kRoom = 2;

// 8 levels of light, 8 of each colour difference around grey.
constexpr size_t kBins = 512;
using Histogram = std::array<float, kBins>;

size_t bin_of(const Proxy& yuv, size_t i) {
  const auto level = [](int difference) {
    return static_cast<size_t>(std::clamp(difference / 8 + 4, 0, 7));
  };
  return (yuv.planes[0][i] / 32U * 8 + level(yuv.planes[1][i] - 128)) * 8 +
         level(yuv.planes[2][i] - 128);
}

struct Cells {
  int left, top, right, bottom;
};

Cells cells_of(const Box& box, const Proxy& yuv) {
  const auto cell = [](double share, int count) {
    return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * count));
  };
  return {cell(box.x, yuv.width), cell(box.y, yuv.height), cell(box.x + box.width, yuv.width),
          cell(box.y + box.height, yuv.height)};
}

// Adds the samples of a rectangle to a histogram, or with a factor of -1 takes them away.
void count(const std::vector<uint16_t>& bins, const Proxy& yuv, const Cells& cells, float factor,
           Histogram* histogram) {
  for (int y = cells.top; y < cells.bottom; ++y) {
    const auto row = static_cast<size_t>(y) * static_cast<size_t>(yuv.width);
    for (int x = cells.left; x < cells.right; ++x) {
      (*histogram)[bins[row + static_cast<size_t>(x)]] += factor;
    }
  }
}

// From 0 for equal shares to 1.
double distance(const Histogram& a, const Histogram& b) {
  float all_a = 0, all_b = 0;
  for (size_t i = 0; i < kBins; ++i) {
    all_a += a[i];
    all_b += b[i];
  }
  if (!(all_a > 0 && all_b > 0)) return 0;
  double sum = 0;
  for (size_t i = 0; i < kBins; ++i) {
    const double p = a[i] / all_a, q = b[i] / all_b;
    if (p + q > 0) sum += (p - q) * (p - q) / (p + q) / 2;
  }
  return sum;
}

// A window of this height and shape with the point in its middle, as far as the picture reaches.
Window window_around(Point point, double height, Size picture, double shape) {
  height = std::min({height, 1.0 * picture.height, picture.width / shape});
  const double width = height * shape;
  return {std::clamp(point.x * picture.width - width / 2, 0.0, picture.width - width),
          std::clamp(point.y * picture.height - height / 2, 0.0, picture.height - height), width,
          height};
}

}  // namespace

const Subject* smallest_around(const std::vector<Subject>& subjects, Point point) {
  const Subject* best = nullptr;
  for (const Subject& each : subjects) {
    const Box& box = each.box;
    const bool holds = point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y &&
                       point.y <= box.y + box.height;
    if (!holds) continue;
    if (best == nullptr || box.width * box.height < best->box.width * best->box.height)
      best = &each;
  }
  return best;
}

Box contrasting_box(const Proxy& yuv, Point point) {
  std::vector<uint16_t> bins(yuv.planes[0].size());
  for (size_t i = 0; i < bins.size(); ++i) bins[i] = static_cast<uint16_t>(bin_of(yuv, i));
  const double aspect = static_cast<double>(yuv.width) / yuv.height;
  Box best;
  double most = -1;
  for (const double side : kSides) {
    for (const double shape : kShapes) {
      const double height = shape < 1 ? side : side / shape;
      const double width = height * shape / aspect;
      for (const double across : kPlaces) {
        for (const double down : kPlaces) {
          const Box box{point.x - across * width, point.y - down * height, width, height};
          const Box around{box.x - kRing * width, box.y - kRing * height, (1 + 2 * kRing) * width,
                           (1 + 2 * kRing) * height};
          Histogram inside{}, outside{};
          const Cells cells = cells_of(box, yuv);
          count(bins, yuv, cells, 1, &inside);
          count(bins, yuv, cells_of(around, yuv), 1, &outside);
          count(bins, yuv, cells, -1, &outside);
          const double worth = distance(inside, outside) * std::pow(side, kSizePower);
          if (worth <= most) continue;
          most = worth;
          best = box;
        }
      }
    }
  }
  const double left = std::clamp(best.x, 0.0, 1.0), top = std::clamp(best.y, 0.0, 1.0);
  const double right = std::clamp(best.x + best.width, 0.0, 1.0);
  const double bottom = std::clamp(best.y + best.height, 0.0, 1.0);
  return {left, top, right - left, bottom - top};
}

std::vector<Window> closer_looks(Point point, Size picture, double shape) {
  std::vector<Window> windows;
  for (const double share : {0.6, 0.3, 0.15}) {
    windows.push_back(window_around(point, share * picture.height, picture, shape));
  }
  return windows;
}

Window room_around(const Box& box, Size picture, double shape) {
  const double width = box.width * picture.width, height = box.height * picture.height;
  const Point middle{box.x + box.width / 2, box.y + box.height / 2};
  return window_around(middle, kRoom * std::max(width / shape, height), picture, shape);
}

}  // namespace smartcrop
