// SPDX-License-Identifier: MIT
#include "plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "error.h"

namespace smartcrop {
namespace {

const char kHeader[] = R"({"type":"header","format":"smartcrop-plan","version":1,)"
                       R"("source":{"width":640,"height":360,"time_base":"1/25","frames":3},)"
                       R"("output":{"width":202,"height":360},"options":{}})";

std::string frame_row(int n, double t, double x, int shot = 0) {
  return R"({"type":"frame","n":)" + std::to_string(n) + R"(,"pts":)" + std::to_string(n) +
         R"(,"t":)" + std::to_string(t) + R"(,"x":)" + std::to_string(x) +
         R"(,"y":0,"width":202,"height":360,"shot":)" + std::to_string(shot) +
         R"(,"confidence":0.5})";
}

class PlanFileTest : public testing::Test {
 protected:
  std::string write(const std::vector<std::string>& lines) {
    path_ = testing::TempDir() + "smartcrop_" +
            testing::UnitTest::GetInstance()->current_test_info()->name() + ".plan";
    std::ofstream file(path_, std::ios::binary);
    for (const std::string& line : lines) file << line << '\n';
    return path_;
  }
  void TearDown() override {
    if (!path_.empty()) std::remove(path_.c_str());
  }

  // Expects one line that names the file, and with line > 0 the line; returns it.
  std::string refusal(const std::vector<std::string>& lines, int line) {
    try {
      read_plan(write(lines));
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
      const std::string sentence = error.what();
      EXPECT_NE(sentence.find(path_), std::string::npos) << sentence;
      EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
      if (line > 0) {
        EXPECT_NE(sentence.find("line " + std::to_string(line) + ":"), std::string::npos)
            << sentence;
      }
      return sentence;
    }
    ADD_FAILURE() << "the plan was taken";
    return "";
  }
  std::string refusal_of_row(const std::string& row) { return refusal({kHeader, row}, 2); }
  std::string refusal_of_header(const std::string& header) {
    return refusal({header, frame_row(0, 0, 0)}, 1);
  }

 private:
  std::string path_;
};

TEST_F(PlanFileTest, IsReadWithItsShotsAndFrames) {
  const PlanFile plan =
      read_plan(write({kHeader,
                       R"({"type":"shot","n":0,"start_frame":0,"end_frame":2,"start":0,"end":0.08,)"
                       R"("strategy":"follow"})",
                       frame_row(0, 0, 10.5), frame_row(1, 0.04, 12), frame_row(2, 0.08, 14, 1)}));
  EXPECT_EQ(plan.source.width, 640);
  EXPECT_EQ(plan.source.height, 360);
  EXPECT_EQ(plan.output.width, 202);
  EXPECT_EQ(plan.output.height, 360);
  ASSERT_EQ(plan.frames.size(), 3U);
  EXPECT_EQ(plan.frames[0].window.x, 10.5);
  EXPECT_EQ(plan.frames[1].time_s, 0.04);
  EXPECT_EQ(plan.frames[2].window.width, 202);
  EXPECT_EQ(plan.frames[2].window.height, 360);
  EXPECT_EQ(plan.frames[2].confidence, 0.5);
  EXPECT_EQ(plan.frames[2].shot, 1);
  ASSERT_EQ(plan.shots.size(), 1U);
  EXPECT_EQ(plan.shots[0].strategy, SMARTCROP_FOLLOW);
}

TEST_F(PlanFileTest, MayHaveEmptyLinesWindowsLineEndsAndNotesOfOtherPrograms) {
  const PlanFile plan = read_plan(
      write({kHeader, "", "  \t", frame_row(0, 0, 1) + "\r", "\r",
             R"({"type":"note","by":"an editor","text":"keep this"})", frame_row(1, 0.04, 2)}));
  EXPECT_EQ(plan.frames.size(), 2U);
}

TEST_F(PlanFileTest, NeedsNeitherConfidenceNorShots) {
  const PlanFile plan =
      read_plan(write({kHeader, R"({"type":"frame","t":0,"x":1,"y":0,"width":202,"height":360})"}));
  EXPECT_EQ(plan.frames[0].confidence, 0);
  EXPECT_EQ(plan.frames[0].shot, 0);
}

TEST_F(PlanFileTest, ThatIsMissingSaysHowToMakeOne) {
  try {
    read_plan("/no such folder/a.plan");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
    EXPECT_NE(std::string(error.what()).find("/no such folder/a.plan"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("smartcrop analyze"), std::string::npos);
  }
}

TEST_F(PlanFileTest, ThatIsAFolderOrEmptyIsRefused) {
  EXPECT_THROW(read_plan(testing::TempDir()), Error);
  refusal({}, 0);
  refusal({"", ""}, 0);
  refusal({kHeader}, 0);
}

TEST_F(PlanFileTest, NamesTheLineThatIsNoJson) {
  refusal({kHeader, frame_row(0, 0, 0), "{\"type\":\"frame\","}, 3);
  for (const char* row : {"x", "{", "null", "[]", "1", "\"frame\"", "{}", R"({"type":1})",
                          R"({"type":null})", "\xff\xfe", "{\"type\":\"frame\"} trailing"}) {
    refusal_of_row(row);
  }
}

TEST_F(PlanFileTest, MustBeginWithItsHeader) {
  const std::string sentence = refusal({frame_row(0, 0, 0), kHeader}, 1);
  EXPECT_NE(sentence.find("header"), std::string::npos) << sentence;
  refusal({R"({"type":"note"})", kHeader, frame_row(0, 0, 0)}, 1);
}

TEST_F(PlanFileTest, OfAnotherFormatOrVersionIsRefused) {
  const std::string tail =
      R"("source":{"width":640,"height":360},"output":{"width":202,"height":360}})";
  refusal_of_header(R"({"type":"header","format":"other-plan","version":1,)" + tail);
  refusal_of_header(R"({"type":"header","version":1,)" + tail);
  refusal_of_header(R"({"type":"header","format":"smartcrop-plan",)" + tail);
  const std::string sentence =
      refusal_of_header(R"({"type":"header","format":"smartcrop-plan","version":2,)" + tail);
  EXPECT_NE(sentence.find("version"), std::string::npos) << sentence;
}

TEST_F(PlanFileTest, NeedsSizesThatAPictureCanHave) {
  const std::string head = R"({"type":"header","format":"smartcrop-plan","version":1,"source":)";
  const std::string good = R"({"width":640,"height":360})";
  for (const char* bad :
       {R"({"width":0,"height":360})", R"({"width":640,"height":0})",
        R"({"width":-640,"height":360})", R"({"width":1e300,"height":360})",
        R"({"width":40000,"height":360})", R"({"width":640})", R"({"width":"640","height":360})",
        R"({"width":4294967936,"height":360})", "null", "[]"}) {
    refusal_of_header(head + bad + R"(,"output":)" + good + "}");
    refusal_of_header(head + good + R"(,"output":)" + bad + "}");
  }
}

TEST_F(PlanFileTest, RefusesWindowsOutsideThePicture) {
  const auto window = [](const char* sides) {
    return std::string(R"({"type":"frame","t":0,)") + sides + "}";
  };
  for (const char* sides : {
           R"("x":-5,"y":0,"width":202,"height":360)",
           R"("x":0,"y":-5,"width":202,"height":360)",
           R"("x":500,"y":0,"width":202,"height":360)",
           R"("x":0,"y":10,"width":202,"height":360)",
           R"("x":0,"y":0,"width":0,"height":360)",
           R"("x":0,"y":0,"width":202,"height":0)",
           R"("x":0,"y":0,"width":-202,"height":360)",
           R"("x":0,"y":0,"width":1e308,"height":1e308)",
           R"("x":1e308,"y":0,"width":1e308,"height":360)",
       }) {
    const std::string sentence = refusal_of_row(window(sides));
    EXPECT_NE(sentence.find("640x360"), std::string::npos) << sentence;
  }
}

TEST_F(PlanFileTest, RefusesFramesWithoutAFieldOrWithAWrongOne) {
  for (const char* row : {
           R"({"type":"frame","x":0,"y":0,"width":202,"height":360})",
           R"({"type":"frame","t":0,"y":0,"width":202,"height":360})",
           R"({"type":"frame","t":0,"x":0,"y":0,"height":360})",
           R"({"type":"frame","t":"0","x":0,"y":0,"width":202,"height":360})",
           R"({"type":"frame","t":null,"x":0,"y":0,"width":202,"height":360})",
           R"({"type":"frame","t":1e999,"x":0,"y":0,"width":202,"height":360})",
           R"({"type":"frame","t":NaN,"x":0,"y":0,"width":202,"height":360})",
           R"({"type":"frame","t":0,"x":0,"y":0,"width":202,"height":360,"shot":"one"})",
           R"({"type":"frame","t":0,"x":0,"y":0,"width":202,"height":360,"shot":1e300})",
           R"({"type":"frame","t":0,"x":0,"y":0,"width":202,"height":360,"shot":-1})",
           R"({"type":"shot","strategy":"hold"})",
           R"({"type":"shot","n":0,"strategy":"wobble"})",
           R"({"type":"shot","n":1e300,"strategy":"hold"})",
           R"({"type":"shot","n":0,"strategy":3})",
       }) {
    refusal_of_row(row);
  }
}

TEST_F(PlanFileTest, KeepsConfidenceBetweenZeroAndOne) {
  const std::string window = R"({"type":"frame","t":0,"x":0,"y":0,"width":202,"height":360,)";
  const PlanFile plan = read_plan(
      write({kHeader, window + R"("confidence":7})", window + R"("confidence":-1e300})"}));
  EXPECT_EQ(plan.frames[0].confidence, 1);
  EXPECT_EQ(plan.frames[1].confidence, 0);
}

// ---- finding a frame's window

PlanReader reader(const std::vector<PlanFrame>& frames, int* warnings = nullptr) {
  PlanFile plan;
  plan.path = "test.plan";
  plan.source = {640, 360};
  plan.output = {202, 360};
  plan.frames = frames;
  const auto count = [](void* cookie, int, const char*) { ++*static_cast<int*>(cookie); };
  return PlanReader(plan, warnings == nullptr ? Log() : Log(count, warnings));
}

// Frames at 25 fps from start_s on; the window of the n-th is at x = n.
std::vector<PlanFrame> steady(int count, double start_s = 0) {
  std::vector<PlanFrame> frames;
  for (int i = 0; i < count; ++i) {
    frames.push_back({start_s + i * 0.04, {static_cast<double>(i), 0, 202, 360}, 0.5, 0});
  }
  return frames;
}

TEST(PlanReader, MatchesFramesByOrderWhileTheirTimesAgree) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(plan.at(i, 0.04 * i, &start).window.x, i);
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, MatchesFramesByOrderWhereTheVideosStartDiffersOrTimesAreRounded) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100, 7.5), &warnings);
  for (int i = 0; i < 100; ++i) {
    const double rounded = std::round(i * 40.0 + (i % 2 == 0 ? 0.4 : -0.4)) / 1000;
    EXPECT_EQ(plan.at(i, rounded, &start).window.x, i);
  }
  EXPECT_EQ(warnings, 0);
}

TEST(PlanReader, MatchesByTimeFromADroppedFrameOnAndSaysSoOnce) {
  int warnings = 0;
  bool start;
  PlanReader plan = reader(steady(100), &warnings);
  for (int i = 0; i < 50; ++i) plan.at(i, 0.04 * i, &start);
  for (int i = 50; i < 90; ++i) {  // three frames were dropped
    EXPECT_EQ(plan.at(i, 0.04 * (i + 3), &start).window.x, i + 3);
  }
  EXPECT_EQ(warnings, 1);
}

TEST(PlanReader, TakesTheWindowNearestInTime) {
  bool start;
  PlanReader plan = reader(steady(100));
  plan.at(0, 0, &start);
  EXPECT_EQ(plan.at(1, 0.04 * 20 + 0.015, &start).window.x, 20);
  EXPECT_EQ(plan.at(2, 0.04 * 20 + 0.025, &start).window.x, 21);
}

TEST(PlanReader, RestsAtTheLastWindowPastTheEndOfThePlan) {
  bool start;
  PlanReader plan = reader(steady(10));
  for (int i = 0; i < 10; ++i) plan.at(i, 0.04 * i, &start);
  for (int i = 10; i < 20; ++i) EXPECT_EQ(plan.at(i, 0.04 * i, &start).window.x, 9);
}

TEST(PlanReader, MarksTheFirstFrameOfEachShotAndOnlyThat) {
  std::vector<PlanFrame> frames = steady(6);
  frames[3].shot = frames[4].shot = frames[5].shot = 1;
  PlanReader plan = reader(frames);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 6; ++i) {
      bool start = false;
      plan.at(i, 0.04 * i, &start);
      EXPECT_EQ(start, i == 0 || i == 3) << i;
    }
    plan.reset();
  }
}

TEST(PlanReader, MatchesByOrderAgainAfterAReset) {
  bool start;
  PlanReader plan = reader(steady(100));
  plan.at(0, 0, &start);
  plan.at(1, 3.0, &start);
  plan.reset();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(plan.at(i, 100 + 0.04 * i, &start).window.x, i);
}

TEST(PlanReader, AnswersWithSomeRowWhereThePlansTimesRunBackwards) {
  std::vector<PlanFrame> frames = steady(20);
  for (size_t i = 10; i < 20; ++i) frames[i].time_s -= 5;
  bool start;
  PlanReader plan = reader(frames);
  for (int i = 0; i < 40; ++i) {
    const double x = plan.at(i, 0.04 * i, &start).window.x;
    EXPECT_GE(x, 0);
    EXPECT_LT(x, 20);
  }
}

TEST(PlanReader, HoldsInAShotThatHasNoRow) {
  PlanFile plan;
  plan.frames = steady(1);
  plan.shots = {{0, SMARTCROP_FOLLOW}, {1, SMARTCROP_PAN}};
  const PlanReader plan_reader(plan, Log());
  EXPECT_EQ(plan_reader.strategy_of(0), SMARTCROP_FOLLOW);
  EXPECT_EQ(plan_reader.strategy_of(1), SMARTCROP_PAN);
  EXPECT_EQ(plan_reader.strategy_of(7), SMARTCROP_HOLD);
}

}  // namespace
}  // namespace smartcrop
