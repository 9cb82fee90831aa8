// SPDX-License-Identifier: MIT
// The C interface: options as text and as numbers.
#include <gtest/gtest.h>

#include <cstring>

#include "capi/capi_fixture.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {
namespace {

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

// A plan at hand is rendered as its file would be; a file that is named later takes its place.
TEST_F(CInterface, RendersAPlanThatIsGivenAsText) {
  const std::string plan =
      R"({"type":"header","format":"smartcrop-plan","version":1,)"
      R"("source":{"width":160,"height":90},"output":{"width":50,"height":90}})"
      "\n"
      R"({"type":"frame","t":0,"x":30,"y":0,"width":50,"height":90})"
      "\n";
  ASSERT_EQ(smartcrop_options_set_plan(options_, "mine", plan.data(), plan.size()), SMARTCROP_OK);
  EXPECT_EQ(get("plan"), "mine");
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  ASSERT_EQ(send(500), SMARTCROP_OK);
  EXPECT_EQ(receive().x, 30);
  smartcrop_close(&context_);
  set("plan", "no-such.plan");
  expect_refused(open(), SMARTCROP_ERROR_FILE);
}

TEST_F(CInterface, SaysWhatIsWrongWithAPlanThatIsGivenAsText) {
  ASSERT_EQ(smartcrop_options_set_plan(options_, "mine", "{}", 2), SMARTCROP_OK);
  expect_refused(open(), SMARTCROP_ERROR_FILE);
  EXPECT_NE(std::string(smartcrop_last_error()).find("plan mine line 1"), std::string::npos);
  expect_refused(smartcrop_options_set_plan(nullptr, "mine", "", 0));
  expect_refused(smartcrop_options_set_plan(options_, "", "", 0));
  expect_refused(smartcrop_options_set_plan(options_, "mine", nullptr, 2));
}

}  // namespace
}  // namespace smartcrop
