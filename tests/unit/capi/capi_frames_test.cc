// SPDX-License-Identifier: MIT
// The C interface: frames in, windows, maps and boxes out.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "capi/capi_fixture.h"
#include "smartcrop/smartcrop.h"
#include "synthetic_clip.h"

namespace smartcrop {
namespace {

TEST_F(CInterface, NeedsEveryPlaneOfAFrame) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    smartcrop_close(&context_);
    stream_ = stream_of(format, kPicture);
    ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
    const TestPicture picture(format, kPicture);
    for (int plane = 0; plane < picture.planes(); ++plane) {
      smartcrop_frame frame = picture.frame();
      frame.data[plane] = nullptr;
      expect_refused(smartcrop_send(context_, &frame));
    }
    const smartcrop_frame frame = picture.frame();
    EXPECT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
    receive();
  }
}

TEST_F(CInterface, RefusesAFrameWhoseRowsWouldOverlap) {
  for (const smartcrop_pixel_format& format : many_formats()) {
    smartcrop_close(&context_);
    stream_ = stream_of(format, kPicture);
    ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
    const TestPicture picture(format, kPicture);
    const ptrdiff_t sample = picture.layout().sample_bytes;
    for (int plane = 0; plane < picture.planes(); ++plane) {
      const ptrdiff_t row = picture.size(plane).width * sample;
      const ptrdiff_t least = std::numeric_limits<ptrdiff_t>::min();
      for (const ptrdiff_t stride : {ptrdiff_t{0}, row - 1, 1 - row, ptrdiff_t{1}}) {
        smartcrop_frame frame = picture.frame();
        frame.stride[plane] = stride;
        expect_refused(smartcrop_send(context_, &frame));
        EXPECT_NE(std::string(smartcrop_last_error()).find("stride of " + std::to_string(stride)),
                  std::string::npos)
            << smartcrop_last_error();
      }
      ASSERT_LT(least, -row) << "and is longer than a row";
    }
    const TestPicture upwards(format, kPicture, Placement::kUpwards);
    const smartcrop_frame frame = upwards.frame();
    ASSERT_LT(frame.stride[0], 0);
    EXPECT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK) << smartcrop_last_error();
    EXPECT_EQ(receive().frame, 0) << "refused frames are not counted";
  }
}

TEST_F(CInterface, RefusesToRenderFromAndIntoRowsThatWouldOverlap) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(send(700), SMARTCROP_OK);
  const smartcrop_decision decision = receive();
  const Size size{static_cast<int>(decision.width), static_cast<int>(decision.height)};
  TestPicture target(yuv(1, 1, 8), size);
  for (int plane = 0; plane < 3; ++plane) {
    smartcrop_frame frame = picture_.frame();
    smartcrop_picture picture = target.picture();
    frame.stride[plane] = picture_.size(plane).width - 1;
    expect_refused(smartcrop_render(context_, &decision, &frame, &picture));
    frame = picture_.frame();
    picture.stride[plane] = 1 - target.size(plane).width;
    expect_refused(smartcrop_render(context_, &decision, &frame, &picture));
    picture.struct_size = sizeof(size_t);  // says that there are no planes
    expect_refused(smartcrop_render(context_, &decision, &frame, &picture));
  }
  EXPECT_TRUE(target.is_padding_intact());
}

TEST_F(CInterface, RefusesToRenderAWindowThatIsNotInsideThePicture) {
  set("size", "36x64");
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(send(700), SMARTCROP_OK);
  const smartcrop_decision good = receive();
  TestPicture target(yuv(1, 1, 8), {36, 64});
  const smartcrop_frame frame = picture_.frame();
  const smartcrop_picture picture = target.picture();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double wrong : {nan, infinity, -infinity, -1.0, 161.0, 1e300, -1e300}) {
    for (double smartcrop_decision::*member :
         {&smartcrop_decision::x, &smartcrop_decision::y, &smartcrop_decision::width,
          &smartcrop_decision::height}) {
      smartcrop_decision bad = good;
      bad.*member = wrong;
      expect_refused(smartcrop_render(context_, &bad, &frame, &picture));
      expect_refused(smartcrop_is_exact(context_, &bad, nullptr, nullptr));
    }
  }
  smartcrop_decision tiny = good;
  for (const double side : {1e-3, 0.1, 1.0}) {
    tiny.width = tiny.height = side;
    EXPECT_EQ(smartcrop_render(context_, &tiny, &frame, &picture), SMARTCROP_OK)
        << side << ": " << smartcrop_last_error();
  }
  EXPECT_TRUE(target.is_padding_intact());
}

TEST_F(CInterface, TakesTimeStampsThatLieAsFarApartAsTheyCan) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  const int64_t most = std::numeric_limits<int64_t>::max();
  for (const int64_t pts :
       {SMARTCROP_NO_PTS + 1, int64_t{-1}, int64_t{0}, most, most, SMARTCROP_NO_PTS + 1}) {
    ASSERT_EQ(send(500, pts), SMARTCROP_OK) << smartcrop_last_error();
    EXPECT_EQ(receive().pts, pts);
  }
}

TEST_F(CInterface, CropsExactWindowsByMovingPointersAndRendersTheSame) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(send(700), SMARTCROP_OK);
  const smartcrop_decision decision = receive();
  int x = -1, y = -1;
  ASSERT_EQ(smartcrop_is_exact(context_, &decision, &x, &y), 1);
  ASSERT_EQ(smartcrop_is_exact(context_, &decision, nullptr, nullptr), 1);
  EXPECT_EQ(x, decision.x);
  EXPECT_EQ(y, decision.y);
  const Size size{static_cast<int>(decision.width), static_cast<int>(decision.height)};
  TestPicture target(yuv(1, 1, 8), size);
  const smartcrop_frame frame = picture_.frame();
  const smartcrop_picture picture = target.picture();
  ASSERT_EQ(smartcrop_render(context_, &decision, &frame, &picture), SMARTCROP_OK);
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int row = 0; row < target.size(plane).height; ++row) {
      for (int column = 0; column < target.size(plane).width; ++column) {
        ASSERT_EQ(target.get(plane, column, row),
                  picture_.get(plane, column + (x >> shift), row + (y >> shift)));
      }
    }
  }
}

TEST_F(CInterface, ResamplesAWindowThatIsScaled) {
  set("size", "36x64");
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(send(700), SMARTCROP_OK);
  const smartcrop_decision decision = receive();
  EXPECT_EQ(smartcrop_is_exact(context_, &decision, nullptr, nullptr), 0);
  TestPicture target(yuv(1, 1, 8), {36, 64});
  const smartcrop_frame frame = picture_.frame();
  smartcrop_picture picture = target.picture();
  EXPECT_EQ(smartcrop_render(context_, &decision, &frame, &picture), SMARTCROP_OK);
  EXPECT_TRUE(target.is_padding_intact());
  picture.data[1] = nullptr;
  expect_refused(smartcrop_render(context_, &decision, &frame, &picture));
}

TEST_F(CInterface, ShowsTheMapBehindADecision) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  const float* values = nullptr;
  int width = 0, height = 0;
  EXPECT_EQ(smartcrop_last_map(context_, &values, &width, &height), SMARTCROP_AGAIN);
  ASSERT_EQ(send(800), SMARTCROP_OK);
  receive();
  ASSERT_EQ(smartcrop_last_map(context_, &values, &width, &height), SMARTCROP_OK);
  ASSERT_GT(width, 1);
  ASSERT_GT(height, 1);
  double sum = 0, right = 0;
  for (int i = 0; i < width * height; ++i) {
    EXPECT_GE(values[i], 0);
    sum += values[i];
    if (i % width >= width / 2) right += values[i];
  }
  EXPECT_NEAR(sum, 1, 1e-3);
  EXPECT_GT(right, 0.5) << "the subject is on the right";
  ASSERT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
  EXPECT_EQ(smartcrop_last_map(context_, &values, &width, &height), SMARTCROP_AGAIN);
}

TEST_F(CInterface, GivesBackTheBoxesOfAFrame) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  const smartcrop_box* known = nullptr;
  int count = -1;
  EXPECT_EQ(smartcrop_last_regions(context_, sizeof(*known), &known, &count), SMARTCROP_AGAIN);
  const smartcrop_box boxes[] = {{-10, 9, 90, 18, 2, 1, 0}};
  const TestPicture picture = scene(500);
  smartcrop_frame frame = picture.frame();
  frame.pts = SMARTCROP_NO_PTS;
  frame.boxes = boxes;
  frame.box_size = sizeof(smartcrop_box);
  frame.box_count = 1;
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK) << smartcrop_last_error();
  receive();
  ASSERT_EQ(smartcrop_last_regions(context_, sizeof(*known), &known, &count), SMARTCROP_OK);
  ASSERT_EQ(count, 1);
  EXPECT_DOUBLE_EQ(known[0].x, 0) << "clipped";
  EXPECT_DOUBLE_EQ(known[0].width, 80);
  EXPECT_DOUBLE_EQ(known[0].y, 9);
  EXPECT_EQ(known[0].weight, 2);
  EXPECT_EQ(known[0].required, 1);
  EXPECT_EQ(known[0].kind, SMARTCROP_BOX_CALLER);
  frame.box_count = 0;  // there are none any more
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
    receive();
  }
  ASSERT_EQ(smartcrop_last_regions(context_, sizeof(*known), &known, &count), SMARTCROP_OK);
  EXPECT_EQ(count, 0);
}

TEST_F(CInterface, RefusesAFrameWithABoxThatIsNoneAndGoesOn) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  smartcrop_box box{0, 0, 0, 18, 1, 0, 0};
  const TestPicture picture = scene(500);
  smartcrop_frame frame = picture.frame();
  frame.pts = SMARTCROP_NO_PTS;
  frame.boxes = &box;
  frame.box_size = sizeof(box);
  frame.box_count = 1;
  expect_refused(smartcrop_send(context_, &frame));
  EXPECT_STREQ(smartcrop_last_error(),
               "box 0 of the frame has width 0, not a number of pixels above 0");
  box.width = 5;
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
  EXPECT_EQ(receive().frame, 0) << "the refused frame was not counted";
}

TEST_F(CInterface, DecidesAFrameOfOnePixel) {
  stream_ = stream_of(grey(8), {1, 1});
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  const TestPicture picture(grey(8), {1, 1}, Placement::kTight);
  const smartcrop_frame frame = picture.frame();
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK) << smartcrop_last_error();
  const smartcrop_decision decision = receive();
  EXPECT_EQ(decision.x, 0);
  EXPECT_EQ(decision.width, 1);
}

}  // namespace
}  // namespace smartcrop
