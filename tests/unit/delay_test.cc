// SPDX-License-Identifier: MIT
#include "delay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace smartcrop {
namespace {

Options with_lookahead(double seconds) {
  Options options;
  options.lookahead = seconds;
  return options;
}

smartcrop_stream stream_of(int width, int height, int fps) {
  smartcrop_stream stream{};
  stream.struct_size = sizeof stream;
  stream.width = width;
  stream.height = height;
  stream.format = {SMARTCROP_YUV, 8, 1, 1, 0};
  stream.frame_rate_num = fps;
  stream.frame_rate_den = 1;
  return stream;
}

void keep_line(void* lines, int, const char* line) {
  static_cast<std::vector<std::string>*>(lines)->push_back(line);
}

TEST(MaxDelay, IsTheLookaheadInFrames) {
  EXPECT_EQ(max_delay_frames(with_lookahead(1.5), 30), 45);
  EXPECT_EQ(max_delay_frames(with_lookahead(1.5), 25), 38);
  EXPECT_EQ(max_delay_frames(with_lookahead(0), 30), 0);
  EXPECT_EQ(max_delay_frames(with_lookahead(0.1), 30), 3) << "not 4 by rounding";
}

TEST(MaxDelay, AtAnUnknownRateIsThatOfSixty) {
  for (const double fps : {0.0, -1.0, std::nan("")}) {
    EXPECT_EQ(max_delay_frames(with_lookahead(2), fps), 120);
  }
}

TEST(MaxDelay, TakesTheTicksOfAClockForAnUnknownRate) {
  EXPECT_EQ(max_delay_frames(with_lookahead(2), 240), 480);
  for (const double fps : {1000.0, 90000.0, 1e300, HUGE_VAL}) {
    EXPECT_EQ(max_delay_frames(with_lookahead(2), fps), 120);
  }
}

TEST(MaxDelay, OfAPlanIsNothing) {
  Options options;
  options.plan = "a.plan";
  EXPECT_EQ(max_delay_frames(options, 30), 0);
}

TEST(FitLookahead, LeavesALookaheadThatFits) {
  Options options = with_lookahead(1.5);
  std::vector<std::string> lines;
  EXPECT_FALSE(fit_lookahead(&options, stream_of(1920, 1080, 30), {keep_line, &lines}));
  EXPECT_EQ(options.lookahead, 1.5);
  EXPECT_TRUE(lines.empty());
}

TEST(FitLookahead, ShortensItUntilTheFramesFitAndSaysSoOnce) {
  const double mib = 1 << 20;
  for (const int fps : {10, 24, 25, 50, 120, 0, 90000}) {
    Options options = with_lookahead(4);
    options.buffer = 100;
    std::vector<std::string> lines;
    ASSERT_TRUE(fit_lookahead(&options, stream_of(3840, 2160, fps), {keep_line, &lines}));
    const int held = 1 + max_delay_frames(options, fps);
    const double frame_bytes = 3840 * 2160 * 1.5;
    EXPECT_LE(held * frame_bytes, 100 * mib) << fps;
    EXPECT_GT((held + 1) * frame_bytes, 100 * mib) << fps << ": no more than it has to";
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find("buffer=100"), std::string::npos) << lines[0];
  }
}

TEST(FitLookahead, AdvisesABufferThatIsEnough) {
  Options options = with_lookahead(1.5);
  options.buffer = 1;
  const smartcrop_stream stream = stream_of(640, 360, 25);
  std::vector<std::string> lines;
  ASSERT_TRUE(fit_lookahead(&options, stream, {keep_line, &lines}));
  const size_t at = lines.at(0).rfind("buffer=");
  Options advised = with_lookahead(1.5);
  advised.buffer = std::stoi(lines[0].substr(at + 7));
  EXPECT_FALSE(fit_lookahead(&advised, stream, {}));
}

TEST(FitLookahead, IsLiveWhereNotEvenOneFrameFits) {
  Options options = with_lookahead(1.5);
  options.buffer = 1;
  EXPECT_TRUE(fit_lookahead(&options, stream_of(7680, 4320, 60), {}));
  EXPECT_EQ(options.lookahead, 0);
}

TEST(FitLookahead, HasNothingToShortenInALiveRun) {
  Options options = with_lookahead(0);
  options.buffer = 1;
  EXPECT_FALSE(fit_lookahead(&options, stream_of(7680, 4320, 60), {}));
}

}  // namespace
}  // namespace smartcrop
