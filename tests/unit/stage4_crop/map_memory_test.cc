// SPDX-License-Identifier: MIT
#include "stage4_crop/map_memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace smartcrop {
namespace {

constexpr double kLook_s = 0.25;
constexpr int kAMinute = 240;

// Two places, and nothing between them.
HeatMap two(float left) {
  HeatMap map{8, 4, std::vector<float>(32, 0.0F), 1};
  map.values[1] = left;
  map.values[6] = 1 - left;
  return map;
}

float left_share(const HeatMap& map) { return map.values[1] / (map.values[1] + map.values[6]); }

HeatMap after(int looks, const HeatMap& before, const HeatMap& now, int32_t shot_now = 0) {
  MapMemory memory;
  for (int i = 0; i < looks; ++i) memory.blend(before, kLook_s, 0);
  return memory.blend(now, kLook_s, shot_now);
}

TEST(MapMemory, LeavesASteadyMapAsItIs) {
  const HeatMap map = two(0.7F), blended = after(20, map, map);
  for (size_t i = 0; i < map.values.size(); ++i) {
    EXPECT_NEAR(blended.values[i], map.values[i], 1e-6);
  }
}

TEST(MapMemory, LeansTowardsWhatCountedBefore) {
  const float share = left_share(after(kAMinute, two(1), two(0.5F)));
  EXPECT_GT(share, 0.6F);
  EXPECT_LT(share, 0.8F);
  EXPECT_GT(share, left_share(after(kAMinute / 12, two(0.8F), two(0.5F))));
}

TEST(MapMemory, GivesWayToWhatAloneCountsNow) {
  EXPECT_EQ(left_share(after(kAMinute, two(1), two(0))), 0);
}

TEST(MapMemory, TakesUpWhatLasts) {
  MapMemory memory;
  for (int i = 0; i < kAMinute; ++i) memory.blend(two(1), kLook_s, 0);
  float share = 1;
  for (int i = 0; i < 4 * kAMinute; ++i) {
    const float now = left_share(memory.blend(two(0.4F), kLook_s, 0));
    EXPECT_LE(now, share + 1e-6F);
    share = now;
  }
  EXPECT_NEAR(share, 0.4F, 0.01F);
}

TEST(MapMemory, BeginsAnewInEachShot) {
  EXPECT_FLOAT_EQ(left_share(after(kAMinute, two(1), two(0.5F), 1)), 0.5F);
}

}  // namespace
}  // namespace smartcrop
