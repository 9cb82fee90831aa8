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

}  // namespace
}  // namespace smartcrop
