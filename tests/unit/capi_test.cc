// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "smartcrop/smartcrop.h"
#include "synthetic_clip.h"

namespace smartcrop {
namespace {

constexpr Size kPicture{160, 90};

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

void expect_refused(int status, int expected = SMARTCROP_ERROR_ARGUMENT) {
  EXPECT_EQ(status, expected) << smartcrop_last_error();
  EXPECT_STRNE(smartcrop_last_error(), "");
}

TEST_F(CInterface, NamesEveryStatusAndItsVersion) {
  for (int status = -7; status <= 2; ++status) {
    EXPECT_STRNE(smartcrop_status_name(status), "unknown status") << status;
  }
  for (const int status : {-8, 3, 1000, INT32_MIN}) {
    EXPECT_STREQ(smartcrop_status_name(status), "unknown status");
  }
  EXPECT_EQ(smartcrop_api_version(), SMARTCROP_API_VERSION);
  int major, minor, patch;
  EXPECT_EQ(std::sscanf(smartcrop_version(), "%d.%d.%d", &major, &minor, &patch), 3);
  EXPECT_STRNE(smartcrop_runtime_info(), "");
  EXPECT_EQ(std::strchr(smartcrop_runtime_info(), '\n'), nullptr);
}

TEST_F(CInterface, TakesNothingWhereSomethingIsNeeded) {
  smartcrop_frame frame = picture_.frame();
  smartcrop_decision decision{};
  decision.struct_size = sizeof(decision);
  const float* map;
  int width, height;
  expect_refused(smartcrop_options_set(nullptr, "aspect", "1"));
  expect_refused(smartcrop_options_set(options_, nullptr, "1"));
  expect_refused(smartcrop_options_set(options_, "aspect", nullptr));
  expect_refused(smartcrop_options_set_number(nullptr, "aspect", 1));
  expect_refused(smartcrop_options_set_number(options_, nullptr, 1));
  expect_refused(smartcrop_options_get(nullptr, "aspect", nullptr, 0));
  expect_refused(smartcrop_options_get(options_, nullptr, nullptr, 0));
  expect_refused(smartcrop_options_get(options_, "aspect", nullptr, 5));
  expect_refused(smartcrop_open(nullptr, options_, &stream_, nullptr, nullptr));
  expect_refused(smartcrop_open(&context_, nullptr, &stream_, nullptr, nullptr));
  expect_refused(smartcrop_open(&context_, options_, nullptr, nullptr, nullptr));
  expect_refused(smartcrop_send(nullptr, &frame));
  expect_refused(smartcrop_send(nullptr, nullptr));
  expect_refused(smartcrop_receive(nullptr, &decision));
  expect_refused(smartcrop_reset(nullptr));
  expect_refused(smartcrop_set_live(nullptr, "max_speed", 1));
  expect_refused(smartcrop_max_delay(nullptr, 25));
  expect_refused(smartcrop_geometry_of(nullptr, nullptr));
  expect_refused(smartcrop_is_exact(nullptr, &decision, nullptr, nullptr));
  expect_refused(smartcrop_render(nullptr, &decision, &frame, nullptr));
  expect_refused(smartcrop_last_map(nullptr, &map, &width, &height));
  const smartcrop_box* boxes;
  expect_refused(smartcrop_last_regions(nullptr, &boxes, &width));
  EXPECT_EQ(smartcrop_option_find(nullptr), nullptr);
  smartcrop_options_free(nullptr);
  smartcrop_close(nullptr);
  smartcrop_context* none = nullptr;
  smartcrop_close(&none);
}

TEST_F(CInterface, NeedsTheSizeOfEveryStruct) {
  stream_.struct_size = 0;
  expect_refused(open());
  EXPECT_EQ(context_, nullptr);
  stream_.struct_size = sizeof(stream_);
  ASSERT_EQ(open(), SMARTCROP_OK);
  smartcrop_geometry geometry{};
  expect_refused(smartcrop_geometry_of(context_, &geometry));
  expect_refused(smartcrop_geometry_of(context_, nullptr));
  smartcrop_frame frame = picture_.frame();
  frame.struct_size = 0;
  expect_refused(smartcrop_send(context_, &frame));
  smartcrop_decision decision{};
  expect_refused(smartcrop_receive(context_, &decision));
  expect_refused(smartcrop_is_exact(context_, &decision, nullptr, nullptr));
}

TEST_F(CInterface, FillsNoMoreThanTheCallersStructHolds) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(send(500, 7), SMARTCROP_OK);
  smartcrop_decision decision;
  std::memset(&decision, 0x5A, sizeof(decision));
  decision.struct_size = offsetof(smartcrop_decision, width);
  ASSERT_EQ(smartcrop_receive(context_, &decision), SMARTCROP_OK);
  EXPECT_EQ(decision.struct_size, offsetof(smartcrop_decision, width));
  EXPECT_EQ(decision.pts, 7);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(&decision);
  for (size_t i = decision.struct_size; i < sizeof(decision); ++i) EXPECT_EQ(bytes[i], 0x5A);
}

TEST_F(CInterface, LeavesAloneWhatALargerStructAdds) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  struct {
    smartcrop_geometry geometry;
    unsigned char added[16];
  } larger;
  std::memset(&larger, 0x5A, sizeof(larger));
  larger.geometry.struct_size = sizeof(larger);
  ASSERT_EQ(smartcrop_geometry_of(context_, &larger.geometry), SMARTCROP_OK);
  EXPECT_EQ(larger.geometry.struct_size, sizeof(larger));
  EXPECT_EQ(larger.geometry.output_height, 90);
  for (const unsigned char byte : larger.added) EXPECT_EQ(byte, 0x5A);
}

TEST_F(CInterface, CopiesOptionsAndStreamWhenItOpens) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  set("aspect", "1");
  stream_.width = 1;
  smartcrop_geometry geometry{};
  geometry.struct_size = sizeof(geometry);
  ASSERT_EQ(smartcrop_geometry_of(context_, &geometry), SMARTCROP_OK);
  EXPECT_NEAR(geometry.window_width, 90 * 9.0 / 16, 1);
}

TEST_F(CInterface, LeavesNoContextWhereItCannotOpen) {
  const auto expect_none = [&](int status) {
    context_ = reinterpret_cast<smartcrop_context*>(&stream_);
    expect_refused(open(), status);
    EXPECT_EQ(context_, nullptr);
  };
  stream_.width = 0;
  expect_none(SMARTCROP_ERROR_FORMAT);
  stream_ = stream_of(yuv(1, 1, 8), kPicture);
  stream_.time_base_den = 0;
  expect_none(SMARTCROP_ERROR_ARGUMENT);
  stream_ = stream_of(yuv(1, 1, 8), kPicture);
  set("plan", "/no such folder/a.plan");
  expect_none(SMARTCROP_ERROR_FILE);
  set("plan", "");
  set("model", "/no such folder/a.onnx");
  expect_none(SMARTCROP_ERROR_MODEL);
  EXPECT_NE(std::string(smartcrop_last_error()).find("/no such folder/a.onnx"), std::string::npos);
}

TEST_F(CInterface, SetsAndGetsOptionsAsTextAndAsNumbers) {
  set("max_speed", "0.25");
  EXPECT_EQ(get("max_speed"), "0.25");
  EXPECT_EQ(smartcrop_options_set_number(options_, "max_speed", 0.5), SMARTCROP_OK);
  EXPECT_EQ(get("max_speed"), "0.5");
  EXPECT_EQ(smartcrop_options_set_number(options_, "subpixel", 1), SMARTCROP_OK);
  EXPECT_EQ(get("subpixel"), "1");
  EXPECT_EQ(smartcrop_options_set_number(options_, "aspect", 0.5), SMARTCROP_OK);
  EXPECT_EQ(get("aspect"), "0.5");
  expect_refused(smartcrop_options_set(options_, "max_speed", "fast"), SMARTCROP_ERROR_OPTION);
  EXPECT_EQ(get("max_speed"), "0.5");
}

TEST_F(CInterface, WritesAnOptionAsSnprintfDoes) {
  set("aspect", "9/16");
  char text[8];
  std::memset(text, 'x', sizeof(text));
  EXPECT_EQ(smartcrop_options_get(options_, "aspect", nullptr, 0), 4);
  EXPECT_EQ(smartcrop_options_get(options_, "aspect", text, 1), 4);
  EXPECT_STREQ(text, "");
  EXPECT_EQ(smartcrop_options_get(options_, "aspect", text, 3), 4);
  EXPECT_STREQ(text, "9/");
  EXPECT_EQ(text[3], 'x');
  EXPECT_EQ(smartcrop_options_get(options_, "aspect", text, sizeof(text)), 4);
  EXPECT_STREQ(text, "9/16");
}

TEST_F(CInterface, TellsTheTableOfOptionsRowByRow) {
  int count = 0;
  while (smartcrop_option_at(count) != nullptr) {
    EXPECT_EQ(smartcrop_option_find(smartcrop_option_at(count)->name), smartcrop_option_at(count));
    ++count;
  }
  EXPECT_GT(count, 10);
  EXPECT_EQ(smartcrop_option_at(-1), nullptr);
}

TEST_F(CInterface, ForgetsTheLastErrorAtTheNextCallOfItsThread) {
  expect_refused(smartcrop_options_set(options_, "no such option", "1"), SMARTCROP_ERROR_OPTION);
  std::thread([] { EXPECT_STREQ(smartcrop_last_error(), ""); }).join();
  EXPECT_STRNE(smartcrop_last_error(), "");
  set("aspect", "1");
  EXPECT_STREQ(smartcrop_last_error(), "");
}

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
  EXPECT_EQ(smartcrop_last_regions(context_, &known, &count), SMARTCROP_AGAIN);
  const smartcrop_box boxes[] = {{-10, 9, 90, 18, 2, 1, 0}};
  const TestPicture picture = scene(500);
  smartcrop_frame frame = picture.frame();
  frame.pts = SMARTCROP_NO_PTS;
  frame.boxes = boxes;
  frame.box_count = 1;
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK) << smartcrop_last_error();
  receive();
  ASSERT_EQ(smartcrop_last_regions(context_, &known, &count), SMARTCROP_OK);
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
  ASSERT_EQ(smartcrop_last_regions(context_, &known, &count), SMARTCROP_OK);
  EXPECT_EQ(count, 0);
}

TEST_F(CInterface, RefusesAFrameWithABoxThatIsNoneAndGoesOn) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  smartcrop_box box{0, 0, 0, 18, 1, 0, 0};
  const TestPicture picture = scene(500);
  smartcrop_frame frame = picture.frame();
  frame.pts = SMARTCROP_NO_PTS;
  frame.boxes = &box;
  frame.box_count = 1;
  expect_refused(smartcrop_send(context_, &frame));
  EXPECT_STREQ(smartcrop_last_error(),
               "box 0 of the frame has width 0, not a number of pixels above 0");
  box.width = 5;
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
  EXPECT_EQ(receive().frame, 0) << "the refused frame was not counted";
}

TEST_F(CInterface, LogsOneLineAtATime) {
  std::vector<std::string> lines;
  const auto keep = [](void* cookie, int level, const char* line) {
    EXPECT_GE(level, SMARTCROP_LOG_ERROR);
    EXPECT_LE(level, SMARTCROP_LOG_INFO);
    EXPECT_EQ(std::strchr(line, '\n'), nullptr);
    static_cast<std::vector<std::string>*>(cookie)->push_back(line);
  };
  ASSERT_EQ(smartcrop_open(&context_, options_, &stream_, keep, &lines), SMARTCROP_OK);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(send(500), SMARTCROP_OK);
    receive();
  }
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

TEST_F(CInterface, EndsAtOnceWithoutFrames) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(smartcrop_send(context_, nullptr), SMARTCROP_OK);
  smartcrop_decision decision{};
  decision.struct_size = sizeof(decision);
  EXPECT_EQ(smartcrop_receive(context_, &decision), SMARTCROP_END);
  expect_refused(send(500));
}

}  // namespace
}  // namespace smartcrop
