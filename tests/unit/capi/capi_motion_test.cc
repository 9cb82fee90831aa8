// SPDX-License-Identifier: MIT
// The C interface: where a clip moves.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "smartcrop/clip_motion.h"
#include "stage2_evidence/motion/vector_fixture.h"

namespace smartcrop {
namespace {

using vectors::blocks;
using vectors::frame_of;
using vectors::List;
using vectors::square;

class ClipMotionInterface : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(smartcrop_clip_motion_open(&clip_, 640, 360), SMARTCROP_OK);
    settings_.struct_size = sizeof(settings_);
    settings_.rows = 6;
    settings_.columns = 8;
    settings_.samples = 1000;
    values_.resize(48);
  }
  void TearDown() override {
    smartcrop_clip_motion_close(&clip_);
    EXPECT_EQ(clip_, nullptr);
    smartcrop_clip_motion_close(&clip_);
    smartcrop_clip_motion_close(nullptr);
  }
  void add_square(int frames) {
    const List list = blocks(square(400, 200, {2, 0}, {5, 3}), 1);
    const smartcrop_frame frame = frame_of(list);
    for (int i = 0; i < frames; ++i) {
      ASSERT_EQ(smartcrop_clip_motion_add(clip_, &frame), SMARTCROP_OK);
    }
  }
  int density() { return smartcrop_clip_motion_density(clip_, &settings_, values_.data()); }

  smartcrop_clip_motion* clip_ = nullptr;
  smartcrop_density_settings settings_{};
  std::vector<float> values_;
};

void expect_refused(int status, const std::string& word) {
  EXPECT_EQ(status, SMARTCROP_ERROR_ARGUMENT);
  EXPECT_NE(std::string(smartcrop_last_error()).find(word), std::string::npos)
      << smartcrop_last_error();
}

TEST_F(ClipMotionInterface, FindsTheBoxOfAClip) {
  EXPECT_EQ(density(), SMARTCROP_AGAIN);
  add_square(10);
  ASSERT_EQ(density(), SMARTCROP_OK);
  EXPECT_NEAR(std::accumulate(values_.begin(), values_.end(), 0.0f), 1, 1e-5);
  int box[4] = {};
  ASSERT_EQ(smartcrop_densest_box(values_.data(), 6, 8, 0.25, box), SMARTCROP_OK);
  // In cells of 80 x 60 pixels.
  EXPECT_LE(box[0] * 80, 400);
  EXPECT_LE(box[1] * 60, 200);
  EXPECT_GE((box[0] + box[2]) * 80, 496);
  EXPECT_GE((box[1] + box[3]) * 60, 296);
  int64_t frames = 0, vectors = 0;
  ASSERT_EQ(smartcrop_clip_motion_counts(clip_, &frames, &vectors), SMARTCROP_OK);
  EXPECT_EQ(frames, 10);
  EXPECT_EQ(vectors, 10 * 40 * 22);
}

TEST_F(ClipMotionInterface, LendsTheMotionOfTheLastFrame) {
  const smartcrop_motion_vector* last = nullptr;
  int count = -1;
  float camera[6] = {};
  ASSERT_EQ(smartcrop_clip_motion_last(clip_, sizeof(*last), &last, &count, camera), SMARTCROP_OK);
  EXPECT_EQ(count, 0);
  add_square(1);
  ASSERT_EQ(smartcrop_clip_motion_last(clip_, sizeof(*last), &last, &count, camera), SMARTCROP_OK);
  ASSERT_EQ(count, 40 * 22);
  EXPECT_NEAR(camera[0], 2, 0.1);
  EXPECT_NEAR(camera[3], 0, 0.1);
  for (int i = 0; i < count; ++i) {
    const bool in_x = last[i].x >= 400 && last[i].x < 496;
    const bool inside = in_x && last[i].y >= 200 && last[i].y < 296;
    EXPECT_NEAR(last[i].dx, inside ? 3 : 0, 0.3);
    EXPECT_NEAR(last[i].dy, inside ? 3 : 0, 0.3);
  }
}

TEST_F(ClipMotionInterface, SaysWhichNumberIsOutOfRange) {
  smartcrop_clip_motion* none = nullptr;
  expect_refused(smartcrop_clip_motion_open(&none, 0, 360), "width is 0");
  expect_refused(smartcrop_clip_motion_open(&none, 640, 70000), "height is 70000");
  expect_refused(smartcrop_clip_motion_open(nullptr, 640, 360), "place");
  EXPECT_EQ(none, nullptr);
  add_square(1);
  settings_.rows = 0;
  expect_refused(density(), "rows is 0");
  settings_.rows = 6;
  settings_.columns = 257;
  expect_refused(density(), "columns is 257");
  settings_.columns = 8;
  settings_.samples = -1;
  expect_refused(density(), "samples is -1");
  settings_.samples = 0;
  settings_.struct_size = 0;
  expect_refused(density(), "struct_size");
}

TEST_F(ClipMotionInterface, RefusesWhatIsNoFrame) {
  expect_refused(smartcrop_clip_motion_add(clip_, nullptr), "frame");
  expect_refused(smartcrop_clip_motion_add(nullptr, nullptr), "clip");
  smartcrop_frame frame{};
  frame.struct_size = sizeof(frame);
  frame.motion_vector_count = 3;
  expect_refused(smartcrop_clip_motion_add(clip_, &frame), "motion_vector_count of 3");
  frame.motion_vector_count = -1;
  expect_refused(smartcrop_clip_motion_add(clip_, &frame), "-1");
  int64_t frames = -1, vectors = -1;
  ASSERT_EQ(smartcrop_clip_motion_counts(clip_, &frames, &vectors), SMARTCROP_OK);
  EXPECT_EQ(frames, 0);
}

TEST_F(ClipMotionInterface, RefusesWhatIsNoDensity) {
  int box[4] = {};
  std::vector<float> values(48, 1.0f);
  for (const double area : {0.0, -1.0, 1.5, std::nan("")}) {
    expect_refused(smartcrop_densest_box(values.data(), 6, 8, area, box), "area");
  }
  expect_refused(smartcrop_densest_box(values.data(), 6, 300, 0.5, box), "columns is 300");
  expect_refused(smartcrop_densest_box(nullptr, 6, 8, 0.5, box), "values");
  values[7] = std::nanf("");
  expect_refused(smartcrop_densest_box(values.data(), 6, 8, 0.5, box), "value 7");
  values[7] = -1;
  expect_refused(smartcrop_densest_box(values.data(), 6, 8, 0.5, box), "value 7");
}

}  // namespace
}  // namespace smartcrop
