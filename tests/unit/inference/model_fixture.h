// SPDX-License-Identifier: MIT
// What the tests of models share: small networks whose answers are known, and a place for them.
#ifndef SMARTCROP_TESTS_UNIT_INFERENCE_MODEL_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_INFERENCE_MODEL_FIXTURE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "error.h"
#include "inference/model.h"
#include "inference/onnx_file.h"

namespace smartcrop {

namespace fs = std::filesystem;

constexpr int kCell = 8;  // the test networks look at cells of so many samples a side
inline const Dimensions kImage{1, 3, 32, 48};
inline const Dimensions kMap{1, 1, 4, 6};
inline constexpr char kInput[] = R"({"width":48,"height":32,"range":1})";

// A folder of its own for each test, and the environment as it was afterwards.
class ModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) /
              ("smartcrop_" + std::string(test->name()) + "_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    const char* runtime = std::getenv("SMARTCROP_ONNXRUNTIME");
    if (runtime != nullptr) runtime_ = runtime;
  }
  void TearDown() override {
    fs::remove_all(folder_);
    if (runtime_.empty()) {
      unsetenv("SMARTCROP_ONNXRUNTIME");
    } else {
      setenv("SMARTCROP_ONNXRUNTIME", runtime_.c_str(), 1);
    }
  }
  std::string save(const std::string& bytes) const {
    const std::string path = (folder_ / "model.onnx").string();
    write_file(path, bytes);
    return path;
  }
  std::unique_ptr<Model> load(const std::string& path, DeviceChoice device = DeviceChoice::kCpu) {
    const auto keep = [](void* cookie, int, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(line);
    };
    return load_model({path, device, 1}, Log(keep, &lines_));
  }
  std::string failure(const std::string& path, DeviceChoice device = DeviceChoice::kCpu) {
    try {
      load(path, device);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      return error.what();
    }
    return "it was loaded";
  }
  // The sentence about these bytes, which has to name the file.
  std::string failure_of(const std::string& bytes) {
    const std::string path = save(bytes);
    const std::string sentence = failure(path);
    EXPECT_NE(sentence.find(path), std::string::npos) << sentence;
    return sentence;
  }

  fs::path folder_;
  std::string runtime_;
  std::vector<std::string> lines_;
};

// For the tests that need a runtime to get anywhere.
class RunningModelTest : public ModelTest {
 protected:
  void SetUp() override {
    ModelTest::SetUp();
    const std::string found = describe_runtime();
    if (found.rfind("ONNX Runtime", 0) != 0) GTEST_SKIP() << found;
  }
};

inline void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "\"" << part << "\" is not in: " << text;
}

// Weights of a convolution that adds up its cell's means of the three channels, each times its
// factor.
inline std::vector<float> cell_weights(const std::array<float, 3>& factors) {
  std::vector<float> weights;
  for (const float factor : factors) {
    weights.insert(weights.end(), kCell * kCell, factor / (kCell * kCell));
  }
  return weights;
}

inline OnnxFile& add_cells(OnnxFile& file, const std::string& output,
                           const std::array<float, 3>& factors) {
  return file.constant("weights", {1, 3, kCell, kCell}, cell_weights(factors))
      .node("Conv", {"image", "weights"}, output, {{"strides", {kCell, kCell}}});
}

inline OnnxFile describe(OnnxFile file, const std::string& input = kInput) {
  return file.property("smartcrop.kind", "heatmap").property("smartcrop.input", input);
}

// Logits are the channels' means, each times its factor.
inline OnnxFile brightness_file(const std::array<float, 3>& factors) {
  OnnxFile file;
  file.input("image", kImage).output("map", kMap);
  add_cells(file, "map", factors);
  return file;
}

inline Proxy picture(uint8_t sample, Size size = {48, 32}) {
  Proxy proxy;
  proxy.width = size.width;
  proxy.height = size.height;
  for (auto& plane : proxy.planes)
    plane.assign(static_cast<size_t>(size.width * size.height), sample);
  return proxy;
}

inline void fill_cell(Proxy* proxy, int column, int row, const std::array<uint8_t, 3>& rgb) {
  for (size_t p = 0; p < 3; ++p) {
    for (int y = row * kCell; y < (row + 1) * kCell; ++y) {
      for (int x = column * kCell; x < (column + 1) * kCell; ++x) {
        proxy->planes[p][static_cast<size_t>(y * proxy->width + x)] = rgb[p];
      }
    }
  }
}

inline float at(const HeatMap& map, int column, int row) {
  return map.values[static_cast<size_t>(row * map.width + column)];
}

// Logits are the brightness times a counter that is carried from call to call.
inline OnnxFile counting_file() {
  OnnxFile file;
  file.input("image", kImage).input("count", {1}).output("map", kMap).output("counted", {1});
  file.constant("one", {1}, {1}).node("Add", {"count", "one"}, "counted");
  add_cells(file, "cells", {1, 1, 1}).node("Mul", {"cells", "counted"}, "map");
  return describe(file).property("smartcrop.state", R"([["count","counted"]])");
}

inline constexpr char kCorners[] = R"({"layout":"xyxy","threshold":0.3})";

// Answers one box of known corners, whose score is the brightness.
inline OnnxFile corner_file(const std::string& boxes = kCorners) {
  const size_t count = 3 * 32 * 48;
  std::vector<float> weights(5 * count, 0.0f);
  std::fill(weights.end() - count, weights.end(), 1.0f / static_cast<float>(count));
  OnnxFile file;
  file.input("image", kImage).output("rows", {1, 5});
  file.constant("weights", {5, 3, 32, 48}, weights).constant("place", {5}, {12, 8, 36, 24, 0});
  file.node("Conv", {"image", "weights", "place"}, "row").node("Flatten", {"row"}, "rows");
  file.property("smartcrop.kind", "boxes").property("smartcrop.input", kInput);
  return boxes.empty() ? file : file.property("smartcrop.boxes", boxes);
}

// ---- a tracker of two files

inline constexpr char kSearch[] = R"({"width":48,"height":48,"range":1})";
inline constexpr char kTrackerCells[] =
    R"({"trunk":"trunk.onnx","template":16,"context":0.5,"cells":[2,4],"score":"sigmoid"})";

// Its features: the mean colours of cells of 4 samples a side.
inline OnnxFile trunk_file() {
  std::vector<float> weights(3 * 3 * 16, 0.0F);
  for (size_t i = 0; i < 3; ++i) {
    std::fill_n(weights.begin() + static_cast<ptrdiff_t>(4 * i * 16), 16, 1.0F / 16);
  }
  OnnxFile file;
  file.input("picture", {1, 3, -1, -1}).output("features", {1, 3, -1, -1});
  return file.constant("weights", {3, 3, 4, 4}, weights)
      .node("Conv", {"picture", "weights"}, "features", {{"strides", {4, 4}}});
}

// How much a cell's colour is that of the middle of the subject's picture, as a logit; the boxes
// are of the subject's size.
inline OnnxFile& add_comparison(OnnxFile& file, const std::string& score) {
  std::vector<float> middle(3 * 3 * 16, 0.0F);
  for (size_t i = 0; i < 3; ++i) {
    for (const size_t cell : {5U, 6U, 9U, 10U}) middle[4 * i * 16 + cell] = 0.25F;
  }
  return file.constant("middle", {3, 3, 4, 4}, middle)
      .constant("far", {1, 3, 1, 1}, {-20, -20, -20})
      .constant("near", {1}, {4})
      .node("Conv", {"template", "middle"}, "wanted")
      .node("Sub", {"search", "wanted"}, "difference")
      .node("Abs", {"difference"}, "distance")
      .node("Conv", {"distance", "far", "near"}, score);
}

inline OnnxFile& add_tracked_boxes(OnnxFile& file, const std::string& box) {
  return file.constant("none", {4, 3, 1, 1}, std::vector<float>(12, 0.0F))
      .constant("sides", {4}, {4, 4, 4, 4})
      .node("Conv", {"search", "none", "sides"}, box);
}

inline OnnxFile tracker_head() {
  OnnxFile file;
  file.input("template", {1, 3, -1, -1}).input("search", {1, 3, -1, -1});
  file.output("score", {1, -1, -1, -1}).output("box", {1, 4, -1, -1});
  return file;
}

inline OnnxFile describe_tracker(OnnxFile file, const std::string& tracker = kTrackerCells,
                                 const std::string& input = kSearch) {
  return file.property("smartcrop.kind", "tracker")
      .property("smartcrop.input", input)
      .property("smartcrop.tracker", tracker);
}

inline OnnxFile tracker_file() {
  OnnxFile file = tracker_head();
  add_comparison(file, "score");
  add_tracked_boxes(file, "box");
  return file;
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_INFERENCE_MODEL_FIXTURE_H_
