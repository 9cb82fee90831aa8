// SPDX-License-Identifier: MIT
#include "stage2_evidence/evidence.h"

#include <gtest/gtest.h>

#include <limits>

#include "error.h"
#include "stage2_evidence/evidence_scene.h"

namespace smartcrop {
namespace {

HeatMap make_map(int width, int height, std::vector<float> values, float confidence) {
  HeatMap map;
  map.width = width;
  map.height = height;
  map.values = std::move(values);
  map.confidence = confidence;
  return map;
}

// Answers with a map of the frame that it was shown `behind` frames ago, on a grid of its choice.
class LateSource : public EvidenceSource {
 public:
  LateSource(int behind, Size answer) : EvidenceSource({4, 3}), behind_(behind), answer_(answer) {}
  void reset() override {}

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override {
    Evidence evidence;
    evidence.frame = observation.frame - behind_;
    evidence.time_s = observation.time_s - 0.04 * behind_;
    const size_t count = static_cast<size_t>(answer_.width * answer_.height);
    evidence.map = make_map(answer_.width, answer_.height, std::vector<float>(count, 1.0f), 1);
    normalise(&evidence.map);
    out->push_back(evidence);
  }

 private:
  int behind_;
  Size answer_;
};

void expect_refused(LateSource source) {
  const Proxy proxy = scene::uniform({16, 12}, 100);
  try {
    scene::show(&source, proxy, 10, 0.4);
    FAIL() << "the source's answer was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_INTERNAL);
    EXPECT_NE(std::string(error.what()).find("frame"), std::string::npos);
  }
}

TEST(EvidenceSource, PassesTheMapOfTheFrameThatItWasShown) {
  LateSource source(0, {4, 3});
  EXPECT_EQ(scene::show(&source, scene::uniform({16, 12}, 100), 10, 0.4).frame, 10);
}

TEST(EvidenceSource, RefusesAMapOfAFrameBefore) {
  expect_refused(LateSource(1, {4, 3}));
  expect_refused(LateSource(6, {4, 3}));
}

TEST(EvidenceSource, RefusesAMapOfAFrameThatIsYetToCome) { expect_refused(LateSource(-1, {4, 3})); }

TEST(EvidenceSource, RefusesAMapOnAnotherGrid) { expect_refused(LateSource(0, {3, 4})); }

TEST(EvidenceGrid, HasACellForEachFourByFourSamples) {
  EXPECT_EQ(evidence_grid({256, 144}).width, 64);
  EXPECT_EQ(evidence_grid({256, 144}).height, 36);
  EXPECT_EQ(evidence_grid({222, 166}).width, 56);
  EXPECT_EQ(evidence_grid({2, 2}).height, 1);
}

TEST(Normalise, ScalesToTheSumOne) {
  HeatMap map = make_map(2, 2, {1, 2, 3, 2}, 0.7f);
  normalise(&map);
  EXPECT_FLOAT_EQ(map.values[2], 0.375f);
  EXPECT_FLOAT_EQ(map.confidence, 0.7f);
}

TEST(Normalise, MakesAMapWithoutMeaningUniformWithConfidenceZero) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {0.0f, nan, infinity, -1.0f}) {
    HeatMap map = make_map(2, 1, {bad, 0}, 1);
    normalise(&map);
    EXPECT_FLOAT_EQ(map.values[0], 0.5f) << bad;
    EXPECT_FLOAT_EQ(map.values[1], 0.5f) << bad;
    EXPECT_EQ(map.confidence, 0) << bad;
  }
}

TEST(Fuse, IsTheGeometricMeanWeightedByConfidence) {
  const HeatMap left = make_map(2, 1, {0.8f, 0.2f}, 0.9f);
  const HeatMap right = make_map(2, 1, {0.2f, 0.8f}, 0.3f);
  const HeatMap fused = fuse({{&left, 1}, {&right, 1}});
  // 0.8^0.75 * 0.2^0.25 to 0.2^0.75 * 0.8^0.25, which is 2 to 1; the floor moves it a little.
  EXPECT_NEAR(fused.values[0] / fused.values[1], 2, 0.1);
  EXPECT_NEAR(fused.values[0] + fused.values[1], 1, 1e-6);
  EXPECT_NEAR(fused.confidence, (0.9 * 0.9 + 0.3 * 0.3) / 1.2, 1e-6);
}

TEST(Fuse, LeavesAMapThatStandsAloneAsItIs) {
  const HeatMap sure = make_map(2, 1, {0.9f, 0.1f}, 0.6f);
  const HeatMap unsure = make_map(2, 1, {0.5f, 0.5f}, 0);
  const HeatMap fused = fuse({{&unsure, 2}, {&sure, 1}});
  EXPECT_EQ(fused.values, sure.values);
  EXPECT_EQ(fused.confidence, sure.confidence);
}

TEST(Fuse, LetsNoMapRuleAPlaceOutAlone) {
  const HeatMap left = make_map(2, 1, {1, 0}, 0.5f);
  const HeatMap right = make_map(2, 1, {0, 1}, 0.5f);
  const HeatMap fused = fuse({{&left, 1}, {&right, 1}});
  EXPECT_FLOAT_EQ(fused.values[0], 0.5f);
  EXPECT_FLOAT_EQ(fused.values[1], 0.5f);
}

TEST(Fuse, OfMapsThatSayNothingIsUniformWithConfidenceZero) {
  const HeatMap map = make_map(2, 1, {1, 0}, 0);
  const HeatMap fused = fuse({{&map, 1}, {&map, 2}});
  EXPECT_FLOAT_EQ(fused.values[0], 0.5f);
  EXPECT_EQ(fused.confidence, 0);
}

TEST(Fuse, RefusesMapsOfTwoGrids) {
  const HeatMap wide = make_map(2, 1, {1, 0}, 1);
  const HeatMap tall = make_map(1, 2, {1, 0}, 1);
  EXPECT_THROW(fuse({{&wide, 1}, {&tall, 1}}), Error);
}

}  // namespace
}  // namespace smartcrop
