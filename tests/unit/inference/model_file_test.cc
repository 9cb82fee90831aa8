// SPDX-License-Identifier: MIT
// Files that are no models, or not what they say: each is refused when it is opened, in one
// sentence.
#include <utility>

#include "inference/model_fixture.h"

namespace smartcrop {
namespace {

using ModelFileTest = ModelTest;
using RunningModelFileTest = RunningModelTest;

TEST_F(ModelFileTest, MissingFileFolderAndEmptyFileAreNamed) {
  if (describe_runtime().rfind("this build", 0) == 0) GTEST_SKIP() << describe_runtime();
  const std::string missing = (folder_ / "nothing.onnx").string();
  expect_contains(failure(missing), missing + ": there is no such file");
  expect_contains(failure(folder_.string()), "it is a folder");
  expect_contains(failure_of(""), "the file is empty");
}

TEST_F(RunningModelFileTest, FileThatIsNotOnnxOrIsCutOffIsRefused) {
  expect_contains(failure_of("This is a letter to the editor.\n"),
                  "cannot be opened as an ONNX file");
  const std::string whole = describe(brightness_file({1, 1, 1})).bytes();
  for (const size_t part : {whole.size() / 4, whole.size() / 2, whole.size() - 3}) {
    EXPECT_NE(failure_of(whole.substr(0, part)), "it was loaded") << part;
  }
}

TEST_F(RunningModelFileTest, FileThatDoesNotDescribeItselfSaysWhatIsMissing) {
  expect_contains(failure_of(brightness_file({1, 1, 1}).bytes()), "smartcrop.kind is missing");
  OnnxFile file = brightness_file({1, 1, 1});
  expect_contains(failure_of(file.property("smartcrop.kind", "heatmap").bytes()),
                  "smartcrop.input is missing");
}

TEST_F(RunningModelFileTest, KindThatIsNotSupportedIsNamed) {
  for (const std::string kind : {"box", "horoscope"}) {
    OnnxFile file = brightness_file({1, 1, 1});
    file.property("smartcrop.kind", kind).property("smartcrop.input", kInput);
    const std::string sentence = failure_of(file.bytes());
    expect_contains(sentence, "\"" + kind + "\"");
    expect_contains(sentence, "not support");
  }
}

TEST_F(RunningModelFileTest, MalformedInputDescriptionIsRefused) {
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

TEST_F(RunningModelFileTest, TensorsOfAnotherShapeOrTypeAreRefused) {
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

TEST_F(RunningModelFileTest, MapOfOpenSizeThatIsNoGridIsFoundWhenOpened) {
  OnnxFile file;
  file.input("image", kImage).output("map", {-1, -1, -1, -1});
  file.node("GlobalAveragePool", {"image"}, "pooled");
  file.node("Identity", {"pooled"}, "map");
  expect_contains(failure_of(describe(file).bytes()), "[1 x 3 x 1 x 1]");
}

TEST_F(RunningModelFileTest, SeveralOutputsNeedTheMapsName) {
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

TEST_F(RunningModelFileTest, StateThatDoesNotFitTheFileIsRefused) {
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

}  // namespace
}  // namespace smartcrop
