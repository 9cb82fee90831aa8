// SPDX-License-Identifier: MIT
// The C interface: whom the window goes after, asked for by a host or marked among its boxes.
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "capi/capi_fixture.h"
#include "inference/model_fixture.h"

namespace smartcrop {
namespace {

// Two subjects of different colours, 22 pixels a side, half-way down.
TestPicture two(double red, double blue) {
  TestPicture picture(yuv(1, 1, 8), kPicture);
  const auto inside = [](double x, double y, double centre) {
    return std::abs(x - centre) < 11 && std::abs(y - 45) < 11;
  };
  picture.fill(0, [&](int x, int y) {
    return inside(x, y, red) ? 120 : inside(x, y, blue) ? 110 : 60;
  });
  picture.fill(1, [&](int x, int y) {
    return inside(2 * x, 2 * y, red) ? 90 : inside(2 * x, 2 * y, blue) ? 220 : 128;
  });
  picture.fill(2, [&](int x, int y) {
    return inside(2 * x, 2 * y, red) ? 220 : inside(2 * x, 2 * y, blue) ? 100 : 128;
  });
  return picture;
}

// ---- boxes of the host's: they need no tracker

class MarkedBoxes : public CInterface {
 protected:
  static smartcrop_box box_at(double centre, int64_t id, int32_t followed) {
    smartcrop_box box{};
    box.x = centre - 11;
    box.y = 34;
    box.width = box.height = 22;
    box.id = id;
    box.followed = followed;
    return box;
  }
  int send_with(const std::vector<smartcrop_box>& boxes) {
    picture_ = two(30, 130);
    smartcrop_frame frame = picture_.frame();
    frame.pts = frame_++;
    frame.boxes = boxes.data();
    frame.box_size = sizeof(smartcrop_box);
    frame.box_count = static_cast<int32_t>(boxes.size());
    return smartcrop_send(context_, &frame);
  }
  smartcrop_decision show(const std::vector<smartcrop_box>& boxes) {
    EXPECT_EQ(send_with(boxes), SMARTCROP_OK) << smartcrop_last_error();
    return receive();
  }
  void SetUp() override {
    CInterface::SetUp();
    stream_.time_base_num = 1;
    stream_.time_base_den = 10;
    stream_.frame_rate_num = 10;
    stream_.frame_rate_den = 1;
    set("analysis_fps", "10");
  }
  static double middle(const smartcrop_decision& at) { return at.x + at.width / 2; }
  int64_t frame_ = 0;
};

TEST_F(MarkedBoxes, AWindowGoesAfterTheBoxThatIsMarked) {
  for (const int marked : {0, 1}) {
    ASSERT_EQ(open(), SMARTCROP_OK);
    frame_ = 0;
    smartcrop_decision last{};
    for (int i = 0; i < 30; ++i) {
      last = show({box_at(30, 5, marked == 0), box_at(130, 6, marked == 1)});
    }
    EXPECT_NEAR(middle(last), marked == 0 ? 30 : 130, 6);
    EXPECT_EQ(last.has_subject, 1);
    EXPECT_EQ(last.subject, marked == 0 ? 5 : 6) << "the caller's own number";
    EXPECT_NEAR(last.subject_x, marked == 0 ? 19 : 119, 1e-6);
    EXPECT_NEAR(last.subject_y, 34, 1e-6);
    EXPECT_NEAR(last.subject_width, 22, 1e-6);
    EXPECT_NEAR(last.subject_height, 22, 1e-6);
    EXPECT_STREQ(last.reason, "it goes after the subject that was asked for");
    smartcrop_close(&context_);
  }
}

TEST_F(MarkedBoxes, AMarkThatMovesToTheOtherBoxMovesTheWindow) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  for (int i = 0; i < 20; ++i) show({box_at(30, 5, 1), box_at(130, 6, 0)});
  smartcrop_decision last{};
  for (int i = 0; i < 40; ++i) last = show({box_at(30, 5, 0), box_at(130, 6, 1)});
  EXPECT_NEAR(middle(last), 130, 6);
  EXPECT_EQ(last.subject, 6);
}

TEST_F(MarkedBoxes, ABoxWithoutANumberIsFollowedToo) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  smartcrop_decision last{};
  for (int i = 0; i < 30; ++i) last = show({box_at(130, 0, 1)});
  EXPECT_NEAR(middle(last), 130, 6);
  EXPECT_EQ(last.has_subject, 1);
  EXPECT_EQ(last.subject, 0);
}

TEST_F(MarkedBoxes, NobodyIsGoneAfterWhereNobodyIsMarked) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  for (int i = 0; i < 10; ++i) {
    const smartcrop_decision at = show({box_at(30, 5, 0), box_at(130, 6, 0)});
    EXPECT_EQ(at.has_subject, 0);
    EXPECT_EQ(at.subject, 0);
    EXPECT_EQ(at.subject_width, 0);
  }
}

TEST_F(MarkedBoxes, OtherMarksThanYesAndNoAreRefused) {
  ASSERT_EQ(open(), SMARTCROP_OK);
  for (const int32_t followed : {2, -1, 77}) {
    expect_refused(send_with({box_at(30, 5, followed)}));
    EXPECT_NE(std::string(smartcrop_last_error()).find("followed"), std::string::npos)
        << smartcrop_last_error();
  }
}

TEST_F(MarkedBoxes, AnAnalysisKeepsTheMarkAndItsDecisionsToTheByte) {
  const std::string path = testing::TempDir() + "smartcrop_marked_" + std::to_string(getpid());
  set("keep", path.c_str());
  set("lookahead", "1");
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  std::vector<smartcrop_decision> live;
  const auto take = [&](std::vector<smartcrop_decision>* to) {
    smartcrop_decision at{};
    at.struct_size = sizeof at;
    while (smartcrop_receive(context_, &at) == SMARTCROP_OK) to->push_back(at);
  };
  for (int i = 0; i < 40; ++i) {
    const bool first = i < 15;
    ASSERT_EQ(send_with({box_at(30 + i, 5, first), box_at(130 - i, 6, !first)}), SMARTCROP_OK);
    take(&live);
  }
  ASSERT_EQ(smartcrop_send(context_, nullptr), SMARTCROP_OK);
  take(&live);
  smartcrop_close(&context_);
  smartcrop_options* const options = smartcrop_options_new();
  smartcrop_options_set(options, "lookahead", "1");
  ASSERT_EQ(smartcrop_open_analysis(&context_, options, path.c_str(), nullptr, nullptr),
            SMARTCROP_OK)
      << smartcrop_last_error();
  smartcrop_options* none = options;
  smartcrop_options_free(&none);
  std::vector<smartcrop_decision> again;
  take(&again);
  ASSERT_EQ(live.size(), 40U);
  ASSERT_EQ(again.size(), 40U);
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(again[i].x, live[i].x) << i;
    EXPECT_EQ(again[i].width, live[i].width) << i;
    EXPECT_EQ(again[i].target_x, live[i].target_x) << i;
    EXPECT_EQ(again[i].has_subject, live[i].has_subject) << i;
    EXPECT_EQ(again[i].subject, live[i].subject) << i;
    EXPECT_EQ(again[i].subject_x, live[i].subject_x) << i;
    EXPECT_EQ(again[i].subject_height, live[i].subject_height) << i;
    EXPECT_STREQ(again[i].reason, live[i].reason) << i;
  }
  EXPECT_EQ(live[5].subject, 5);
  EXPECT_EQ(live[30].subject, 6);
  expect_refused(smartcrop_follow(context_, "0.5x0.5"));
  std::filesystem::remove(path);
}

// ---- subjects that the tracker finds

class FollowInterface : public MarkedBoxes {
 protected:
  void SetUp() override {
    MarkedBoxes::SetUp();
    if (describe_runtime().rfind("ONNX Runtime", 0) != 0) GTEST_SKIP() << describe_runtime();
    folder_ = fs::path(testing::TempDir()) / ("smartcrop_follow_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    write_file((folder_ / "trunk.onnx").string(), trunk_file().bytes());
    write_file((folder_ / "head.onnx").string(), describe_tracker(tracker_file()).bytes());
    set("tracker", (folder_ / "head.onnx").c_str());
  }
  void TearDown() override {
    MarkedBoxes::TearDown();
    if (!folder_.empty()) fs::remove_all(folder_);
  }
  smartcrop_decision show_two(double red, double blue) {
    picture_ = two(red, blue);
    smartcrop_frame frame = picture_.frame();
    frame.pts = frame_++;
    EXPECT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK) << smartcrop_last_error();
    return receive();
  }
  void follow(const char* subject) {
    ASSERT_EQ(smartcrop_follow(context_, subject), SMARTCROP_OK) << smartcrop_last_error();
  }
  fs::path folder_;
};

TEST_F(FollowInterface, TheWindowGoesWithThePointThatTheOptionNames) {
  set("follow", "0.1875x0.5");
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  smartcrop_decision last{};
  for (int i = 0; i < 40; ++i) last = show_two(30 + i, 130);
  EXPECT_NEAR(middle(last), 69, 8);
  EXPECT_EQ(last.has_subject, 1);
  EXPECT_NEAR(last.subject_x + last.subject_width / 2, 69, 5);
  EXPECT_NEAR(last.subject_y + last.subject_height / 2, 45, 9);
}

TEST_F(FollowInterface, ACallInTheMiddleMovesTheWindowToTheOther) {
  set("follow", "auto");
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(show_two(30, 130).has_subject, 0);
  follow("0.1875x0.5");
  smartcrop_decision last{};
  for (int i = 0; i < 30; ++i) last = show_two(30, 130);
  EXPECT_NEAR(middle(last), 30, 6);
  follow("0.8125x0.5");
  for (int i = 0; i < 40; ++i) last = show_two(30, 130);
  EXPECT_NEAR(middle(last), 130, 6);
  follow("auto");
  last = show_two(30, 130);
  last = show_two(30, 130);
  EXPECT_EQ(last.has_subject, 0);
}

TEST_F(FollowInterface, ACallWithoutTheOptionDoesWhatItDoesWithIt) {
  std::vector<smartcrop_decision> seen[2];
  for (const bool prepared : {false, true}) {
    if (prepared) set("follow", "auto");
    set("subjects", "none");
    ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
    frame_ = 0;
    for (int i = 0; i < 40; ++i) {
      if (i == 5) follow("0.1875x0.5");
      seen[prepared].push_back(show_two(30 + i, 130));
    }
    smartcrop_close(&context_);
  }
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(seen[0][i].x, seen[1][i].x) << i;
    EXPECT_EQ(seen[0][i].subject_x, seen[1][i].subject_x) << i;
    EXPECT_EQ(seen[0][i].has_subject, i < 5 ? 0 : 1) << i;
  }
  EXPECT_NEAR(middle(seen[0][39]), 69, 8);
}

TEST_F(FollowInterface, ARunThatNobodyAsksOpensNoTracker) {
  set("tracker", (folder_ / "none.onnx").c_str());
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(show_two(30, 130).has_subject, 0);
}

TEST_F(FollowInterface, ACallWhoseNetworkCannotBeOpenedSaysSoAndChangesNothing) {
  set("tracker", (folder_ / "none.onnx").c_str());
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  std::vector<double> seen;
  for (int i = 0; i < 20; ++i) {
    if (i % 5 == 2) {
      expect_refused(smartcrop_follow(context_, "0.1875x0.5"), SMARTCROP_ERROR_MODEL);
      EXPECT_NE(std::string(smartcrop_last_error()).find("none.onnx"), std::string::npos)
          << smartcrop_last_error();
    }
    const smartcrop_decision at = show_two(30 + i, 130);
    EXPECT_EQ(at.has_subject, 0);
    seen.push_back(at.x);
  }
  smartcrop_close(&context_);
  ASSERT_EQ(open(), SMARTCROP_OK);
  frame_ = 0;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(show_two(30 + i, 130).x, seen[static_cast<size_t>(i)]);
}

TEST_F(FollowInterface, ACallThatMeansNothingIsRefusedAndChangesNothing) {
  set("follow", "0.1875x0.5");
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  for (int i = 0; i < 10; ++i) show_two(30, 130);
  expect_refused(smartcrop_follow(context_, nullptr));
  expect_refused(smartcrop_follow(nullptr, "0.5x0.5"));
  expect_refused(smartcrop_follow(context_, ""));
  expect_refused(smartcrop_follow(context_, "#1+#2@4"));
  expect_refused(smartcrop_follow(context_, "0.5x0.5@4"));
  expect_refused(smartcrop_follow(context_, "there"), SMARTCROP_ERROR_OPTION);
  expect_refused(smartcrop_follow(context_, "7x7"), SMARTCROP_ERROR_OPTION);
  smartcrop_decision last{};
  for (int i = 0; i < 20; ++i) last = show_two(30, 130);
  EXPECT_NEAR(middle(last), 30, 6);
}

TEST_F(FollowInterface, AfterAResetTheRunBeginsAgainWithItsWish) {
  set("follow", "0.8125x0.5");
  ASSERT_EQ(open(), SMARTCROP_OK) << smartcrop_last_error();
  std::vector<double> rounds[2];
  for (std::vector<double>& round : rounds) {
    frame_ = 0;
    for (int i = 0; i < 20; ++i) round.push_back(show_two(30, 130 - i).x);
    ASSERT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
  }
  EXPECT_EQ(rounds[0], rounds[1]);
}

}  // namespace
}  // namespace smartcrop
