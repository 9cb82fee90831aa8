// SPDX-License-Identifier: MIT
#include "map_bytes.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace smartcrop {
namespace {

HeatMap random_map(unsigned seed) {
  std::mt19937 random(seed);
  std::gamma_distribution<float> draw(0.3F, 1.0F);
  HeatMap map;
  map.width = 64;
  map.height = 36;
  for (int i = 0; i < 64 * 36; ++i) map.values.push_back(draw(random));
  const float sum = std::accumulate(map.values.begin(), map.values.end(), 0.0F);
  for (float& value : map.values) value /= sum;
  map.confidence = 0.5F;
  return map;
}

TEST(MapBytes, ARoundedMapSumsToOneAndIsNearWhatItWas) {
  const HeatMap map = random_map(1);
  HeatMap rounded = map;
  round_to_bytes(&rounded);
  const double sum = std::accumulate(rounded.values.begin(), rounded.values.end(), 0.0);
  EXPECT_NEAR(sum, 1, 1e-5);
  const float largest = *std::max_element(map.values.begin(), map.values.end());
  for (size_t i = 0; i < map.values.size(); ++i) {
    ASSERT_NEAR(rounded.values[i], map.values[i], largest / 100);
  }
}

TEST(MapBytes, WhatIsRoundedIsGivenBackByItsBytesToTheBit) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    HeatMap map = random_map(seed);
    round_to_bytes(&map);
    HeatMap again = map;
    round_to_bytes(&again);
    ASSERT_EQ(again.values, map.values) << "seed " << seed;
    again.values.clear();
    set_bytes(bytes_of(map).data(), &again);
    ASSERT_EQ(again.values, map.values) << "seed " << seed;
  }
}

TEST(MapBytes, AnEvenMapStaysEven) {
  HeatMap map;
  map.width = map.height = 4;
  map.values.assign(16, 1.0F / 16);
  round_to_bytes(&map);
  EXPECT_EQ(map.values, std::vector<float>(16, 1.0F / 16));
}

TEST(MapBytes, TheLargestIs255AndWhatIsBelowHalfAStepIs0) {
  HeatMap map;
  map.width = 4;
  map.height = 1;
  map.values = {0.5F, 0.5F * 0.49F / 255, 0.5F * 0.51F / 255, 0.25F};
  EXPECT_EQ(bytes_of(map), (std::vector<uint8_t>{255, 0, 1, 128}));
}

}  // namespace
}  // namespace smartcrop
