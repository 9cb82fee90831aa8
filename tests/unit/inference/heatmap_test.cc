// SPDX-License-Identifier: MIT
#include "inference/heatmap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "inference/heatmap_measures.h"
#include "stage2_evidence/concentration.h"

namespace smartcrop {
namespace {

constexpr Size kGrid{64, 36};

HeatMap random_map(int width, int height, unsigned* seed) {
  HeatMap map;
  map.width = width;
  map.height = height;
  double sum = 0;
  for (int i = 0; i < width * height; ++i) {
    *seed = *seed * 1664525u + 1013904223u;
    map.values.push_back(static_cast<float>(*seed >> 8));
    sum += map.values.back();
  }
  for (float& value : map.values) value = static_cast<float>(value / sum);
  return map;
}

TEST(HeatMapTest, ResamplingKeepsTheMassOfEachPartOnFinerAndCoarserGrids) {
  unsigned seed = 7;
  for (const Size size : {Size{20, 15}, Size{64, 36}, Size{2, 2}, Size{160, 90}, Size{37, 41}}) {
    const HeatMap map = random_map(size.width, size.height, &seed);
    const HeatMap fine = resample_map(map, MapRegion(), kGrid);
    EXPECT_NEAR(sum(fine), 1, 1e-5);
    // A linear interpolation moves no centre of mass, but for half a cell at the edges.
    const double tolerance = 0.5 / size.width / size.width + 0.5 / size.height / size.height + 1e-4;
    EXPECT_NEAR(centre(fine).first, centre(map).first, tolerance) << size.width;
    EXPECT_NEAR(centre(fine).second, centre(map).second, tolerance) << size.height;
  }
}

TEST(HeatMapTest, ResamplingAnEvenMapIsEven) {
  HeatMap even;
  even.width = 7;
  even.height = 5;
  even.values.assign(35, 1.0f / 35);
  for (const Size grid : {kGrid, Size{3, 2}, Size{7, 5}, Size{100, 1}}) {
    for (const MapRegion& region : {MapRegion(), MapRegion{0.1, 0.25, 0.9, 0.75}}) {
      const HeatMap map = resample_map(even, region, grid);
      const float share = 1.0f / static_cast<float>(map.values.size());
      for (const float value : map.values) EXPECT_NEAR(value, share, share * 1e-4f);
    }
  }
}

TEST(HeatMapTest, RegionWithoutMassSaysNothing) {
  HeatMap corner;
  corner.width = corner.height = 8;
  corner.confidence = 1;
  corner.values.assign(64, 0);
  corner.values[0] = 1;
  const HeatMap map = resample_map(corner, {0.5, 0.5, 1, 1}, kGrid);
  EXPECT_EQ(map.confidence, 0);
  EXPECT_NEAR(sum(map), 1, 1e-5);
}

TEST(HeatMapTest, ConcentrationIsWhatTheMapLeavesFreeOnAnyGrid) {
  for (const size_t count : {size_t{100}, size_t{10000}}) {
    std::vector<float> shares(count, 1.0f / static_cast<float>(count));
    EXPECT_NEAR(concentration(shares), 0, 1e-4);
    shares.assign(count, 0);
    shares[count / 2] = 1;
    EXPECT_NEAR(concentration(shares), 1, 1e-6);
    shares.assign(count, 0);
    std::fill_n(shares.begin(), count / 5, 5.0f / static_cast<float>(count));
    EXPECT_NEAR(concentration(shares), 0.8, 0.01) << count;
  }
}

}  // namespace
}  // namespace smartcrop
