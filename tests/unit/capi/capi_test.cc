// SPDX-License-Identifier: MIT
// The C interface: opening and closing, structs of other sizes, faulty calls.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "capi/capi_fixture.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {
namespace {

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
  expect_refused(smartcrop_last_regions(nullptr, sizeof(*boxes), &boxes, &width));
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

TEST_F(CInterface, ForgetsTheLastErrorAtTheNextCallOfItsThread) {
  expect_refused(smartcrop_options_set(options_, "no such option", "1"), SMARTCROP_ERROR_OPTION);
  std::thread([] { EXPECT_STREQ(smartcrop_last_error(), ""); }).join();
  EXPECT_STRNE(smartcrop_last_error(), "");
  set("aspect", "1");
  EXPECT_STREQ(smartcrop_last_error(), "");
}

// With a runtime it says which model it opened, without one that the model is left out.
TEST_F(CInterface, LogsOneLineAtATime) {
  std::vector<std::string> lines;
  set("model", "saliency");
  set("subjects", "none");
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
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("saliency"), std::string::npos) << lines[0];
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
