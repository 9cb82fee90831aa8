// SPDX-License-Identifier: MIT
#include "inference/model_source.h"

#include <string>

#include "inference/model_fixture.h"
#include "options.h"

namespace smartcrop {
namespace {

class ModelSourceTest : public ModelTest {
 protected:
  void SetUp() override {
    ModelTest::SetUp();
    before_ = fs::current_path();
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(before_);
    ModelTest::TearDown();
  }
  static std::string refusal(const std::string& name) {
    try {
      find_model(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL);
      return error.what();
    }
    return "it was found";
  }

  fs::path before_;
};

TEST_F(ModelSourceTest, TheDefaultIsTheFirstOfTheBuiltInModels) {
  EXPECT_STREQ(builtin_model_at(0), find_option_row("model")->default_value);
  EXPECT_STREQ(builtin_model_at(1), "center");
  EXPECT_EQ(builtin_model_at(2), nullptr);
  EXPECT_EQ(builtin_model_at(-1), nullptr);
}

TEST_F(ModelSourceTest, EachBuiltInModelIsAnOnnxFileOfAtMostFourMebibytes) {
  for (int i = 0; builtin_model_at(i) != nullptr; ++i) {
    const ModelSource source = find_model(builtin_model_at(i));
    EXPECT_EQ(source.subject, std::string("built-in model ") + builtin_model_at(i));
    EXPECT_EQ(source.path, "");
    ASSERT_NE(source.bytes, nullptr);
    EXPECT_GT(source.size, 100u << 10);
    EXPECT_LE(source.size, 4u << 20);
    const std::string bytes(static_cast<const char*>(source.bytes), source.size);
    EXPECT_EQ(bytes[0], 8) << "an ONNX file begins with its version, field 1";
    EXPECT_NE(bytes.find("smartcrop.kind"), std::string::npos);
  }
  EXPECT_NE(find_model("saliency").bytes, find_model("center").bytes);
}

TEST_F(ModelSourceTest, ABuiltInNameWinsOverAFileUnlessAPathIsGiven) {
  write_file("saliency", "a file");
  EXPECT_NE(find_model("saliency").bytes, nullptr);
  for (const std::string path : {std::string("./saliency"), (folder_ / "saliency").string()}) {
    const ModelSource source = find_model(path);
    EXPECT_EQ(source.bytes, nullptr);
    EXPECT_EQ(source.path, path);
    EXPECT_EQ(source.subject, "model " + path);
  }
}

TEST_F(ModelSourceTest, AFileNeedsNoFolderInItsName) {
  write_file("mine.onnx", "a file");
  EXPECT_EQ(find_model("mine.onnx").path, "mine.onnx");
}

TEST_F(ModelSourceTest, AnUnknownNameIsToldWhichNamesThereAre) {
  for (const std::string name : {"foo", "Saliency", "saliency ", "centre"}) {
    const std::string sentence = refusal(name);
    expect_contains(sentence, "model " + name + ": ");
    expect_contains(sentence, "saliency, center");
    expect_contains(sentence, "or none");
  }
  expect_contains(refusal(""), "model \"\": there is no such file");
}

TEST_F(ModelSourceTest, FolderAndEmptyFileAreNamed) {
  expect_contains(refusal("."), "model .: it is a folder");
  write_file("empty.onnx", "");
  expect_contains(refusal("empty.onnx"), "model empty.onnx: the file is empty");
}

}  // namespace
}  // namespace smartcrop
