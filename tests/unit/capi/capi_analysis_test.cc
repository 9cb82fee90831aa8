// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "analysis_fixture.h"
#include "capi_fixture.h"

namespace smartcrop {
namespace {

class AnalysisInterface : public CInterface {
 protected:
  void SetUp() override {
    CInterface::SetUp();
    write_made(path_, 12);
    smartcrop_options_free(&options_);
    options_ = smartcrop_options_new();
  }
  void TearDown() override {
    CInterface::TearDown();
    std::remove(path_.c_str());
  }
  int open_analysis() {
    return smartcrop_open_analysis(&context_, options_, path_.c_str(), nullptr, nullptr);
  }

  const std::string path_ = analysis_path("capi.analysis");
};

TEST_F(AnalysisInterface, GivesEveryDecisionAndThenTheEndWithoutAnySend) {
  ASSERT_EQ(open_analysis(), SMARTCROP_OK) << smartcrop_last_error();
  for (int64_t i = 0; i < 12; ++i) {
    const smartcrop_decision decision = receive();
    EXPECT_EQ(decision.frame, i);
    EXPECT_EQ(decision.shot, i < 5 ? 0 : 1);
  }
  smartcrop_decision decision{};
  decision.struct_size = sizeof decision;
  EXPECT_EQ(smartcrop_receive(context_, &decision), SMARTCROP_END);
  EXPECT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
  EXPECT_EQ(receive().frame, 0);
}

TEST_F(AnalysisInterface, RefusesFramesAndRenderingWithASentence) {
  ASSERT_EQ(open_analysis(), SMARTCROP_OK);
  const smartcrop_decision decision = receive();
  expect_refused(smartcrop_send(context_, nullptr));
  expect_refused(smartcrop_is_exact(context_, &decision, nullptr, nullptr));
}

TEST_F(AnalysisInterface, RefusesWhatIsMissing) {
  expect_refused(smartcrop_open_analysis(nullptr, options_, path_.c_str(), nullptr, nullptr));
  expect_refused(smartcrop_open_analysis(&context_, nullptr, path_.c_str(), nullptr, nullptr));
  expect_refused(smartcrop_open_analysis(&context_, options_, nullptr, nullptr, nullptr));
  EXPECT_EQ(context_, nullptr);
}

TEST_F(AnalysisInterface, SaysWhatIsWrongWithTheFileAndGoesOnSayingSo) {
  const std::string whole = bytes_of_file(path_);
  std::ofstream(path_, std::ios::binary) << whole.substr(0, whole.size() - 30);
  ASSERT_EQ(open_analysis(), SMARTCROP_OK);
  smartcrop_decision decision{};
  decision.struct_size = sizeof decision;
  int status = SMARTCROP_OK;
  for (int i = 0; i < 12 && status == SMARTCROP_OK; ++i) {
    status = smartcrop_receive(context_, &decision);
  }
  expect_refused(status, SMARTCROP_ERROR_FILE);
  expect_refused(smartcrop_receive(context_, &decision), SMARTCROP_ERROR_FILE);
  std::ofstream(path_, std::ios::binary) << "no analysis\n";
  smartcrop_close(&context_);
  expect_refused(open_analysis(), SMARTCROP_ERROR_FILE);
  EXPECT_EQ(context_, nullptr);
}

}  // namespace
}  // namespace smartcrop
