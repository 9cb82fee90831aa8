// SPDX-License-Identifier: MIT
#include "clip_motion/densest_box.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>

namespace smartcrop {
namespace {

constexpr Size kGrid = {8, 6};

std::vector<float> even(Size grid) {
  return std::vector<float>(static_cast<size_t>(grid.width * grid.height), 1.0f);
}

float& at(std::vector<float>* density, int x, int y, Size grid = kGrid) {
  return (*density)[static_cast<size_t>(y * grid.width + x)];
}

bool holds(const CellBox& box, int x, int y) {
  return x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
}

void expect_box(const CellBox& box, const CellBox& wanted) {
  EXPECT_EQ(box.left, wanted.left);
  EXPECT_EQ(box.top, wanted.top);
  EXPECT_EQ(box.width, wanted.width);
  EXPECT_EQ(box.height, wanted.height);
}

// ---- the search as it is told, without any sum that is used twice -------------------------------

using Visit = std::function<void(const CellBox&)>;

void each_box(Size grid, const Visit& visit) {
  for (int height = 1; height <= grid.height; ++height) {
    for (int width = 1; width <= grid.width; ++width) {
      for (int top = 0; top + height <= grid.height; ++top) {
        for (int left = 0; left + width <= grid.width; ++left) visit({left, top, width, height});
      }
    }
  }
}

double sum_of(const std::vector<double>& values, const CellBox& box, Size grid) {
  double sum = 0;
  for (int y = box.top; y < box.top + box.height; ++y) {
    for (int x = box.left; x < box.left + box.width; ++x) {
      sum += values[static_cast<size_t>(y * grid.width + x)];
    }
  }
  return sum;
}

double off_middle(double x, double y, Size grid) {
  return std::pow(x / grid.width - 0.5, 2) + std::pow(y / grid.height - 0.5, 2);
}

// Cells that a box is off the wanted area, 0 within the tolerance.
double off_area(const CellBox& box, Size grid, double area) {
  const double wanted = area * grid.height * grid.width;
  const double cells = box.width * box.height;
  const bool near = cells >= wanted * 0.9 && cells <= wanted * 1.1;
  return near ? 0 : std::abs(cells - wanted);
}

std::vector<double> weighted(const std::vector<float>& density, Size grid) {
  std::vector<double> values(density.begin(), density.end());
  for (size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i % static_cast<size_t>(grid.width)) + 0.5;
    const double y = static_cast<double>(i / static_cast<size_t>(grid.width)) + 0.5;
    values[i] *= std::exp(-off_middle(x, y, grid) / (2 * 0.35 * 0.35));
  }
  return values;
}

struct Best {
  CellBox box;
  double worth = -1e9;
};

// The first of the boxes nearest to the area that is worth the most.
Best brute_force(Size grid, double area, const std::function<double(const CellBox&)>& worth_of) {
  double least_off = 1e9;
  each_box(grid,
           [&](const CellBox& box) { least_off = std::min(least_off, off_area(box, grid, area)); });
  Best best;
  each_box(grid, [&](const CellBox& box) {
    if (off_area(box, grid, area) > least_off + 1e-6) return;
    const double worth = worth_of(box);
    if (worth > best.worth) best = {box, worth};
  });
  return best;
}

// ---- tests --------------------------------------------------------------------------------------

class RandomDensity : public testing::Test {
 protected:
  RandomDensity() : seed_(std::random_device()()), random_(seed_) {}
  int any(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
  std::string run(int number, Size grid, double area) const {
    return "seed " + std::to_string(seed_) + ", run " + std::to_string(number) + ", " +
           std::to_string(grid.width) + " x " + std::to_string(grid.height) + ", area " +
           std::to_string(area);
  }
  unsigned seed_;
  std::mt19937 random_;
};

TEST_F(RandomDensity, NoRectangleIsWorthMoreThanTheOneFound) {
  for (int i = 0; i < 1000; ++i) {
    const Size grid = {any(1, 12), any(1, 9)};
    const double area = any(1, 100) / 100.0;
    SCOPED_TRACE(run(i, grid, area));
    std::vector<float> density = even(grid);
    // Powers: some are nearly even, some have a few peaks.
    const auto sharpness = static_cast<float>(any(0, 8));
    for (float& value : density) {
      value = std::pow(static_cast<float>(any(1, 1000)) / 1000.0f, sharpness);
    }
    const std::vector<double> values = weighted(density, grid);
    const double all = sum_of(values, {0, 0, grid.width, grid.height}, grid);
    const auto worth_of = [&](const CellBox& box) {
      return sum_of(values, box, grid) / all -
             static_cast<double>(box.width * box.height) / (grid.width * grid.height);
    };
    const Best best = brute_force(grid, area, worth_of);
    const CellBox found = densest_box(density, grid, area);
    EXPECT_GE(worth_of(found), best.worth - 3e-6);
    EXPECT_NEAR(off_area(found, grid, area), off_area(best.box, grid, area), 1e-6);
  }
}

TEST(DensestBox, HoldsWhatMoves) {
  for (const CellBox& peak : {CellBox{0, 0, 2, 2}, CellBox{6, 4, 2, 2}, CellBox{3, 2, 2, 2}}) {
    std::vector<float> density = even(kGrid);
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 2; ++x) at(&density, peak.left + x, peak.top + y) = 30;
    }
    const CellBox box = densest_box(density, kGrid, 0.25);
    EXPECT_TRUE(holds(box, peak.left, peak.top) && holds(box, peak.left + 1, peak.top + 1));
  }
}

TEST(DensestBox, LiesInTheMiddleWhereNothingIsDenser) {
  const CellBox box = densest_box(even(kGrid), kGrid, 0.5);
  EXPECT_LE(std::abs(2 * box.left + box.width - kGrid.width), 1);
  EXPECT_LE(std::abs(2 * box.top + box.height - kGrid.height), 1);
}

TEST(DensestBox, KeepsWithinATenthOfTheArea) {
  for (const double area : {0.25, 0.5, 0.6, 0.75, 0.9, 1.0}) {
    const CellBox box = densest_box(even(kGrid), kGrid, area);
    EXPECT_LE(std::abs(box.width * box.height / 48.0 - area), 0.1 * area + 1e-9);
  }
}

TEST(DensestBox, TakesTheNearestAreaThereIs) {
  // Of 2 x 2 cells 0.6 are 2.4, of which no rectangle is within a tenth.
  const Size grid = {2, 2};
  const CellBox box = densest_box({1, 5, 1, 5}, grid, 0.6);
  expect_box(box, {1, 0, 1, 2});
  expect_box(densest_box({0, 0, 0, 1}, grid, 0.01), {1, 1, 1, 1});
}

}  // namespace
}  // namespace smartcrop
