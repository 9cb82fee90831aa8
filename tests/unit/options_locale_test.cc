// SPDX-License-Identifier: MIT
// Options where the locale writes numbers with a comma.
#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "options.h"
#include "options_fixture.h"

namespace smartcrop {
namespace {

// A locale that writes 0,5625: an installed one, or one compiled for the test.
class DecimalComma : public testing::Test {
 protected:
  void SetUp() override {
    if (use("de_DE.UTF-8") || use("de_DE.utf8") || use("fr_FR.UTF-8")) return;
    const std::string folder = testing::TempDir() + "smartcrop_locales";
    std::filesystem::create_directories(folder);
    const std::string compile = "localedef -i de_DE -f UTF-8 '" + folder + "/de_DE.UTF-8'";
    const int status = std::system((compile + " >/dev/null 2>&1").c_str());
    setenv("LOCPATH", folder.c_str(), 1);
    if (status != 0 || !use("de_DE.UTF-8")) GTEST_SKIP() << "no locale with a decimal comma here";
  }
  void TearDown() override {
    std::setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
  }

 private:
  static bool use(const char* name) {
    return std::setlocale(LC_ALL, name) != nullptr && *std::localeconv()->decimal_point == ',';
  }
};

TEST_F(DecimalComma, ChangesNoOption) {
  Options options;
  set_option(&options, "lookahead", std::string("2.5"));
  EXPECT_EQ(options.lookahead, 2.5);
  EXPECT_EQ(get_option(options, "lookahead"), "2.5");
  EXPECT_NE(refusal("lookahead", std::string("2,5")), "");
  AspectRatio shape;
  EXPECT_TRUE(read_shape("0.5625", &shape));
  EXPECT_DOUBLE_EQ(shape.value(), 0.5625);
  EXPECT_NE(refusal("dead_zone", 1.5).find("'1.5'"), std::string::npos);
  for (const smartcrop_option_row* row : all_rows()) {
    EXPECT_EQ(get_option(Options(), row->name), row->default_value);
  }
}

}  // namespace
}  // namespace smartcrop
