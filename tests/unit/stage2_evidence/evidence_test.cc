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

AlignedFrame frame_with(const std::vector<Findings>& findings) { return {7, 0.28, true, findings}; }

Findings map_finding(std::vector<float> values, float confidence, float weight) {
  Findings findings;
  findings.map = make_map(2, 1, std::move(values), confidence);
  findings.weight = weight;
  return findings;
}

TEST(EvidenceOf, AThirdMapJoinsTheFusionWithTheWeightThatItsSourceGives) {
  const Findings first = map_finding({0.5f, 0.5f}, 0.5f, 1),
                 second = map_finding({0.5f, 0.5f}, 0.5f, 0.5f);
  float before = 0.5f;
  for (const float weight : {0.2f, 0.5f, 1.0f}) {
    const Findings third = map_finding({0.1f, 0.9f}, 0.5f, weight);
    const Evidence evidence = evidence_of(frame_with({first, second, third}));
    const HeatMap wanted = fuse({{&*first.map, 1}, {&*second.map, 0.5f}, {&*third.map, weight}});
    EXPECT_EQ(evidence.map.values, wanted.values);
    EXPECT_GT(evidence.map.values[1], before) << "the heavier, the nearer to its map";
    before = evidence.map.values[1];
    const Evidence turned = evidence_of(frame_with({third, second, first}));
    EXPECT_NEAR(turned.map.values[1], before, 1e-6) << "whatever its place among the sources";
  }
}

TEST(EvidenceOf, JoinsWhatTheSourcesKnow) {
  Findings pan, bars, boxes, more;
  pan = map_finding({0.5f, 0.5f}, 0.5f, 1);
  pan.pan = 0.25f;
  bars.content = Box{0, 0.1, 1, 0.8};
  boxes.subjects.resize(1);
  boxes.subjects[0].weight = 0.5f;
  more.subjects.resize(2);
  more.failed = true;
  const Evidence evidence = evidence_of(frame_with({pan, bars, boxes, more}));
  EXPECT_EQ(evidence.frame, 7);
  EXPECT_EQ(evidence.time_s, 0.28);
  EXPECT_FLOAT_EQ(evidence.pan, 0.25f);
  EXPECT_DOUBLE_EQ(evidence.content.y, 0.1);
  ASSERT_EQ(evidence.subjects.size(), 3u);
  EXPECT_FLOAT_EQ(evidence.subjects[0].weight, 0.5f);
  EXPECT_TRUE(evidence.fallback);
}

TEST(EvidenceOf, FindingsWithoutPanAndBordersAreOfAStillWholePicture) {
  const Evidence evidence = evidence_of(frame_with({map_finding({0.3f, 0.7f}, 0.5f, 1)}));
  EXPECT_EQ(evidence.pan, 0);
  EXPECT_EQ(evidence.content.width, 1);
  EXPECT_EQ(evidence.content.height, 1);
  EXPECT_FALSE(evidence.fallback);
}

TEST(EvidenceOf, NothingIsSeenInTheBorders) {
  Findings bars;
  bars.content = Box{0.5, 0, 0.5, 1};
  const Evidence evidence = evidence_of(frame_with({map_finding({0.6f, 0.4f}, 0.5f, 1), bars}));
  EXPECT_EQ(evidence.map.values, (std::vector<float>{0, 1}));
}

Findings boxes_of(const std::vector<int64_t>& ids, float score,
                  SubjectKind kind = SubjectKind::kSubject) {
  Findings findings;
  for (const int64_t id : ids) {
    findings.subjects.emplace_back();
    findings.subjects.back().id = id;
    findings.subjects.back().score = score;
    findings.subjects.back().kind = kind;
  }
  return findings;
}

TEST(EvidenceOf, OfTwoBoxesOfASubjectTheLaterSourcesCounts) {
  const Findings map = map_finding({0.3f, 0.7f}, 0.5f, 1);
  const Evidence evidence =
      evidence_of(frame_with({map, boxes_of({3, 4, -1}, 0.5f), boxes_of({-1, 4}, 0.9f)}));
  ASSERT_EQ(evidence.subjects.size(), 4u);
  EXPECT_EQ(evidence.subjects[0].id, 3);
  EXPECT_EQ(evidence.subjects[1].id, -1);
  EXPECT_EQ(evidence.subjects[2].id, -1) << "nobody knows whether they are the same";
  EXPECT_EQ(evidence.subjects[3].id, 4);
  EXPECT_FLOAT_EQ(evidence.subjects[3].score, 0.9f);
}

TEST(EvidenceOf, ACallersNumbersAreNobodyElses) {
  const Findings map = map_finding({0.3f, 0.7f}, 0.5f, 1);
  const Evidence evidence =
      evidence_of(frame_with({map, boxes_of({3, 3}, 0.1f, SubjectKind::kCaller),
                              boxes_of({3}, 0.5f), boxes_of({3}, 0.9f, SubjectKind::kCaller)}));
  EXPECT_EQ(evidence.subjects.size(), 4u);
}

}  // namespace
}  // namespace smartcrop
