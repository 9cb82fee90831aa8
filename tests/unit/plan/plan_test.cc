// SPDX-License-Identifier: MIT
// Files of plans: what is read and what is refused.
#include "plan/plan.h"

#include <gtest/gtest.h>

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
                       frame_row(0, 0, 10.5), frame_row(1, 0.04, 12),
                       R"({"type":"shot","n":1,"strategy":"pan","edit":{"strategy":"fit"}})",
                       frame_row(2, 0.08, 14, 1)}));
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
  ASSERT_EQ(plan.shots.size(), 2U);
  EXPECT_EQ(plan.shots[0].strategy, SMARTCROP_FOLLOW);
  EXPECT_EQ(plan.shots[1].strategy, SMARTCROP_FIT);
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

TEST_F(PlanFileTest, RefusesShotsAndFramesThatAreNotOfEachOther) {
  const std::string shot = R"({"type":"shot","n":0,"strategy":"hold"})";
  const std::string other = R"({"type":"shot","n":3,"strategy":"hold"})";
  const auto says = [](const std::string& sentence, const char* what) {
    EXPECT_NE(sentence.find(what), std::string::npos) << sentence;
  };
  says(refusal({kHeader, shot, frame_row(0, 0, 0), other}, 4), "shot 3 has no frames");
  says(refusal({kHeader, other, shot, frame_row(0, 0, 0)}, 2), "shot 3 has no frames");
  says(refusal({kHeader, shot, frame_row(0, 0, 0), frame_row(1, 1, 0, 2)}, 4),
       "shot 2 has no row of its own");
  says(refusal({kHeader, shot, frame_row(0, 0, 0), shot}, 4), "already");
}

TEST_F(PlanFileTest, RefusesFramesThatGoBack) {
  refusal({kHeader, frame_row(0, 1, 0), frame_row(1, 0.5, 0)}, 3);
  refusal({kHeader, frame_row(1, 0, 0), frame_row(1, 0.5, 0)}, 3);
  refusal({kHeader, frame_row(4, 0, 0), "", frame_row(3, 0.5, 0)}, 4);
}

TEST_F(PlanFileTest, RefusesFieldsOfOtherReadersToo) {
  const std::string window = R"({"type":"frame","t":0,"x":0,"y":0,"width":202,"height":360,)";
  for (const std::string& row : {
           window + R"("n":1.5})",
           window + R"("n":-1})",
           window + R"("pts":1e300})",
           window + R"("pts":"7"})",
           window + R"("target":[1]})",
           window + R"("target":[1,null]})",
           window + R"("decided":[1,2,3]})",
           window + R"("fallback":1})",
           window + R"("confidence":"high"})",
           std::string(R"({"type":"key","t":1})"),
           std::string(R"({"type":"key","t":1,"x":1.5})"),
           std::string(R"({"type":"key","t":"1","x":0.5})"),
           std::string(R"({"type":"key","t":1,"x":0.5,"y":-0.1})"),
           std::string(R"({"type":"shot","n":0,"strategy":"hold","edit":{"x":2}})"),
           std::string(R"({"type":"shot","n":0,"strategy":"hold","edit":{"strategy":"dolly"}})"),
           std::string(R"({"type":"shot","n":0,"strategy":"hold","edit":3})"),
           std::string(R"({"type":"shot","n":0,"strategy":"hold","start_frame":-2})"),
           std::string(R"({"type":"shot","n":0,"strategy":"hold","end":"late"})"),
           std::string(R"({"type":"shot","n":0,"strategy":"hold","why":5})"),
           std::string(kHeader),
       }) {
    refusal({kHeader, frame_row(0, 0, 0), row}, 3);
  }
}

TEST_F(PlanFileTest, RefusesRowsThatAreTooDeepOrTooLong) {
  const std::string deep = std::string(2000, '[') + std::string(2000, ']');
  refusal_of_row(R"({"type":"note","text":)" + deep + "}");
  refusal_of_row(deep);
  refusal_of_row(R"({"type":"note","text":")" + std::string(2 << 20, 'a') + R"("})");
}

TEST_F(PlanFileTest, RefusesBytesThatAreNoText) {
  refusal_of_row(std::string("{\"type\":\"note\",\"text\":\"\0\"}", 26));
  refusal_of_row("{\"type\":\"note\",\"text\":\"caf\xe9\"}");
  refusal({std::string("\x1a\x45\xdf\xa3\0\0\x01", 7)}, 1);
}

TEST_F(PlanFileTest, MayBeginWithAByteOrderMark) {
  const PlanFile plan =
      read_plan(write({std::string("\xef\xbb\xbf") + kHeader, frame_row(0, 0, 1)}));
  EXPECT_EQ(plan.frames.size(), 1U);
}

TEST_F(PlanFileTest, MayLackALastLineEndAndHoldOddSeparatorsInATextsMiddle) {
  const std::string note = "{\"type\":\"note\",\"text\":\"a\xe2\x80\xa8z\"}\n";
  const PlanFile plan =
      parse_plan("a.plan", std::string(kHeader) + "\n" + note + frame_row(0, 0, 1));
  EXPECT_EQ(plan.frames.size(), 1U);
}

TEST_F(PlanFileTest, KeepsConfidenceBetweenZeroAndOne) {
  const std::string window = R"({"type":"frame","t":0,"x":0,"y":0,"width":202,"height":360,)";
  const PlanFile plan = read_plan(
      write({kHeader, window + R"("confidence":7})", window + R"("confidence":-1e300})"}));
  EXPECT_EQ(plan.frames[0].confidence, 1);
  EXPECT_EQ(plan.frames[1].confidence, 0);
}

}  // namespace
}  // namespace smartcrop
