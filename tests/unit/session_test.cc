// SPDX-License-Identifier: MIT
// How time is taken, how long a decision may wait, and plans.
#include "session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "session_fixture.h"

namespace smartcrop {
namespace {

// ---- time

std::vector<smartcrop_decision> decisions_of(const std::vector<int64_t>& times,
                                             const Options& options) {
  Session session(options, stream_of_clip(), Log());
  std::vector<smartcrop_decision> decisions;
  const auto take = [&] {
    smartcrop_decision decision{};
    while (session.receive(&decision) == SMARTCROP_OK) decisions.push_back(decision);
  };
  const Clip clip = walk();
  for (size_t i = 0; i < times.size(); ++i) {
    const TestPicture picture = paint(clip[i % clip.size()]);
    smartcrop_frame frame = picture.frame();
    frame.pts = times[i];
    EXPECT_EQ(session.send(frame), SMARTCROP_OK);
    take();
  }
  session.end();
  take();
  return decisions;
}

std::vector<int64_t> steady(int count, int64_t first = 0, int64_t step = 100) {
  std::vector<int64_t> times;
  for (int i = 0; i < count; ++i) times.push_back(first + i * step);
  return times;
}

std::vector<double> places(const std::vector<smartcrop_decision>& decisions) {
  std::vector<double> places;
  for (const smartcrop_decision& decision : decisions) places.push_back(decision.x);
  return places;
}

TEST(SessionTime, MayBeginAnywhere) {
  const std::vector<double> from_zero = places(decisions_of(steady(40), options_of({})));
  for (const int64_t first : {int64_t{-5000}, int64_t{1000}, int64_t{123456700}}) {
    EXPECT_EQ(places(decisions_of(steady(40, first), options_of({}))), from_zero) << first;
  }
}

TEST(SessionTime, WithoutTimesIsTheFrameRate) {
  const std::vector<int64_t> none(40, SMARTCROP_NO_PTS);
  EXPECT_EQ(places(decisions_of(none, options_of({}))),
            places(decisions_of(steady(40), options_of({}))));
}

TEST(SessionTime, GoesOnWhereTheClockIsSetBack) {
  std::vector<int64_t> set_back = steady(20);
  for (const int64_t time : steady(20, -100000)) set_back.push_back(time);
  EXPECT_EQ(places(decisions_of(set_back, options_of({}))),
            places(decisions_of(steady(40), options_of({}))));
}

TEST(SessionTime, ThatStandsStillOrLeapsLeavesEveryDecisionInThePicture) {
  for (const std::vector<int64_t>& times :
       {std::vector<int64_t>(30, 7), steady(30, 0, 1000000), steady(30, INT64_MIN + 1, 1),
        steady(30, INT64_MAX - 5000, 100), std::vector<int64_t>{0, INT64_MAX, INT64_MIN + 1, 5}}) {
    const auto decisions = decisions_of(times, options_of({}));
    ASSERT_EQ(decisions.size(), times.size());
    for (size_t i = 0; i < times.size(); ++i) {
      EXPECT_EQ(decisions[i].pts, times[i]);
      EXPECT_GE(decisions[i].x, 0);
      EXPECT_LE(decisions[i].x + decisions[i].width, kPicture.width);
    }
  }
}

// ---- plans

class PlannedSession : public Files {};

TEST_F(PlannedSession, ShowsThePlansWindowsAtOnce) {
  Session session(options_of({{"plan", plan()}}), stream_of_clip(), Log());
  for (int i = 0; i < 50; ++i) {
    const TestPicture picture = paint({0, 500});
    smartcrop_frame frame = picture.frame();
    frame.pts = i * 100;
    ASSERT_EQ(session.send(frame), SMARTCROP_OK);
    smartcrop_decision decision{};
    ASSERT_EQ(session.receive(&decision), SMARTCROP_OK);
    EXPECT_NEAR(decision.x, i, 1) << "at most moved to a whole chroma sample";
    EXPECT_TRUE(session.is_exact(decision, nullptr, nullptr));
    EXPECT_EQ(session.last_map(), nullptr);
  }
}

TEST_F(PlannedSession, RefusesAPlanOfAnotherPicture) {
  smartcrop_stream stream = stream_of_clip();
  stream.width = 162;
  try {
    Session session(options_of({{"plan", plan()}}), stream, Log());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
    EXPECT_NE(std::string(error.what()).find("160x90"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("162x90"), std::string::npos) << error.what();
  }
}

TEST_F(PlannedSession, FitsAWindowOfAnotherShapeIntoThePlansOutput) {
  Session session(options_of({{"plan", fitted_plan()}, {"pad", "colour"}, {"pad_colour", "white"}}),
                  stream_of_clip(), Log());
  ASSERT_EQ(session.geometry().output.width, 90);
  ASSERT_EQ(session.geometry().output.height, 50);
  const TestPicture source = paint({-1, 0});
  ASSERT_EQ(session.send(source.frame()), SMARTCROP_OK);
  smartcrop_decision decision{};
  ASSERT_EQ(session.receive(&decision), SMARTCROP_OK);
  EXPECT_EQ(decision.width, 50);
  EXPECT_EQ(decision.height, 90);
  EXPECT_FALSE(session.is_exact(decision, nullptr, nullptr));
  TestPicture got(yuv(1, 1, 8), {90, 50});
  session.render(decision, source.frame(), got.picture());
  // 50 x 90 becomes 28 x 50, and 31 columns on either side are left, of which pairs are used.
  for (const int x : {0, 29, 60, 89}) EXPECT_EQ(got.get(0, x, 25), 235) << x;
  for (const int x : {32, 45, 57}) EXPECT_EQ(got.get(0, x, 25), 16) << x;
}

TEST_F(PlannedSession, ScalesThePlansWindowsToASizeThatIsAskedFor) {
  Session session(options_of({{"plan", plan()}, {"size", "100x180"}}), stream_of_clip(), Log());
  EXPECT_EQ(session.geometry().output.width, 100);
  EXPECT_EQ(session.geometry().output.height, 180);
}

TEST_F(PlannedSession, RefusesASizeOfAnotherShapeThanThePlans) {
  try {
    Session(options_of({{"plan", plan()}, {"size", "100x100"}}), stream_of_clip(), Log());
    FAIL() << "took a square size for a plan that is not square";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION);
    EXPECT_NE(std::string(error.what()).find("size 100x100"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace smartcrop
