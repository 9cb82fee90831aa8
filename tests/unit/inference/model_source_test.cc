// SPDX-License-Identifier: MIT
#include "inference/model_source.h"

#include <array>
#include <map>
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
  static ModelSource find(const std::string& name) { return find_model(ModelKind::kHeatmap, name); }
  static ModelSource detector(const std::string& name) {
    return find_model(ModelKind::kBoxes, name);
  }
  static std::string refusal(const std::string& name, ModelKind kind = ModelKind::kHeatmap) {
    try {
      find_model(kind, name);
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
  EXPECT_STREQ(builtin_model_at(2), "subjects");
  EXPECT_STREQ(builtin_model_at(3), "tracker");
  EXPECT_EQ(builtin_model_at(4), nullptr) << "a part of another network is not offered";
  EXPECT_EQ(builtin_model_at(-1), nullptr);
}

TEST_F(ModelSourceTest, EachBuiltInModelIsAnOnnxFileOfAtMostFourMebibytes) {
  for (int i = 0; builtin_model_at(i) != nullptr; ++i) {
    const std::string name = builtin_model_at(i);
    const ModelSource source = name == "subjects"  ? detector(name)
                               : name == "tracker" ? find_model(ModelKind::kTracker, name)
                                                   : find(name);
    EXPECT_EQ(source.subject, "built-in model " + name);
    EXPECT_EQ(source.path, "");
    ASSERT_NE(source.bytes, nullptr);
    EXPECT_GT(source.size, 100u << 10);
    EXPECT_LE(source.size, 4u << 20);
    const std::string bytes(static_cast<const char*>(source.bytes), source.size);
    EXPECT_EQ(bytes[0], 8) << "an ONNX file begins with its version, field 1";
    EXPECT_NE(bytes.find("smartcrop.kind"), std::string::npos);
  }
  EXPECT_NE(find("saliency").bytes, find("center").bytes);
}

TEST_F(ModelSourceTest, ABuiltInModelOfAnotherKindIsRefusedByTheOptionThatTakesIt) {
  EXPECT_EQ(refusal("subjects"),
            "model subjects: this built-in model answers boxes; give it as subjects= instead");
  EXPECT_EQ(refusal("center", ModelKind::kBoxes),
            "subjects center: this built-in model answers a heatmap; give it as model= instead");
}

// The folder of the user's networks, as the environment names it.
class UserModels : public ModelSourceTest {
 protected:
  static constexpr std::array<const char*, 3> kNames{"SMARTCROP_MODELS", "XDG_CACHE_HOME", "HOME"};

  void SetUp() override {
    ModelSourceTest::SetUp();
    for (const char* name : kNames) {
      const char* const value = std::getenv(name);
      before_of_[name] = value == nullptr ? "" : value;
      unsetenv(name);
    }
  }
  void TearDown() override {
    for (const auto& [name, value] : before_of_) {
      value.empty() ? unsetenv(name.c_str()) : setenv(name.c_str(), value.c_str(), 1);
    }
    ModelSourceTest::TearDown();
  }
  void use(const char* variable, const fs::path& folder) { setenv(variable, folder.c_str(), 1); }

  std::map<std::string, std::string> before_of_;
};

TEST_F(UserModels, LieWhereTheEnvironmentSays) {
  EXPECT_EQ(models_folder(), "");
  use("HOME", "/home/her");
  EXPECT_EQ(models_folder(), "/home/her/.cache/smartcrop/models");
  use("XDG_CACHE_HOME", "not/absolute");
  EXPECT_EQ(models_folder(), "/home/her/.cache/smartcrop/models");
  use("XDG_CACHE_HOME", "/caches");
  EXPECT_EQ(models_folder(), "/caches/smartcrop/models");
  use("SMARTCROP_MODELS", "/networks");
  EXPECT_EQ(models_folder(), "/networks");
}

TEST_F(UserModels, AreFoundByTheirNames) {
  const fs::path zoo = folder_ / "zoo";
  fs::create_directories(zoo);
  write_file((zoo / "yunet.onnx").string(), "a network");
  write_file((zoo / "center.onnx").string(), "a network");
  EXPECT_NE(refusal("yunet", ModelKind::kBoxes), "it was found");
  use("SMARTCROP_MODELS", zoo);
  const ModelSource source = detector("yunet");
  EXPECT_EQ(source.path, (zoo / "yunet.onnx").string());
  EXPECT_EQ(source.subject, "subjects yunet");
  EXPECT_EQ(source.bytes, nullptr);
  EXPECT_EQ(find("yunet").path, source.path) << "whatever it answers shows when it is opened";
  EXPECT_NE(find("center").bytes, nullptr) << "a built-in name wins";
  for (const std::string path : {"./yunet", "yunet.onnx", "sub/yunet", ""}) {
    expect_contains(refusal(path, ModelKind::kBoxes), "there is no such file");
  }
  const std::string sentence = refusal("yunett", ModelKind::kBoxes);
  expect_contains(sentence, "subjects yunett: there is no such file");
  expect_contains(sentence, zoo.string());
  write_file("yunet", "a file");
  EXPECT_EQ(detector("yunet").path, "yunet") << "a file that is there wins";
}

TEST_F(UserModels, ThatCannotBeReadAreNamed) {
  const fs::path zoo = folder_ / "zoo";
  fs::create_directories(zoo / "folder.onnx");
  write_file((zoo / "empty.onnx").string(), "");
  use("SMARTCROP_MODELS", zoo);
  expect_contains(refusal("folder", ModelKind::kBoxes), "subjects folder: it is a folder");
  expect_contains(refusal("empty", ModelKind::kBoxes), "subjects empty: the file is empty");
}

TEST_F(ModelSourceTest, ABuiltInNameWinsOverAFileUnlessAPathIsGiven) {
  write_file("saliency", "a file");
  EXPECT_NE(find("saliency").bytes, nullptr);
  for (const std::string path : {std::string("./saliency"), (folder_ / "saliency").string()}) {
    const ModelSource source = find(path);
    EXPECT_EQ(source.bytes, nullptr);
    EXPECT_EQ(source.path, path);
    EXPECT_EQ(source.subject, "model " + path);
  }
}

TEST_F(ModelSourceTest, AFileNeedsNoFolderInItsName) {
  write_file("mine.onnx", "a file");
  EXPECT_EQ(find("mine.onnx").path, "mine.onnx");
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

TEST_F(ModelSourceTest, ADetectorOfAnUnknownNameIsToldWhichThereAre) {
  for (const std::string name : {"foo", "./subjects", ""}) {
    const std::string sentence = refusal(name, ModelKind::kBoxes);
    expect_contains(sentence, "there is no such file, and the built-in model is subjects; give ");
    expect_contains(sentence, "subjects= this name");
  }
}

TEST_F(ModelSourceTest, FolderAndEmptyFileAreNamed) {
  expect_contains(refusal("."), "model .: it is a folder");
  write_file("empty.onnx", "");
  expect_contains(refusal("empty.onnx"), "model empty.onnx: the file is empty");
}

}  // namespace
}  // namespace smartcrop
