// SPDX-License-Identifier: MIT
#include "plan/hints.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "error.h"
#include "stage2_evidence/subjects/hint_boxes.h"

namespace smartcrop {
namespace {

constexpr Size kPicture{200, 100};

class HintsTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::vector<Hint> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_hints(path_, kPicture);
  }
  std::string refusal(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
      EXPECT_EQ(std::string(error.what()).rfind("hints " + path_, 0), 0u) << error.what();
      return error.what();
    }
    return "";
  }
  std::string path_ =
      (std::filesystem::path(testing::TempDir()) / ("hints_" + std::to_string(getpid()) + ".plan"))
          .string();
};

constexpr char kHint[] = R"({"type":"hint","t":[1,2.5],"box":[50,-10,100,60]})";

TEST_F(HintsTest, AreReadInSecondsAndPixelsAndClipped) {
  const std::vector<Hint> hints =
      read(std::string("\n") + kHint + "\n" +
           R"({"type":"hint","t":[0,9],"box":[0,0,20,20],"weight":3,"required":true})" + "\n");
  ASSERT_EQ(hints.size(), 2u);
  EXPECT_DOUBLE_EQ(hints[0].from_s, 1);
  EXPECT_DOUBLE_EQ(hints[0].to_s, 2.5);
  EXPECT_DOUBLE_EQ(hints[0].region.box.x, 0.25);
  EXPECT_DOUBLE_EQ(hints[0].region.box.y, 0);
  EXPECT_DOUBLE_EQ(hints[0].region.box.width, 0.5);
  EXPECT_DOUBLE_EQ(hints[0].region.box.height, 0.5);
  EXPECT_EQ(hints[0].region.weight, 1 / kMapsOfFullWeight);
  EXPECT_FALSE(hints[0].region.required);
  EXPECT_EQ(hints[1].region.weight, 3 / kMapsOfFullWeight);
  EXPECT_TRUE(hints[1].region.required);
  EXPECT_EQ(hints[1].region.kind, SubjectKind::kCaller);
}

TEST_F(HintsTest, GoByTheClockOfAPlansFrames) {
  const std::vector<Hint> hints =
      read(std::string(R"({"type":"header","source":{"width":200,"height":100}})") + "\n" +
           R"({"type":"frame","t":0.6})" + "\n" + kHint + "\n" + R"({"type":"frame","t":0.7})");
  EXPECT_DOUBLE_EQ(hints.at(0).from_s, 0.4);
}

TEST_F(HintsTest, SayWhichLineIsWrongAndHow) {
  const auto hint = [](const std::string& rest) {
    return std::string("\n{\"type\":\"hint\",") + rest + "}";
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {"\n{", "line 2: not a row of a plan"},
      {"\n[1]", "line 2: not a row of a plan"},
      {hint(R"("box":[0,0,9,9])"), "line 2: a hint needs \"t\": [from, to]"},
      {hint(R"("t":[2,1],"box":[0,0,9,9])"), "line 2: a hint's \"t\" ends before it begins"},
      {hint(R"("t":[0,"1"],"box":[0,0,9,9])"), "\"t\""},
      {hint(R"("t":[0,1])"), "a hint needs \"box\": [x, y, width, height]"},
      {hint(R"("t":[0,1],"box":[0,0,9])"), "\"box\""},
      {hint(R"("t":[0,1],"box":[0,0,0,9])"), "above 0"},
      {hint(R"("t":[0,1],"box":[200,0,9,9])"), "outside the picture of 200x100"},
      {hint(R"("t":[0,1],"box":[0,0,9,9],"weight":0)"), "\"weight\""},
      {hint(R"("t":[0,1],"box":[0,0,9,9],"required":1)"), "\"required\""},
      {std::string(R"({"type":"header","source":{"width":100,"height":100}})") + "\n" + kHint,
       "line 1: it is for a picture of 100x100, this one is 200x100"},
      {R"({"type":"frame","t":0})", "has no hint rows"},
      {"", "has no hint rows"},
  };
  for (const auto& [text, part] : cases) {
    const std::string sentence = refusal(text);
    EXPECT_NE(sentence.find(part), std::string::npos) << part << " is not in: " << sentence;
  }
  EXPECT_THROW(read_hints("/nonexistent/a.plan", kPicture), Error);
}

TEST_F(HintsTest, HoldInTheirTimeAndHaveTheirFirstFrameAnalysed) {
  HintBoxes source(read(kHint));
  source.reset(Reset::kSeek);
  std::vector<double> wanted, seen;
  for (int64_t i = 0; i < 40; ++i) {
    const double time_s = 100 + 0.1 * static_cast<double>(i);
    if (i == 15) source.reset(Reset::kCut);  // a cut changes nothing
    Observation observation{i, time_s, nullptr, nullptr, i % 3 == 0};
    if (source.wants(observation)) {
      observation.analyse = true;
      wanted.push_back(time_s);
    }
    if (!source.observe(observation).subjects.empty()) seen.push_back(time_s);
  }
  ASSERT_EQ(wanted.size(), 1u);
  EXPECT_NEAR(wanted[0], 101, 1e-6) << "counted from the first frame's time";
  EXPECT_NEAR(seen.front(), 101, 1e-6);
  EXPECT_NEAR(seen.back(), 102.4, 1e-6);
}

}  // namespace
}  // namespace smartcrop
