// SPDX-License-Identifier: MIT
#include "stage2_evidence/model.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "error.h"
#include "onnx_file.h"

namespace smartcrop {
namespace {

namespace fs = std::filesystem;

constexpr int kCell = 8;  // the test networks look at cells of so many samples a side
const Dimensions kImage{1, 3, 32, 48};
const Dimensions kMap{1, 1, 4, 6};
const char kInput[] = R"({"width":48,"height":32,"range":1})";

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
  std::unique_ptr<Model> load(const std::string& path, const std::string& device = "cpu") {
    const auto keep = [](void* cookie, int, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(line);
    };
    return load_model({path, device, 1}, Log(keep, &lines_));
  }
  std::string failure(const std::string& path, const std::string& device = "cpu") {
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

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "\"" << part << "\" is not in: " << text;
}

// Weights of a convolution that adds up its cell's means of the three channels, each times its
// factor.
std::vector<float> cell_weights(const std::array<float, 3>& factors) {
  std::vector<float> weights;
  for (const float factor : factors) {
    weights.insert(weights.end(), kCell * kCell, factor / (kCell * kCell));
  }
  return weights;
}

OnnxFile& add_cells(OnnxFile& file, const std::string& output,
                    const std::array<float, 3>& factors) {
  return file.constant("weights", {1, 3, kCell, kCell}, cell_weights(factors))
      .node("Conv", {"image", "weights"}, output, {{"strides", {kCell, kCell}}});
}

OnnxFile describe(OnnxFile file, const std::string& input = kInput) {
  return file.property("smartcrop.kind", "heatmap").property("smartcrop.input", input);
}

// Logits are the channels' means, each times its factor.
OnnxFile brightness_file(const std::array<float, 3>& factors) {
  OnnxFile file;
  file.input("image", kImage).output("map", kMap);
  add_cells(file, "map", factors);
  return file;
}

Proxy picture(uint8_t sample, Size size = {48, 32}) {
  Proxy proxy;
  proxy.width = size.width;
  proxy.height = size.height;
  for (auto& plane : proxy.planes)
    plane.assign(static_cast<size_t>(size.width * size.height), sample);
  return proxy;
}

void fill_cell(Proxy* proxy, int column, int row, const std::array<uint8_t, 3>& rgb) {
  for (size_t p = 0; p < 3; ++p) {
    for (int y = row * kCell; y < (row + 1) * kCell; ++y) {
      for (int x = column * kCell; x < (column + 1) * kCell; ++x) {
        proxy->planes[p][static_cast<size_t>(y * proxy->width + x)] = rgb[p];
      }
    }
  }
}

float at(const HeatMap& map, int column, int row) {
  return map.values[static_cast<size_t>(row * map.width + column)];
}

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

// Logits are the brightness times a counter that is carried from call to call.
OnnxFile counting_file() {
  OnnxFile file;
  file.input("image", kImage).input("count", {1}).output("map", kMap).output("counted", {1});
  file.constant("one", {1}, {1}).node("Add", {"count", "one"}, "counted");
  add_cells(file, "cells", {1, 1, 1}).node("Mul", {"cells", "counted"}, "map");
  return describe(file).property("smartcrop.state", R"([["count","counted"]])");
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
  EXPECT_NE(load(path, "auto"), nullptr);
  if (lines_.back().find("on CUDA") != std::string::npos) GTEST_SKIP() << "CUDA works here";
  if (describe_runtime().find("CUDA") != std::string::npos)
    expect_contains(lines_[0], "the CPU it is");
  expect_contains(failure(path, "cuda"), "device=cuda");
}

TEST_F(ModelTest, MissingFileFolderAndEmptyFileAreNamed) {
  if (describe_runtime().rfind("this build", 0) == 0) GTEST_SKIP() << describe_runtime();
  const std::string missing = (folder_ / "nothing.onnx").string();
  expect_contains(failure(missing), missing + ": there is no such file");
  expect_contains(failure(folder_.string()), "it is a folder");
  expect_contains(failure_of(""), "the file is empty");
}

TEST_F(RunningModelTest, FileThatIsNotOnnxOrIsCutOffIsRefused) {
  expect_contains(failure_of("This is a letter to the editor.\n"),
                  "cannot be opened as an ONNX file");
  const std::string whole = describe(brightness_file({1, 1, 1})).bytes();
  for (const size_t part : {whole.size() / 4, whole.size() / 2, whole.size() - 3}) {
    EXPECT_NE(failure_of(whole.substr(0, part)), "it was loaded") << part;
  }
}

TEST_F(RunningModelTest, FileThatDoesNotDescribeItselfSaysWhatIsMissing) {
  expect_contains(failure_of(brightness_file({1, 1, 1}).bytes()), "smartcrop.kind is missing");
  OnnxFile file = brightness_file({1, 1, 1});
  expect_contains(failure_of(file.property("smartcrop.kind", "heatmap").bytes()),
                  "smartcrop.input is missing");
}

TEST_F(RunningModelTest, KindThatIsNotSupportedIsNamed) {
  for (const std::string kind : {"boxes", "horoscope"}) {
    OnnxFile file = brightness_file({1, 1, 1});
    file.property("smartcrop.kind", kind).property("smartcrop.input", kInput);
    const std::string sentence = failure_of(file.bytes());
    expect_contains(sentence, "\"" + kind + "\"");
    expect_contains(sentence, "not support");
  }
}

TEST_F(RunningModelTest, MalformedInputDescriptionIsRefused) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{", "not JSON"},
      {"[1]", "not a JSON object"},
      {R"({"width":48})", "\"height\""},
      {R"({"width":4.5,"height":32})", "\"width\""},
      {R"({"width":48,"height":2})", "\"height\" 2"},
      {R"({"width":48,"height":99999})", "\"height\" 99999"},
      {R"({"width":48,"height":32,"order":"GBR"})", "GBR"},
      {R"({"width":48,"height":32,"mean":[1,2]})", "\"mean\""},
      {R"({"width":48,"height":32,"mean":[1,2,"x"]})", "\"mean\""},
      {R"({"width":48,"height":32,"std":[1,0,1]})", "\"std\""},
      {R"({"width":48,"height":32,"range":0})", "\"range\""},
      {R"({"width":48,"height":32,"fit":"crop"})", "\"fit\""},
      {R"({"width":48,"height":32,"pad_value":300})", "\"pad_value\""},
      {R"({"width":48,"height":32,"name":7})", "\"name\""},
      {R"({"width":48,"height":32,"colour":"RGB"})", "\"colour\""},
      {R"({"width":48,"height":32,"name":"picture"})", "no input \"picture\""},
      {R"({"width":64,"height":32})", "[1 x 3 x 32 x 64]"},
  };
  for (const auto& [input, part] : cases) {
    OnnxFile file = brightness_file({1, 1, 1});
    expect_contains(failure_of(describe(file, input).bytes()), part);
  }
}

// A network that hands an input of some shape and type through, for what is wrong with tensors.
std::string through(const Dimensions& image, const Dimensions& map, uint64_t type = kFloat32) {
  OnnxFile file;
  file.input("image", image, type).output("map", map, type).node("Identity", {"image"}, "map");
  return describe(file).bytes();
}

TEST_F(RunningModelTest, TensorsOfAnotherShapeOrTypeAreRefused) {
  expect_contains(failure_of(through({3, 32, 48}, {3, 32, 48})), "three channels");
  expect_contains(failure_of(through({1, 1, 32, 48}, {1, 1, 32, 48})), "three channels");
  expect_contains(failure_of(through({2, 3, 32, 48}, {2, 3, 32, 48})), "three channels");
  expect_contains(failure_of(through(kImage, kImage)), "map of one channel");
  expect_contains(failure_of(through(kImage, kImage, kFloat16)), "float16, not float32");
  OnnxFile file;
  file.input("image", kImage).output("map", kMap, kFloat16);
  add_cells(file, "cells", {1, 1, 1}).cast("cells", "map", kFloat16);
  expect_contains(failure_of(describe(file).bytes()), "output \"map\" is float16");
}

TEST_F(RunningModelTest, MapOfOpenSizeThatIsNoGridIsFoundWhenOpened) {
  OnnxFile file;
  file.input("image", kImage).output("map", {-1, -1, -1, -1});
  file.node("GlobalAveragePool", {"image"}, "pooled");
  file.node("Identity", {"pooled"}, "map");
  expect_contains(failure_of(describe(file).bytes()), "[1 x 3 x 1 x 1]");
}

TEST_F(RunningModelTest, SeveralOutputsNeedTheMapsName) {
  OnnxFile file = brightness_file({1, 1, 1});
  file.output("twin", kMap).node("Neg", {"map"}, "twin");
  file = describe(file);
  expect_contains(failure_of(file.bytes()), "smartcrop.output");
  OnnxFile named = file;
  named.property("smartcrop.output", "twin");
  Proxy bright = picture(0);
  fill_cell(&bright, 1, 1, {255, 255, 255});
  const HeatMap map = load(save(named.bytes()))->run(bright);
  EXPECT_LT(at(map, 1, 1), at(map, 0, 0));
  file.property("smartcrop.output", "triplet");
  expect_contains(failure_of(file.bytes()), "no output \"triplet\"");
}

TEST_F(RunningModelTest, StateThatDoesNotFitTheFileIsRefused) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"count", "not JSON"},
      {R"([["count"]])", "pairs"},
      {R"([["count","gone"]])", "no such output"},
      {R"([["gone","counted"]])", "no such input"},
      {R"([["count","counted"],["count","map"]])", "twice"},
      {R"([["count","wide"]])", "[2]"},
  };
  for (const auto& [state, part] : cases) {
    OnnxFile file;
    file.input("image", kImage).input("count", {1}).output("map", kMap).output("counted", {1});
    file.constant("one", {1}, {1}).constant("two", {2}, {1, 1}).output("wide", {2});
    file.node("Add", {"count", "one"}, "counted").node("Add", {"count", "two"}, "wide");
    add_cells(file, "map", {1, 1, 1});
    file = describe(file).property("smartcrop.output", "map").property("smartcrop.state", state);
    expect_contains(failure_of(file.bytes()), part);
  }
  OnnxFile forgotten = counting_file();
  expect_contains(failure_of(forgotten.property("smartcrop.state", "[]").bytes()), "2 inputs");
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
