// SPDX-License-Identifier: MIT
#include "clip_motion/densest_box.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "picture/integral_image.h"

namespace smartcrop {
namespace {

constexpr double kTolerance = 0.1;
// What people film stands in the middle more often: motion counts by a Gaussian around it with this
// standard deviation, in shares of the sides.
constexpr double kMiddle = 0.35;
// Worths nearer to each other than this are equal: shares are floats, and sums in another order.
constexpr double kEqual = 1e-6;

// Least and greatest number of cells that a rectangle may have.
struct Areas {
  double least, most;
};

Areas allowed_areas(Size grid, double area) {
  const double wanted = area * grid.height * grid.width;
  const Areas near = {wanted * (1 - kTolerance), wanted * (1 + kTolerance)};
  double nearest = std::numeric_limits<double>::infinity();
  for (int height = 1; height <= grid.height; ++height) {
    for (int width = 1; width <= grid.width; ++width) {
      const double cells = static_cast<double>(height) * width;
      if (cells >= near.least && cells <= near.most) return near;
      nearest = std::min(nearest, std::abs(cells - wanted));
    }
  }
  return {wanted - nearest - kEqual, wanted + nearest + kEqual};  // cells
}

// Squared distance from the middle, in shares of the sides.
double off_middle(double x, double y, Size grid) {
  const double u = x / grid.width - 0.5, v = y / grid.height - 0.5;
  return u * u + v * v;
}

double off_middle(const CellBox& box, Size grid) {
  return off_middle(box.left + 0.5 * box.width, box.top + 0.5 * box.height, grid);
}

std::vector<float> weighted(std::vector<float> density, Size grid) {
  size_t i = 0;
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x, ++i) {
      const double off = off_middle(x + 0.5, y + 0.5, grid);
      density[i] *= static_cast<float>(std::exp(-off / (2 * kMiddle * kMiddle)));
    }
  }
  return density;
}

class Search {
 public:
  Search(const std::vector<float>& density, Size grid)
      : grid_(grid), sums_(density, grid), total_(sums_.sum({0, grid.width, 0, grid.height})) {}

  // All places of boxes of one size.
  void compare(int width, int height) {
    for (int top = 0; top + height <= grid_.height; ++top) {
      for (int left = 0; left + width <= grid_.width; ++left) compare({left, top, width, height});
    }
  }
  const CellBox& best() const { return best_; }

 private:
  double worth(const CellBox& box) const {
    const double sum = sums_.sum({box.left, box.left + box.width, box.top, box.top + box.height}) /
                       (total_ > 0 ? total_ : 1.0);
    return sum - static_cast<double>(box.width) * box.height / (grid_.width * grid_.height);
  }

  void compare(const CellBox& box) {
    const double worth = this->worth(box);
    if (worth < most_ - kEqual) return;
    if (worth <= most_ + kEqual) {
      if (off_middle(box, grid_) >= off_middle(best_, grid_) - kEqual) return;
    }
    most_ = std::max(most_, worth);
    best_ = box;
  }

  Size grid_;
  IntegralImage sums_;
  double total_;
  double most_ = -std::numeric_limits<double>::infinity();
  CellBox best_;
};

}  // namespace

CellBox densest_box(const std::vector<float>& density, Size grid, double area) {
  const Areas areas = allowed_areas(grid, area);
  Search found(weighted(density, grid), grid);
  for (int height = 1; height <= grid.height; ++height) {
    for (int width = 1; width <= grid.width; ++width) {
      const double cells = static_cast<double>(height) * width;
      if (cells >= areas.least && cells <= areas.most) found.compare(width, height);
    }
  }
  return found.best();
}

}  // namespace smartcrop
