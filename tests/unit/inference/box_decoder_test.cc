// SPDX-License-Identifier: MIT
#include "inference/box_decoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "error.h"

namespace smartcrop {
namespace {

constexpr Size kInput{64, 32};
const std::string kSubject = "boxes a.onnx";

std::vector<Subject> decode_all(const BoxFormat& format, const std::vector<BoxTensor>& tensors) {
  return decode_boxes(format, kInput, tensors, kSubject);
}

std::vector<Subject> decode(const BoxFormat& format, const std::vector<BoxTensor>& tensors) {
  return best_boxes(format, decode_all(format, tensors), format.threshold);
}

void expect_box(const Box& box, double left, double top, double right, double bottom) {
  EXPECT_NEAR(box.x * kInput.width, left, 1e-4);
  EXPECT_NEAR(box.y * kInput.height, top, 1e-4);
  EXPECT_NEAR((box.x + box.width) * kInput.width, right, 1e-4);
  EXPECT_NEAR((box.y + box.height) * kInput.height, bottom, 1e-4);
}

std::string refusal(const BoxFormat& format, const std::vector<BoxTensor>& tensors) {
  try {
    decode(format, tensors);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL);
    return error.what();
  }
  return "";
}

// Rows of a tensor, zero but for those that are set.
struct Table {
  Table(int64_t rows, int64_t columns) : shape{1, rows, columns} {
    values.assign(static_cast<size_t>(rows * columns), 0);
  }
  void set(int64_t row, const std::vector<float>& numbers) {
    std::copy(numbers.begin(), numbers.end(), values.begin() + row * shape[2]);
  }
  BoxTensor tensor(const std::string& name = "rows") const { return {name, values.data(), shape}; }
  std::vector<int64_t> shape;
  std::vector<float> values;
};

BoxFormat yolox() {
  BoxFormat format;
  format.layout = BoxLayout::kYolox;
  format.strides = {8, 16};  // 8 x 4 and 4 x 2 cells
  return format;
}

TEST(BoxDecoder, ReadsYoloxRowsRelativeToTheCellsOfEachStride) {
  Table table(40, 7);
  // Column 3, row 1 of stride 8: centre (3.5, 1.25) * 8 = (28, 10); sides exp(ln 2) * 8 = 16 and 8.
  table.set(8 + 3, {0.5f, 0.25f, std::log(2.0f), 0, 0.9f, 0.2f, 1});
  // Column 1, row 0 of stride 16: centre (16, 16), sides 16.
  table.set(32 + 1, {0, 1, 0, 0, 1, 0.8f, 0});
  const auto found = decode(yolox(), {table.tensor()});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_FLOAT_EQ(found[0].score, 0.9f) << "object times the best class, best first";
  expect_box(found[0].box, 20, 6, 36, 14);
  EXPECT_FLOAT_EQ(found[1].score, 0.8f);
  expect_box(found[1].box, 8, 8, 24, 24);
}

TEST(BoxDecoder, TakesTheWantedClassesAlone) {
  Table table(40, 7);
  table.set(0, {1, 1, 0, 0, 1, 0.9f, 0});
  table.set(20, {1, 1, 0, 0, 1, 0, 0.7f});
  BoxFormat format = yolox();
  format.classes = {1};
  const auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_FLOAT_EQ(found[0].score, 0.7f);
}

TEST(BoxDecoder, HandsOverWhateverScoresAboveALowFloorWithItsClass) {
  BoxFormat format;
  format.classes = {3};
  Table table(5, 6);
  table.set(0, {0, 0, 20, 20, 0.06f, 3});
  table.set(1, {1, 0, 21, 20, 0.9f, 3});   // over the first one
  table.set(2, {1, 0, 21, 20, 0.95f, 7});  // a class that is not wanted
  table.set(3, {30, 0, 50, 20, 0.04f, 3});
  table.set(4, {30, 0, 50, 20, 0.3f, 3});
  const auto all = decode_all(format, {table.tensor()});
  ASSERT_EQ(all.size(), 4u) << "all but the one under the floor, in the tensor's order";
  EXPECT_FLOAT_EQ(all[0].score, 0.06f);
  EXPECT_EQ(all[0].label, 3);
  EXPECT_EQ(all[2].label, 7);
  const auto best = best_boxes(format, all, format.threshold);
  ASSERT_EQ(best.size(), 1u) << "wanted, above the threshold, and better than what it overlaps";
  EXPECT_FLOAT_EQ(best[0].score, 0.9f);
  EXPECT_EQ(best_boxes(format, all, kLeastScore).size(), 2u) << "the weak one of the class too";
  format.threshold = 0.02;
  EXPECT_EQ(decode_all(format, {table.tensor()}).size(), 5u) << "the format's threshold is lower";
}

TEST(BoxDecoder, APlaceOfSeveralClassesIsHandedOverAsTheWantedOneAndAsTheBestOther) {
  Table table(40, 8);
  table.set(0, {1, 1, 0, 0, 1, 0.9f, 0.6f, 0.7f});
  BoxFormat format = yolox();
  format.classes = {1};
  const auto all = decode_all(format, {table.tensor()});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].label, 1);
  EXPECT_FLOAT_EQ(all[0].score, 0.6f);
  EXPECT_EQ(all[1].label, 0);
  EXPECT_FLOAT_EQ(all[1].score, 0.9f);
  const auto best = best_boxes(format, all, format.threshold);
  ASSERT_EQ(best.size(), 1u);
  EXPECT_EQ(best[0].label, 1);
}

TEST(BoxDecoder, ReadsYoloxRowsInPixelsWhereTheyAreDecoded) {
  Table table(1, 6);
  table.set(0, {32, 16, 20, 10, 1, 1});
  BoxFormat format = yolox();
  format.decoded = true;
  const auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 1u);
  expect_box(found[0].box, 22, 11, 42, 21);
}

TEST(BoxDecoder, ReadsYunetsThreeTensorsOfAStride) {
  BoxFormat format;
  format.layout = BoxLayout::kYunet;
  format.strides = {16};
  Table labels(8, 1), objects(8, 1), boxes(8, 4);
  labels.set(5, {0.9f});
  objects.set(5, {0.4f});
  boxes.set(5, {0.5f, 0.5f, 0, std::log(0.5f)});  // column 1, row 1: centre (24, 24)
  const auto found =
      decode(format, {labels.tensor("cls"), objects.tensor("obj"), boxes.tensor("bbox")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_FLOAT_EQ(found[0].score, 0.6f) << "the root of both scores' product";
  expect_box(found[0].box, 16, 20, 32, 28);
}

TEST(BoxDecoder, ReadsCornersInPixelsOrShares) {
  BoxFormat format;
  Table table(2, 6);
  table.set(0, {16, 8, 32, 16, 0.8f, 3});
  table.set(1, {0.25f, 0.25f, 0.5f, 0.5f, 0.4f, 3});
  auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 1u);
  expect_box(found[0].box, 16, 8, 32, 16);
  table.set(0, {0.25f, 0.25f, 0.5f, 0.5f, 0.8f, 3});
  format.normalised = true;
  found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 1u);
  expect_box(found[0].box, 16, 8, 32, 16);
  format.classes = {2};
  EXPECT_TRUE(decode(format, {table.tensor()}).empty());
  Table unlabelled(1, 5);
  unlabelled.set(0, {0.25f, 0.25f, 0.5f, 0.5f, 0.8f});
  format.classes = {};
  EXPECT_EQ(decode(format, {unlabelled.tensor()}).size(), 1u);
}

TEST(BoxDecoder, OfTwoThatOverlapTheBetterStays) {
  BoxFormat format;
  Table table(3, 5);
  table.set(0, {0, 0, 20, 20, 0.6f});
  table.set(1, {1, 0, 21, 20, 0.9f});    // 19 of 21 columns shared
  table.set(2, {30, 0, 50, 20, 0.55f});  // apart
  auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_FLOAT_EQ(found[0].score, 0.9f);
  EXPECT_FLOAT_EQ(found[1].score, 0.55f);
  format.overlap = 0.95;
  EXPECT_EQ(decode(format, {table.tensor()}).size(), 3u);
}

TEST(BoxDecoder, ABoxIsOfTheKindOfItsClass) {
  BoxFormat format;
  format.kinds = {SubjectKind::kFace, SubjectKind::kSubject};
  Table table(4, 6);
  table.set(0, {0, 0, 10, 10, 0.9f, 0});
  table.set(1, {20, 0, 30, 10, 0.8f, 1});
  table.set(2, {40, 0, 50, 10, 0.7f, 5});    // a class that is not listed
  table.set(3, {40, 20, 50, 30, 0.6f, -1});  // and one that is none
  const auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].kind, SubjectKind::kFace);
  for (size_t i = 1; i < 4; ++i) EXPECT_EQ(found[i].kind, SubjectKind::kSubject) << i;
  format.kinds = {SubjectKind::kFace};
  for (const Subject& each : decode(format, {table.tensor()})) {
    EXPECT_EQ(each.kind, SubjectKind::kFace) << "one kind is that of all classes";
  }
}

TEST(BoxDecoder, AFaceHidesNoPersonAndWhatTwoOtherClassesSeeInOnePlaceIsOneSubject) {
  BoxFormat format;
  format.kinds = {SubjectKind::kFace, SubjectKind::kSubject, SubjectKind::kSubject};
  Table table(4, 6);
  table.set(0, {0, 0, 20, 20, 0.9f, 0});   // a face that fills the picture
  table.set(1, {0, 0, 21, 21, 0.7f, 1});   // its person
  table.set(2, {0, 1, 21, 21, 0.6f, 2});   // taken for a thing, too
  table.set(3, {0, 0, 20, 19, 0.55f, 0});  // the face again
  const auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].label, 0);
  EXPECT_FLOAT_EQ(found[0].score, 0.9f);
  EXPECT_EQ(found[1].label, 1);
}

TEST(BoxDecoder, ClipsToTheInputAndDropsWhatLiesOutsideOrIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  BoxFormat format;
  Table table(6, 5);
  table.set(0, {-10, -10, 10, 10, 0.9f});
  table.set(1, {70, 0, 90, 10, 0.9f});
  table.set(2, {nan, 0, 30, 10, 0.9f});
  table.set(3, {30, 0, 20, 10, 0.9f});
  table.set(4, {20, 0, 30, 10, nan});
  table.set(5, {40, 0, inf, 10, 0.8f});
  const auto found = decode(format, {table.tensor()});
  ASSERT_EQ(found.size(), 2u);
  expect_box(found[0].box, 0, 0, 10, 10);
  expect_box(found[1].box, 40, 0, 64, 10);
}

TEST(BoxDecoder, HugeLogarithmsMakeNoTrouble) {
  Table table(40, 6);
  table.set(4, {0, 0, 1e30f, 1e30f, 1, 1});
  const auto found = decode(yolox(), {table.tensor()});
  ASSERT_EQ(found.size(), 1u);
  expect_box(found[0].box, 0, 0, 64, 32);
}

TEST(BoxDecoder, GivesNoMoreThanTheMost) {
  BoxFormat format;
  Table table(1000, 5);
  for (int i = 0; i < 1000; ++i) {
    const auto x = static_cast<float>(i % 64), y = static_cast<float>(i / 64);
    table.set(i, {x, y, x + 1, y + 1, 0.5f + 1e-4f * static_cast<float>(i)});
  }
  const auto found = decode(format, {table.tensor()});
  EXPECT_EQ(found.size(), kMostSubjects);
  EXPECT_FLOAT_EQ(found[0].score, 0.5999f);
}

TEST(BoxDecoder, TensorsOfAnotherShapeAreRefusedByName) {
  const Table short_table(39, 7), narrow(40, 5);
  EXPECT_NE(refusal(yolox(), {short_table.tensor("out")}).find("\"out\" is [1 x 39 x 7], not 40"),
            std::string::npos);
  EXPECT_NE(refusal(yolox(), {narrow.tensor()}).find("[1 x 40 x 5]"), std::string::npos);
  BoxFormat format;
  format.layout = BoxLayout::kYunet;
  format.strides = {16};
  const Table ones(8, 1), boxes(7, 4);
  const std::string sentence = refusal(format, {ones.tensor(), ones.tensor(), boxes.tensor("bb")});
  EXPECT_NE(sentence.find("\"bb\""), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("stride 16"), std::string::npos) << sentence;
  EXPECT_EQ(sentence.rfind(kSubject, 0), 0u) << sentence;
  Table batch(2, 5);
  batch.shape = {2, 1, 5};
  EXPECT_NE(refusal(BoxFormat(), {batch.tensor()}), "");
}

TEST(BoxDecoder, OverlapIsIntersectionOverUnion) {
  EXPECT_DOUBLE_EQ(overlap_of({0, 0, 1, 1}, {0, 0, 1, 1}), 1);
  EXPECT_DOUBLE_EQ(overlap_of({0, 0, 0.5, 1}, {0.5, 0, 0.5, 1}), 0);
  EXPECT_DOUBLE_EQ(overlap_of({0, 0, 0.4, 0.4}, {0.2, 0, 0.4, 0.4}), 1.0 / 3);
}

}  // namespace
}  // namespace smartcrop
