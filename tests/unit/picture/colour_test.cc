// SPDX-License-Identifier: MIT
#include "picture/colour.h"

#include <gtest/gtest.h>

#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kSize{1920, 1080};

// The values of the BT.709 and BT.601 definitions, rounded.
TEST(Colour, FollowsTheStreamsMatrixRangeAndDepth) {
  smartcrop_stream stream = stream_of(yuv(1, 1, 8), kSize);
  stream.matrix = 1;
  EXPECT_EQ(samples_of({255, 0, 0}, stream), (std::array<double, 4>{63, 102, 240, 0}));
  EXPECT_EQ(samples_of({0, 0, 0}, stream), (std::array<double, 4>{16, 128, 128, 0}));
  EXPECT_EQ(samples_of({255, 255, 255}, stream), (std::array<double, 4>{235, 128, 128, 0}));
  stream.matrix = 6;
  EXPECT_EQ(samples_of({255, 0, 0}, stream), (std::array<double, 4>{81, 90, 240, 0}));
  stream.full_range = 1;
  EXPECT_EQ(samples_of({255, 0, 0}, stream), (std::array<double, 4>{76, 85, 255, 0}));
  stream.full_range = 0;
  stream.format.depth = 10;
  EXPECT_EQ(samples_of({255, 255, 255}, stream), (std::array<double, 4>{940, 512, 512, 0}));
  stream.format.depth = 16;
  EXPECT_EQ(samples_of({0, 0, 0}, stream), (std::array<double, 4>{4096, 32768, 32768, 0}));
}

TEST(Colour, OfRgbIsGreenBlueRedAndOpaque) {
  const smartcrop_stream eight = stream_of(rgb(8, 1), kSize);
  EXPECT_EQ(samples_of({10, 20, 30}, eight), (std::array<double, 4>{20, 30, 10, 255}));
  const auto floats = samples_of({255, 0, 51}, stream_of(rgb(32, 1), kSize));
  EXPECT_NEAR(floats[0], 0, 1e-6);
  EXPECT_NEAR(floats[1], 0.2, 1e-6);
  EXPECT_NEAR(floats[2], 1, 1e-6);
  EXPECT_EQ(floats[3], 1);
}

TEST(Colour, OfGreyIsItsLight) {
  EXPECT_EQ(samples_of({255, 255, 255}, stream_of(grey(8), kSize))[0], 235);
  smartcrop_stream full = stream_of(grey(12), kSize);
  full.full_range = 1;
  EXPECT_EQ(samples_of({255, 255, 255}, full)[0], 4095);
}

}  // namespace
}  // namespace smartcrop
