// SPDX-License-Identifier: MIT
#include "inference/inference_guard.h"

#include <gtest/gtest.h>

#include "inference/fake_model.h"

namespace smartcrop {
namespace {

class GuardTest : public ::testing::Test {
 protected:
  InferenceGuard guard(bool strict) {
    const auto keep = [](void* cookie, int level, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(std::to_string(level) + line);
    };
    return {&model_, {"the network", "no map until it works again"}, strict, Log(keep, &lines_)};
  }
  static void fail() { throw Error(SMARTCROP_ERROR_MODEL, "model fake: inference failed"); }

  FakeModel::Script script_;
  FakeModel model_{&script_};
  std::vector<std::string> lines_;
};

TEST_F(GuardTest, WhatWorksIsNotSpokenOf) {
  InferenceGuard guarded = guard(false);
  int runs = 0;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(guarded.run(i, [&] { ++runs; }));
  EXPECT_EQ(runs, 3);
  EXPECT_FALSE(guarded.failing());
  EXPECT_TRUE(lines_.empty());
  EXPECT_EQ(script_.resets, 0);
}

TEST_F(GuardTest, ARunOfFailuresIsLoggedOnceAndItsEndToo) {
  InferenceGuard guarded = guard(false);
  for (int run = 1; run <= 2; ++run) {
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(guarded.run(i, fail));
      EXPECT_TRUE(guarded.failing());
    }
    for (int i = 3; i < 6; ++i) {
      EXPECT_TRUE(guarded.run(i, [] {}));
      EXPECT_FALSE(guarded.failing());
    }
    ASSERT_EQ(lines_.size(), 2u * static_cast<size_t>(run));
  }
  EXPECT_EQ(lines_[0], std::to_string(SMARTCROP_LOG_WARNING) +
                           "model fake: inference failed; no map until it works again");
  EXPECT_EQ(lines_[1],
            std::to_string(SMARTCROP_LOG_INFO) + "the network works again at 3.000000 s");
}

TEST_F(GuardTest, TheStateIsZeroedAfterEachFailure) {
  InferenceGuard guarded = guard(false);
  for (int i = 0; i < 3; ++i) guarded.run(i, fail);
  EXPECT_EQ(script_.resets, 3);
}

TEST_F(GuardTest, StrictMakesAFailureAnError) {
  InferenceGuard guarded = guard(true);
  EXPECT_THROW(guarded.run(0, fail), Error);
  EXPECT_TRUE(lines_.empty());
}

TEST_F(GuardTest, AFaultOfAnotherKindIsNoFailureOfTheNetwork) {
  InferenceGuard guarded = guard(false);
  const auto fault = [] { throw Error(SMARTCROP_ERROR_INTERNAL, "a fault"); };
  EXPECT_THROW(guarded.run(0, fault), Error);
  EXPECT_FALSE(guarded.failing());
}

}  // namespace
}  // namespace smartcrop
