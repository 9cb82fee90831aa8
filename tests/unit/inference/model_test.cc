// SPDX-License-Identifier: MIT
#include "inference/model.h"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "inference/model_fixture.h"

namespace smartcrop {
namespace {

TEST_F(RunningModelTest, MapIsTheSoftmaxOfTheLogits) {
  auto model = load(save(describe(brightness_file({2, 2, 2})).bytes()));
  Proxy bright = picture(51);  // 0.2
  fill_cell(&bright, 4, 1, {255, 255, 255});
  const HeatMap map = model->run(bright);
  ASSERT_EQ(map.width, 6);
  ASSERT_EQ(map.height, 4);
  const double dim = std::exp(6 * 0.2), peak = std::exp(6 * 1.0);
  const double sum = 23 * dim + peak;
  for (int i = 0; i < 24; ++i) {
    EXPECT_NEAR(map.values[static_cast<size_t>(i)], (i == 10 ? peak : dim) / sum, 1e-5) << i;
  }
  EXPECT_GT(map.confidence, 0.2f);
}

TEST_F(RunningModelTest, ChannelsMeanStandardDeviationAndRangeReachTheTensor) {
  // Each channel takes another way into the logits, so that a swap shows; and they are squared,
  // since a softmax does not see what is added to all.
  const std::array<float, 3> factors{0.5f, 0.25f, -0.25f};
  const std::array<double, 3> mean{0.1, 0.2, 0.3}, deviation{0.2, 0.25, 0.3};
  const std::string numbers = R"("range":1,"mean":[0.1,0.2,0.3],"std":[0.2,0.25,0.3]})";
  for (const bool bgr : {false, true}) {
    OnnxFile file;
    file.input("image", kImage).output("map", kMap);
    add_cells(file, "cells", factors).node("Mul", {"cells", "cells"}, "map");
    const std::string order = bgr ? R"("order":"BGR",)" : R"("order":"RGB",)";
    file = describe(file, R"({"name":"image","width":48,"height":32,)" + order + numbers);
    auto model = load(save(file.bytes()));
    Proxy black = picture(0);
    fill_cell(&black, 2, 3, {200, 100, 40});
    const HeatMap map = model->run(black);
    const auto logit = [&](const std::array<double, 3>& rgb) {
      double sum = 0;
      for (size_t c = 0; c < 3; ++c) {
        sum += factors[c] * (rgb[bgr ? 2 - c : c] / 255 - mean[c]) / deviation[c];
      }
      return sum * sum;
    };
    EXPECT_NEAR(std::log(at(map, 2, 3) / at(map, 0, 0)), logit({200, 100, 40}) - logit({0, 0, 0}),
                1e-3)
        << bgr;
  }
}

TEST_F(RunningModelTest, UniformMapHasNoConfidenceAndOneCellHasAll) {
  auto model = load(save(describe(brightness_file({100, 100, 100})).bytes()));
  Proxy grey = picture(77);
  EXPECT_NEAR(model->run(grey).confidence, 0, 1e-5);
  fill_cell(&grey, 0, 0, {255, 255, 255});
  EXPECT_NEAR(model->run(grey).confidence, 1, 1e-5);
}

TEST_F(RunningModelTest, OpenSizesAreTakenFromTheMetadata) {
  OnnxFile file;
  file.input("image", {-1, 3, -1, -1}).output("map", {-1, 1, -1, -1});
  add_cells(file, "map", {1, 1, 1});
  file = describe(file, R"({"width":80,"height":24,"range":1,"fit":"pad","pad_value":114})");
  auto model = load(save(file.bytes()));
  EXPECT_EQ(model->input_size().width, 80);
  EXPECT_EQ(model->input_size().height, 24);
  EXPECT_EQ(model->fit(), ModelFit::kPad);
  EXPECT_EQ(model->pad_value(), 114);
  const HeatMap map = model->run(picture(0, {80, 24}));
  EXPECT_EQ(map.width, 10);
  EXPECT_EQ(map.height, 3);
}

TEST_F(RunningModelTest, StateIsCarriedFromCallToCallAndZeroedByReset) {
  auto model = load(save(counting_file().bytes()));
  Proxy bright = picture(0);
  fill_cell(&bright, 1, 1, {255, 255, 255});
  const auto contrast = [&] {
    const HeatMap map = model->run(bright);
    return std::log(at(map, 1, 1) / at(map, 0, 0)) / 3;
  };
  EXPECT_NEAR(contrast(), 1, 1e-4);  // trying it out at loading must leave no trace
  EXPECT_NEAR(contrast(), 2, 1e-4);
  EXPECT_NEAR(contrast(), 3, 1e-4);
  model->reset_state();
  EXPECT_NEAR(contrast(), 1, 1e-4);
}

TEST_F(RunningModelTest, TwoModelsInOneProcessAreIndependent) {
  auto first = load(save(counting_file().bytes()));
  auto second = load(save(counting_file().bytes()));
  Proxy bright = picture(0);
  fill_cell(&bright, 1, 1, {255, 255, 255});
  const float once = at(first->run(bright), 1, 1);
  EXPECT_NE(at(first->run(bright), 1, 1), once);
  EXPECT_EQ(at(second->run(bright), 1, 1), once);
  first.reset();
  EXPECT_NE(at(second->run(bright), 1, 1), once);
}

TEST_F(RunningModelTest, MapThatIsNotFiniteIsAFailedInferenceAndLeavesTheStateAlone) {
  // The logarithm of what is negative in a black picture, times a counter that is carried.
  OnnxFile file;
  file.input("image", kImage).input("count", {1}).output("map", kMap).output("counted", {1});
  file.constant("one", {1}, {1}).constant("some", {1}, {0.3f});
  add_cells(file, "cells", {1, 1, 1}).node("Sub", {"cells", "some"}, "less");
  file.node("Add", {"count", "one"}, "counted").node("Log", {"less"}, "logs");
  file.node("Mul", {"logs", "counted"}, "map");
  file = describe(file).property("smartcrop.state", R"([["count","counted"]])");
  auto model = load(save(file.bytes()));
  Proxy bright = picture(128);
  fill_cell(&bright, 1, 1, {255, 255, 255});
  const float once = at(model->run(bright), 1, 1);
  model->reset_state();
  try {
    model->run(picture(0));
    FAIL() << "a map of NaN was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL);
    expect_contains(error.what(), "not finite");
  }
  EXPECT_EQ(at(model->run(bright), 1, 1), once);
}

TEST_F(RunningModelTest, LicenceTrainingDataAndVersionAreLogged) {
  OnnxFile file = describe(brightness_file({1, 1, 1}));
  file.property("smartcrop.licence", "MIT").property("smartcrop.version", "7b");
  load(save(file.property("smartcrop.trained_on", "ducks").bytes()));
  ASSERT_EQ(lines_.size(), 1u);
  expect_contains(lines_[0], "licence MIT");
  expect_contains(lines_[0], "version 7b");
  expect_contains(lines_[0], "trained on ducks");
}

TEST_F(RunningModelTest, AutomaticDeviceFallsBackToTheProcessorAndCudaWithoutItSaysSo) {
  const std::string path = save(describe(brightness_file({1, 1, 1})).bytes());
  EXPECT_NE(load(path, DeviceChoice::kAuto), nullptr);
  if (lines_.back().find("on CUDA") != std::string::npos) GTEST_SKIP() << "CUDA works here";
  if (describe_runtime().find("CUDA") != std::string::npos)
    expect_contains(lines_[0], "the CPU it is");
  expect_contains(failure(path, DeviceChoice::kCuda), "device=cuda");
}

TEST_F(RunningModelTest, ChosenRuntimeThatIsNotThereIsNotReplacedByAnother) {
  const std::string path = save(describe(brightness_file({1, 1, 1})).bytes());
  ASSERT_NE(load(path), nullptr);
  const std::string nowhere = (folder_ / "nowhere").string();
  setenv("SMARTCROP_ONNXRUNTIME", nowhere.c_str(), 1);
  expect_contains(failure(path), nowhere);
  expect_contains(describe_runtime(), nowhere);
  setenv("SMARTCROP_ONNXRUNTIME", folder_.c_str(), 1);
  expect_contains(failure(path), "no libonnxruntime.so there");
}

TEST_F(RunningModelTest, LibraryThatIsNotTheRuntimeIsNamed) {
  Dl_info info;
  ASSERT_NE(dladdr(reinterpret_cast<const void*>(&dlopen), &info), 0);
  setenv("SMARTCROP_ONNXRUNTIME", info.dli_fname, 1);
  expect_contains(describe_runtime(), "is not ONNX Runtime");
  const std::string file = save("no library either");
  setenv("SMARTCROP_ONNXRUNTIME", file.c_str(), 1);
  expect_contains(describe_runtime(), file);
}

// The published gaze network, given its description by appending it to the file.
TEST_F(RunningModelTest, GazeNetworkFindsAFaceLikeBlobWhereItIsPresent) {
  const char* data = std::getenv("SMARTCROP_TEST_MODELS");
  const fs::path beside = fs::path(__FILE__).parent_path() / "../../../shared/models";
  const fs::path file = (data == nullptr ? beside : fs::path(data)) / "fastgaze.onnx";
  if (!fs::exists(file)) {
    GTEST_SKIP() << file << " is not here; set SMARTCROP_TEST_MODELS to the folder of it";
  }
  std::ifstream stream(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  bytes += OnnxFile::property_bytes("smartcrop.kind", "heatmap");
  bytes += OnnxFile::property_bytes(
      "smartcrop.input",
      R"({"name":"rgb","width":320,"height":240,"order":"BGR","mean":[103.94,116.78,123.68]})");
  auto model = load(save(bytes));
  Proxy scene = picture(90, {320, 240});
  for (int y = 140; y < 190; ++y) {
    for (int x = 220; x < 260; ++x) {
      const auto i = static_cast<size_t>(y * 320 + x);
      scene.planes[0][i] = 230, scene.planes[1][i] = 160, scene.planes[2][i] = 120;
    }
  }
  const HeatMap map = model->run(scene);
  EXPECT_EQ(map.width, 20);
  EXPECT_EQ(map.height, 15);
  const auto peak = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
  EXPECT_NEAR(static_cast<double>(peak % 20) + 0.5, 240 / 16.0, 2.5);
  EXPECT_NEAR(static_cast<double>(peak / 20) + 0.5, 165 / 16.0, 2.5);
}

}  // namespace
}  // namespace smartcrop
