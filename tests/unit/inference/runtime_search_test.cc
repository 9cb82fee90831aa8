// SPDX-License-Identifier: MIT
#include "inference/runtime_search.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace smartcrop {
namespace {

namespace fs = std::filesystem;

class RuntimeSearchTest : public ::testing::Test {
 protected:
  RuntimeSearchTest()
      : root_(fs::path(::testing::TempDir()) / ("smartcrop_search_" + std::to_string(getpid()))) {
    const char* set = std::getenv("VIRTUAL_ENV");
    if (set != nullptr) virtual_env_ = set;
  }
  ~RuntimeSearchTest() override {
    fs::remove_all(root_);
    if (virtual_env_.empty()) {
      unsetenv("VIRTUAL_ENV");
    } else {
      setenv("VIRTUAL_ENV", virtual_env_.c_str(), 1);
    }
  }
  // An empty file; its path.
  std::string add(const std::string& name) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name).put('\n');
    return (root_ / name).string();
  }

  fs::path root_;
  std::string virtual_env_;
};

TEST_F(RuntimeSearchTest, ChosenFileIsTheOnlyCandidate) {
  const std::string file = add("anything.so");
  EXPECT_EQ(search_runtime(file).files, std::vector<std::string>{file});
}

TEST_F(RuntimeSearchTest, ChosenPlaceWithoutARuntimeLeavesNoCandidate) {
  add("libonnxruntime_providers_shared.so.txt");
  setenv("VIRTUAL_ENV", root_.c_str(), 1);
  add("lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.20.0");
  EXPECT_TRUE(search_runtime((root_ / "nothing").string()).files.empty());
  fs::create_directories(root_ / "empty");
  EXPECT_TRUE(search_runtime((root_ / "empty").string()).files.empty());
}

TEST_F(RuntimeSearchTest, ChosenFolderMayBeAWheelItsSitePackagesOrAnEnvironment) {
  const std::string packages = "lib/python3.12/site-packages";
  const std::string file = add(packages + "/onnxruntime/capi/libonnxruntime.so.1.20.0");
  add(packages + "/onnxruntime/capi/libonnxruntime_providers_shared.so");
  for (const std::string& below :
       {packages + "/onnxruntime/capi", packages + "/onnxruntime", packages, std::string()}) {
    const RuntimeSearch search = search_runtime((root_ / below).string());
    ASSERT_EQ(search.files.size(), 1u) << below;
    EXPECT_TRUE(fs::equivalent(search.files[0], file)) << search.files[0];
  }
}

TEST_F(RuntimeSearchTest, NewestVersionComesFirst) {
  for (const char* version : {"1.9.3", "1.20.1", "1.20.0", "1.3"}) {
    add(std::string("libonnxruntime.so.") + version);
  }
  const RuntimeSearch search = search_runtime(root_.string());
  ASSERT_EQ(search.files.size(), 4u);
  EXPECT_EQ(fs::path(search.files[0]).filename(), "libonnxruntime.so.1.20.1");
  EXPECT_EQ(fs::path(search.files[1]).filename(), "libonnxruntime.so.1.20.0");
  EXPECT_EQ(fs::path(search.files[3]).filename(), "libonnxruntime.so.1.3");
}

TEST_F(RuntimeSearchTest, VirtualEnvironmentComesBeforeTheSystem) {
  const std::string file =
      add("lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime.so.1.20.0");
  setenv("VIRTUAL_ENV", root_.c_str(), 1);
  const std::vector<std::string> files = search_runtime("").files;
  const auto environment = std::find(files.begin(), files.end(), file);
  ASSERT_NE(environment, files.end());
  EXPECT_NE(std::find(environment, files.end(), "libonnxruntime.so.1"), files.end());
}

}  // namespace
}  // namespace smartcrop
