// SPDX-License-Identifier: MIT
// What the tests of the C interface share: a context, its options and its stream.
#ifndef SMARTCROP_TESTS_UNIT_CAPI_CAPI_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_CAPI_CAPI_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>

#include "smartcrop/smartcrop.h"
#include "synthetic_clip.h"

namespace smartcrop {

inline constexpr Size kPicture{160, 90};

class CInterface : public testing::Test {
 protected:
  void SetUp() override {
    options_ = smartcrop_options_new();
    ASSERT_NE(options_, nullptr);
    stream_ = stream_of(yuv(1, 1, 8), kPicture);
    set("lookahead", "0");
    set("model", "none");
  }
  void TearDown() override {
    smartcrop_close(&context_);
    smartcrop_options_free(&options_);
    EXPECT_EQ(options_, nullptr);
  }

  void set(const char* key, const char* value) {
    ASSERT_EQ(smartcrop_options_set(options_, key, value), SMARTCROP_OK) << smartcrop_last_error();
  }
  int open() { return smartcrop_open(&context_, options_, &stream_, nullptr, nullptr); }
  static TestPicture scene(int permille) {
    TestPicture picture(yuv(1, 1, 8), kPicture);
    paint_scene(&picture, yuv(1, 1, 8), 0, permille);
    return picture;
  }
  int send(int permille, int64_t pts = SMARTCROP_NO_PTS) {
    picture_ = TestPicture(yuv(1, 1, 8), kPicture);
    paint_scene(&picture_, yuv(1, 1, 8), 0, permille);
    smartcrop_frame frame = picture_.frame();
    frame.pts = pts;
    return smartcrop_send(context_, &frame);
  }
  smartcrop_decision receive() {
    smartcrop_decision decision{};
    decision.struct_size = sizeof(decision);
    EXPECT_EQ(smartcrop_receive(context_, &decision), SMARTCROP_OK);
    return decision;
  }
  std::string get(const char* key) {
    char text[64];
    EXPECT_GE(smartcrop_options_get(options_, key, text, sizeof(text)), 0);
    return text;
  }

  smartcrop_options* options_ = nullptr;
  smartcrop_context* context_ = nullptr;
  smartcrop_stream stream_{};
  TestPicture picture_{yuv(1, 1, 8), kPicture};
};

inline void expect_refused(int status, int expected = SMARTCROP_ERROR_ARGUMENT) {
  EXPECT_EQ(status, expected) << smartcrop_last_error();
  EXPECT_STRNE(smartcrop_last_error(), "");
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_CAPI_CAPI_FIXTURE_H_
