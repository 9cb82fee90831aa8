// SPDX-License-Identifier: MIT
#include "stage1_proxy/pictures.h"

#include <gtest/gtest.h>

#include <random>

#include "error.h"
#include "stage1_proxy/proxy.h"
#include "stage1_proxy/thin_luma.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kSize{160, 90};

TestPicture random_picture(const smartcrop_pixel_format& format, unsigned seed,
                           Placement placement = Placement::kAligned) {
  TestPicture picture(format, kSize, placement);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(0, peak(format));
  picture.fill_all([&](int, int) { return value(random); });
  return picture;
}

bool are_equal(const Proxy& a, const Proxy& b) {
  return a.width == b.width && a.height == b.height && a.planes == b.planes;
}

TEST(Pictures, AreWhatAProxyMakerMakes) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    const smartcrop_stream stream = stream_of(format, kSize);
    const TestPicture picture = random_picture(format, 1);
    const auto frames = open_frames(stream);
    frames->show(picture.frame());
    Proxy wanted;
    ProxyMaker(stream, proxy_size(stream), ProxyColour::kYuv).make(picture.frame(), &wanted);
    EXPECT_TRUE(are_equal(frames->proxy(), wanted)) << describe(format, kSize);
    for (const Size size : {Size{64, 48}, Size{96, 54}}) {
      ProxyMaker(stream, size, ProxyColour::kRgb).make(picture.frame(), &wanted);
      EXPECT_TRUE(are_equal(frames->rgb(size), wanted)) << describe(format, kSize);
    }
  }
}

TEST(Pictures, OfOneSizeAreMadeOnceAFrameAndAnewForTheNext) {
  const smartcrop_pixel_format format = yuv(1, 1, 8);
  const auto frames = open_frames(stream_of(format, kSize));
  const TestPicture one = random_picture(format, 1), two = random_picture(format, 2);
  frames->show(one.frame());
  const Proxy* const first = &frames->rgb({64, 48});
  const Proxy before = *first;
  frames->rgb({32, 24});     // another size between
  TestPicture shared = one;  // a copy has the same samples
  shared.fill(0, [](int, int) { return 0; });
  EXPECT_EQ(&frames->rgb({64, 48}), first);
  EXPECT_TRUE(are_equal(*first, before)) << "it was made again";
  frames->show(two.frame());
  EXPECT_FALSE(are_equal(frames->rgb({64, 48}), before));
  const std::vector<uint8_t> thin = frames->thin_luma(2);
  const TestPicture three = random_picture(format, 3);
  frames->show(three.frame());
  EXPECT_NE(frames->thin_luma(2), thin);
}

// A source may ask for the first time in the middle of a run, where an error would be a failure.
TEST(Pictures, OfAnySizeAreMadeOfWhateverCanBeOpened) {
  for (const Size picture : {Size{1, 1}, Size{2, 999}, Size{4000, 2}, Size{161, 91}}) {
    for (const smartcrop_pixel_format& format : {yuv(1, 1, 8), yuv(2, 2, 10), rgb(16), grey(32)}) {
      const TestPicture source(format, picture, Placement::kTight);
      const auto frames = open_frames(stream_of(format, picture));
      frames->show(source.frame());
      for (const Size size : {Size{1, 1}, Size{1, 700}, Size{320, 1}, Size{1024, 1024}}) {
        EXPECT_EQ(frames->rgb(size).width, size.width);
        EXPECT_EQ(frames->rgb(size).planes[2].size(), size_t(size.width) * size_t(size.height));
      }
    }
  }
  EXPECT_THROW(open_frames(stream_of(yuv(3, 0, 8), kSize)), Error);
  EXPECT_THROW(open_frames(stream_of(yuv(1, 1, 8), {0, 90})), Error);
}

TEST(Pictures, GiveTheSamplesOfRowsAndColumnsInLevelsOf8Bits) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (const Placement placement : {Placement::kTight, Placement::kOdd, Placement::kUpwards}) {
      const TestPicture picture = random_picture(format, 4, placement);
      const auto frames = open_frames(stream_of(format, kSize));
      frames->show(picture.frame());
      const LumaLines rows{true, {89, 0, 7}, 5, 158, 9}, columns{false, {159, 2}, 0, 90, 4};
      ASSERT_EQ(rows.samples(), 17);
      ASSERT_EQ(columns.samples(), 23);
      const std::vector<float> along = frames->luma_of(rows), down = frames->luma_of(columns);
      ASSERT_EQ(along.size(), 3u * 17);
      ASSERT_EQ(down.size(), 2u * 23);
      const double scale = 255 / peak(format);
      for (int i = 0; i < 17; ++i) {
        ASSERT_NEAR(along[size_t(i)], picture.get(0, 5 + 9 * i, 89) * scale, 1e-3);
        ASSERT_NEAR(along[size_t(34 + i)], picture.get(0, 5 + 9 * i, 7) * scale, 1e-3);
      }
      for (int i = 0; i < 23; ++i) {
        ASSERT_NEAR(down[size_t(23 + i)], picture.get(0, 2, 4 * i) * scale, 1e-3);
      }
    }
  }
}

TEST(Pictures, ThinLumaToTheMeanOfTwoOfEachSquare) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    for (const int factor : {1, 3, 4}) {
      const TestPicture picture = random_picture(format, 5, Placement::kTight);
      const auto frames = open_frames(stream_of(format, kSize));
      frames->show(picture.frame());
      const std::vector<uint8_t>& thin = frames->thin_luma(factor);
      const Size size = thinned_size(kSize, factor);
      ASSERT_EQ(thin.size(), size_t(size.width) * size_t(size.height));
      for (int i = 0; i < size.width * size.height; ++i) {
        const int x = i % size.width * factor, y = i / size.width * factor + factor / 2;
        const double mean = (picture.get(0, x, y) + picture.get(0, x + factor / 2, y)) / 2;
        ASSERT_NEAR(thin[size_t(i)], mean * 255 / peak(format), 1.01) << describe(format, kSize);
      }
    }
  }
}

TEST(SideData, IsWhatCameWithTheFrame) {
  const smartcrop_box boxes[2] = {};
  const smartcrop_motion_vector vectors[3] = {};
  smartcrop_frame frame{};
  EXPECT_EQ(side_data_of(frame).boxes, nullptr);
  EXPECT_FALSE(side_data_of(frame).is_bidirectional);
  frame.flags = SMARTCROP_FRAME_BIDIRECTIONAL | SMARTCROP_FRAME_INTERLACED;
  frame.boxes = boxes;
  frame.box_count = 2;
  frame.motion_vectors = vectors;
  frame.motion_vector_count = 3;
  const SideData side = side_data_of(frame);
  EXPECT_TRUE(side.is_bidirectional);
  EXPECT_EQ(side.boxes, boxes);
  EXPECT_EQ(side.box_count, 2);
  EXPECT_EQ(side.vectors, vectors);
  EXPECT_EQ(side.vector_count, 3);
}

}  // namespace
}  // namespace smartcrop
