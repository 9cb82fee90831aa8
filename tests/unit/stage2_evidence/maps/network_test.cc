// SPDX-License-Identifier: MIT
#include "stage2_evidence/maps/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "error.h"
#include "inference/fake_model.h"
#include "inference/heatmap_measures.h"

namespace smartcrop {
namespace {

constexpr Size kGrid{64, 36};

smartcrop_stream stream_of(int width, int height) {
  smartcrop_stream stream = {};
  stream.struct_size = sizeof(stream);
  stream.width = width;
  stream.height = height;
  stream.format = {SMARTCROP_GREY, 8, 0, 0, 0};
  stream.time_base_num = 1;
  stream.time_base_den = 25;
  stream.matrix = stream.transfer = stream.primaries = 2;
  stream.full_range = 1;
  return stream;
}

class NetworkTest : public ::testing::Test {
 protected:
  NetworkTest()
      : stream_(stream_of(640, 360)), luma_(640 * 360, 16), frames_(open_frames(stream_)) {}

  void fill(int x0, int y0, int x1, int y1, uint8_t sample) {
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) luma_[static_cast<size_t>(y * 640 + x)] = sample;
    }
  }
  void open(bool strict = false) {
    const auto keep = [](void* cookie, int level, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(std::to_string(level) + line);
    };
    source_ = std::make_unique<NetworkSource>(stream_, kGrid, std::make_unique<FakeModel>(&script_),
                                              strict, Log(keep, &lines_));
  }
  Findings observe(bool analyse = true) {
    smartcrop_frame frame = {};
    frame.struct_size = sizeof(frame);
    frame.data[0] = luma_.data();
    frame.stride[0] = 640;
    Observation observation;
    observation.frame = frame_++;
    observation.time_s = time_s_;
    time_s_ += step_s_;
    frames_->show(frame);
    observation.pictures = frames_.get();
    observation.proxy = &proxy_;
    observation.analyse = analyse;
    return source_->observe(observation);
  }
  smartcrop_stream stream_;
  std::vector<uint8_t> luma_;
  std::unique_ptr<FrameReader> frames_;
  FakeModel::Script script_;
  Proxy proxy_;
  std::vector<std::string> lines_;
  int64_t frame_ = 0;
  double time_s_ = 0;
  double step_s_ = kNetworkPeriod_s;  // so that each frame is looked at
  std::unique_ptr<NetworkSource> source_;
};

TEST_F(NetworkTest, BrightBlobIsWhereTheMapIsOnTheGrid) {
  for (const ModelFit fit : {ModelFit::kStretch, ModelFit::kPad}) {
    script_.fit = fit;
    std::fill(luma_.begin(), luma_.end(), uint8_t{0});
    fill(400, 60, 560, 120, 255);
    open();
    const Findings out = observe();
    ASSERT_TRUE(out.map);
    const HeatMap& map = *out.map;
    EXPECT_EQ(map.width, kGrid.width);
    EXPECT_EQ(map.height, kGrid.height);
    EXPECT_NEAR(sum(map), 1, 1e-5);
    EXPECT_FALSE(out.failed);
    // The blob is a cell or so of the network, hence the width of the tolerance.
    EXPECT_NEAR(centre(map).first, 480 / 640.0, 0.08);
    EXPECT_NEAR(centre(map).second, 90 / 360.0, 0.12);
  }
}

TEST_F(NetworkTest, FramesThatAreNotToBeAnalysedCostNothing) {
  open();
  EXPECT_FALSE(observe(false).map);
  EXPECT_EQ(script_.runs, 0);
  EXPECT_TRUE(observe(true).map);
  EXPECT_EQ(script_.runs, 1);
}

TEST_F(NetworkTest, PaddedPictureKeepsItsShapeAndTheMapLosesThePadding) {
  script_.fit = ModelFit::kPad;
  std::fill(luma_.begin(), luma_.end(), uint8_t{200});
  open();
  const Findings out = observe();
  // 640 x 360 in 64 x 48: 64 x 36, six rows of padding above and below.
  for (int y = 0; y < 48; ++y) {
    const bool padding = y < 6 || y >= 42;
    EXPECT_NEAR(script_.seen.planes[0][static_cast<size_t>(y * 64 + 30)], padding ? 33 : 200, 1)
        << y;
  }
  // The picture is even, and so is its map but for the edges, which share cells with the padding.
  const HeatMap& map = out.map.value();
  for (int y = 6; y < 30; ++y) {
    EXPECT_NEAR(map.values[static_cast<size_t>(y * 64 + 32)], map.values[18 * 64 + 32], 1e-5) << y;
  }
  EXPECT_LT(map.confidence, 0.1f);
}

TEST_F(NetworkTest, PlacementFollowsTheDisplayShape) {
  smartcrop_stream stream = stream_of(720, 576);
  stream.sar_num = 64;
  stream.sar_den = 45;  // 1024 x 576 as displayed
  const InputPlace wide = place_picture(stream, {320, 240}, ModelFit::kPad);
  EXPECT_EQ(wide.size.width, 320);
  EXPECT_EQ(wide.size.height, 180);
  EXPECT_EQ(wide.x, 0);
  EXPECT_EQ(wide.y, 30);
  const InputPlace tall = place_picture(stream_of(90, 160), {320, 240}, ModelFit::kPad);
  EXPECT_EQ(tall.size.width, 135);
  EXPECT_EQ(tall.size.height, 240);
  EXPECT_EQ(tall.x, 92);
  const InputPlace thin = place_picture(stream_of(4000, 2), {320, 240}, ModelFit::kPad);
  EXPECT_EQ(thin.size.height, 1);
  const InputPlace whole = place_picture(stream, {320, 240}, ModelFit::kStretch);
  EXPECT_EQ(whole.size.height, 240);
}

TEST_F(NetworkTest, FailuresFallBackAndAreLoggedOncePerRun) {
  open();
  const auto warnings = [&] {
    return std::count_if(lines_.begin(), lines_.end(), [](const std::string& line) {
      return line[0] == '0' + SMARTCROP_LOG_WARNING;
    });
  };
  EXPECT_FALSE(observe().failed);
  script_.fail = true;
  for (int i = 0; i < 3; ++i) {
    const Findings out = observe();
    EXPECT_TRUE(out.failed);
    EXPECT_FALSE(out.map);
  }
  EXPECT_EQ(warnings(), 1);
  EXPECT_GE(script_.resets, 1);
  script_.fail = false;
  EXPECT_FALSE(observe().failed);
  script_.fail = true;
  observe();
  EXPECT_EQ(warnings(), 2);
}

TEST_F(NetworkTest, StrictMakesAFailureAnError) {
  open(/*strict=*/true);
  script_.fail = true;
  EXPECT_THROW(observe(), Error);
}

TEST_F(NetworkTest, ResetZeroesTheModelsState) {
  open();
  source_->reset(Reset::kCut);
  EXPECT_EQ(script_.resets, 1);
}

TEST_F(NetworkTest, LooksOnceAPeriodAndGivesTheLastMapInBetween) {
  open();
  step_s_ = kNetworkPeriod_s / 2;
  HeatMap last;
  for (int i = 0; i < 8; ++i) {
    std::fill(luma_.begin(), luma_.end(), uint8_t{0});
    fill(40 * i, 100, 40 * i + 160, 200, 255);
    const Findings out = observe();
    ASSERT_TRUE(out.map);
    EXPECT_EQ(script_.runs, i / 2 + 1);
    EXPECT_EQ(out.map->values == last.values, i % 2 == 1) << i;
    EXPECT_FLOAT_EQ(out.map->confidence, 0.5f) << "a map used again counts in full";
    last = *out.map;
  }
}

TEST_F(NetworkTest, LooksAtEachAnalysedFrameWhereThesAreFewerThanItsOwn) {
  open();
  step_s_ = 0.4;
  for (int i = 1; i <= 10; ++i) {
    observe();
    EXPECT_EQ(script_.runs, i);
  }
}

TEST_F(NetworkTest, LooksAtTheFirstFrameAfterAResetAndFromThereOnItsBeat) {
  open();
  step_s_ = 0.1;
  observe();
  EXPECT_EQ(script_.runs, 1);
  source_->reset(Reset::kCut);
  observe();  // at 0.1 s
  EXPECT_EQ(script_.runs, 2);
  observe();
  observe();
  observe();
  EXPECT_EQ(script_.runs, 2);
  observe();  // at 0.5 s: the beat began anew at 0.1 s
  EXPECT_EQ(script_.runs, 3);
}

TEST_F(NetworkTest, AResetForgetsTheMapOfBefore) {
  open();
  step_s_ = 0.1;
  fill(0, 0, 160, 360, 255);
  const HeatMap before = observe().map.value();
  source_->reset(Reset::kCut);
  std::fill(luma_.begin(), luma_.end(), uint8_t{16});
  fill(480, 0, 640, 360, 255);
  const HeatMap after = observe().map.value();
  EXPECT_LT(centre(before).first, 0.4);
  EXPECT_GT(centre(after).first, 0.6);
}

TEST_F(NetworkTest, UnevenTimesGiveTheSameLooksAgainAfterAReset) {
  const std::vector<double> steps{0.04, 0.04, 0.9, 0.01, 0.01, 0.4, 0.125, 0.125, 0.125, 0, 2};
  open();
  std::vector<int> looks[2];
  for (std::vector<int>& each : looks) {
    source_->reset(Reset::kCut);
    script_.runs = 0;
    time_s_ = 7;
    for (const double step : steps) {
      step_s_ = step;
      observe();
      each.push_back(script_.runs);
    }
  }
  // At 7, 7.98 (late, so the beat goes on from there), 8.4 and 8.65 (due from 8.313 and 8.647 on).
  EXPECT_EQ(looks[0], (std::vector<int>{1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4}));
  EXPECT_EQ(looks[1], looks[0]);
}

TEST_F(NetworkTest, AFailureServesUntilTheNextLookAndIsNotTriedAgainBefore) {
  open();
  step_s_ = kNetworkPeriod_s / 2;
  script_.fail = true;
  EXPECT_TRUE(observe().failed);
  script_.fail = false;
  const Findings again = observe();
  EXPECT_TRUE(again.failed);
  EXPECT_FALSE(again.map);
  EXPECT_EQ(script_.runs, 1);
  EXPECT_FALSE(observe().failed);
}

}  // namespace
}  // namespace smartcrop
