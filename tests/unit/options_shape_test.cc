// SPDX-License-Identifier: MIT
// The kinds of value that are more than a number: shapes, sizes and colours.
#include <gtest/gtest.h>

#include "option_kinds.h"
#include "options.h"

namespace smartcrop {
namespace {

double shape_of_text(const std::string& text) {
  AspectRatio shape;
  EXPECT_TRUE(read_shape(text, &shape)) << text;
  return shape.value();
}

TEST(Aspect, IsTheSameInAllItsForms) {
  for (const char* text : {"9/16", "9x16", "9:16", "0.5625", "+9/16", "90/160", "0.9:1.6"}) {
    EXPECT_DOUBLE_EQ(shape_of_text(text), 0.5625) << text;
  }
  EXPECT_EQ(shape_of_text("auto"), 0);
  EXPECT_EQ(shape_of_text("1"), 1);
  EXPECT_EQ(shape_of_text("1e3"), 1000);
}

TEST(Aspect, IsWrittenWithASlashOrAsANumber) {
  const auto written = [](const std::string& text) {
    Options options;
    set_option(&options, "aspect", text);
    return get_option(options, "aspect");
  };
  for (const char* text : {"9/16", "9x16", "9:16", "+9/16"}) EXPECT_EQ(written(text), "9/16");
  EXPECT_EQ(written("2.390"), "2.39");
  EXPECT_EQ(written("4/1"), "4");
  EXPECT_EQ(written("auto"), "auto");
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
    AspectRatio shape{4, 3};
    EXPECT_FALSE(read_shape(text, &shape)) << "'" << text << "'";
    EXPECT_EQ(shape.width, 4) << "what is no shape is not written";
  }
}

TEST(OutputSize, IsWidthByHeight) {
  Size size;
  EXPECT_TRUE(read_size("1080x1920", &size));
  EXPECT_EQ(size.width, 1080);
  EXPECT_EQ(size.height, 1920);
  EXPECT_EQ(text_of(size), "1080x1920");
  EXPECT_TRUE(read_size("", &size));
  EXPECT_EQ(size.width, 0);
  EXPECT_EQ(size.height, 0);
  EXPECT_EQ(text_of(size), "");
}

TEST(OutputSize, RefusesWhatIsNoSize) {
  Size size;
  for (const char* text : {"1080",    "1080x", "x1920",  "x",        "0x0",      "0x10",   "10x0",
                           "-1x10",   "10x-1", "1.5x10", "32769x10", "10x32769", "1e99x1", "nanx10",
                           "infxinf", "10X10", "10:10",  "10x10x10", " 10x10",   "hd1080"}) {
    EXPECT_FALSE(read_size(text, &size)) << "'" << text << "'";
  }
}

Colour colour_of_text(const std::string& text) {
  Colour colour{1, 2, 3};
  EXPECT_TRUE(read_colour(text, &colour)) << text;
  return colour;
}

TEST(ColourOption, IsReadByNameAndByItsDigits) {
  EXPECT_EQ(colour_of_text("black"), (Colour{0, 0, 0}));
  EXPECT_EQ(colour_of_text("white"), (Colour{255, 255, 255}));
  EXPECT_EQ(colour_of_text("grey"), (Colour{128, 128, 128}));
  EXPECT_EQ(colour_of_text("#10aBfF"), (Colour{16, 171, 255}));
}

TEST(ColourOption, IsWrittenByItsNameOrItsDigits) {
  EXPECT_EQ(text_of(Colour{255, 255, 255}), "white");
  EXPECT_EQ(text_of(Colour{16, 171, 255}), "#10abff");
  EXPECT_EQ(text_of(Colour{0, 0, 9}), "#000009");
}

TEST(ColourOption, RefusesWhatIsNoColour) {
  for (const char* text : {"", "pink", "#12345", "#1234567", "#12345g", "102030", "#-1-1-1",
                           "#+12345", "# 12345", "#0x1234", "Black"}) {
    Colour colour{1, 2, 3};
    EXPECT_FALSE(read_colour(text, &colour)) << text;
    EXPECT_EQ(colour, (Colour{1, 2, 3})) << "what is no colour is not written";
  }
}

}  // namespace
}  // namespace smartcrop
