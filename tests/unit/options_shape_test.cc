// SPDX-License-Identifier: MIT
// The options that are shapes: aspect and size.
#include <gtest/gtest.h>

#include "error.h"
#include "options.h"

namespace smartcrop {
namespace {

TEST(Aspect, IsTheSameInAllItsForms) {
  for (const char* text : {"9/16", "9x16", "9:16", "0.5625", "+9/16", "90/160", "0.9:1.6"}) {
    EXPECT_DOUBLE_EQ(parse_aspect(text), 0.5625) << text;
  }
  EXPECT_EQ(parse_aspect("auto"), 0);
  EXPECT_EQ(parse_aspect("1"), 1);
  EXPECT_EQ(parse_aspect("1e3"), 1000);
}

TEST(Aspect, RefusesWhatIsNoShape) {
  for (const char* text : {"",
                           "0",
                           "0:1",
                           "1:0",
                           "0/0",
                           "-1",
                           "-9/-16",
                           "9/-16",
                           "9/",
                           "/16",
                           "/",
                           ":",
                           "x",
                           "9//16",
                           "9/16/2",
                           "9 / 16",
                           "9\\16",
                           "nan",
                           "inf",
                           "nan/1",
                           "1/inf",
                           "auto ",
                           "Auto",
                           "9/16x",
                           "1e300/1e-300",
                           "1e-300/1e300",
                           "1e-320",
                           "9;16",
                           "nine/sixteen",
                           "9,16"}) {
    EXPECT_THROW(parse_aspect(text), Error) << "'" << text << "'";
  }
}

TEST(OutputSize, IsWidthByHeight) {
  int width = -1, height = -1;
  parse_size("1080x1920", &width, &height);
  EXPECT_EQ(width, 1080);
  EXPECT_EQ(height, 1920);
  parse_size("", &width, &height);
  EXPECT_EQ(width, 0);
  EXPECT_EQ(height, 0);
}

TEST(OutputSize, RefusesWhatIsNoSize) {
  int width, height;
  for (const char* text : {"1080",    "1080x", "x1920",  "x",        "0x0",      "0x10",   "10x0",
                           "-1x10",   "10x-1", "1.5x10", "32769x10", "10x32769", "1e99x1", "nanx10",
                           "infxinf", "10X10", "10:10",  "10x10x10", " 10x10",   "hd1080"}) {
    EXPECT_THROW(parse_size(text, &width, &height), Error) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace smartcrop
