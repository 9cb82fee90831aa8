// SPDX-License-Identifier: MIT
// The plan of the option plan_out is what was decided, and is read as any other.
#include "plan/plan_writer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "analysis_fixture.h"
#include "error.h"
#include "plan/plan.h"
#include "session.h"
#include "session_fixture.h"

namespace smartcrop {
namespace {

constexpr int64_t kFirstPts = 1400;  // ms: the clock of the file does not begin with 0

class PlanOut : public Files {
 protected:
  // The decisions of a run over cuts(), which may be broken off.
  // Behind its first frames a shot may have a box that is followed.
  std::vector<smartcrop_decision> run(const Values& values, bool ends = true, int64_t id = 0) {
    std::vector<smartcrop_decision> decisions;
    Session session(options_of(values), stream_of_clip(), Log());
    const auto take = [&] {
      smartcrop_decision decision{};
      while (session.receive(&decision) == SMARTCROP_OK) decisions.push_back(decision);
    };
    const Clip clip = cuts();
    for (size_t i = 0; i < clip.size(); ++i) {
      const TestPicture picture = paint(clip[i]);
      smartcrop_frame frame = picture.frame();
      frame.pts = kFirstPts + 100 * static_cast<int64_t>(i);
      const bool late = i >= 5;
      const smartcrop_box box{80, 20, 30, 40, 0, 0, 0, late ? id : id + 1, 0, 0, 1};
      if (id != 0 && i < 20) {
        frame.boxes = &box;
        frame.box_size = sizeof(box);
        frame.box_count = 1;
      }
      EXPECT_EQ(session.send(frame), SMARTCROP_OK);
      take();
    }
    if (ends) session.end();
    take();
    return decisions;
  }
  Values writing() const { return {{"model", "none"}, {"plan_out", planned()}}; }
};

void expect_same(const PlanFile& plan, const std::vector<smartcrop_decision>& decisions) {
  ASSERT_EQ(plan.frames.size(), decisions.size());
  for (size_t i = 0; i < decisions.size(); ++i) {
    const PlanFrame& frame = plan.frames[i];
    EXPECT_NEAR(frame.window.x, decisions[i].x, 1e-4);
    EXPECT_NEAR(frame.window.width, decisions[i].width, 1e-4);
    EXPECT_EQ(frame.shot, decisions[i].shot);
    EXPECT_NEAR(frame.time_s, 1.4 + 0.1 * static_cast<double>(i), 1e-6);
  }
}

TEST_F(PlanOut, HoldsEveryWindowAndShotOfTheRun) {
  const std::vector<smartcrop_decision> decisions = run(writing());
  const PlanFile plan = read_plan(planned());
  ASSERT_EQ(decisions.size(), cuts().size());
  expect_same(plan, decisions);
  EXPECT_EQ(plan.source.width, kPicture.width);
  ASSERT_EQ(plan.shots.size(), static_cast<size_t>(decisions.back().shot) + 1);
  EXPECT_EQ(plan.shots.back().strategy, decisions.back().strategy);
}

TEST_F(PlanOut, NotesTheSubjectThatMostWindowsOfAShotWentAfter) {
  run(writing(), true, 7);
  const std::string text = bytes_of_file(planned());
  const size_t shot = text.find(R"("type":"shot","n":0)");
  ASSERT_NE(shot, std::string::npos);
  EXPECT_NE(text.substr(shot, text.find('\n', shot) - shot).find(R"("subject":7)"),
            std::string::npos);
  EXPECT_EQ(text.find("subject\":", text.find(R"("type":"shot","n":2)")), std::string::npos)
      << "nobody is followed in the last shot";
}

TEST_F(PlanOut, GivesTheSameWindowsWhenItIsRendered) {
  const std::vector<smartcrop_decision> decided = run(writing());
  const std::vector<smartcrop_decision> rendered = run({{"plan", planned()}});
  ASSERT_EQ(rendered.size(), decided.size());
  for (size_t i = 0; i < decided.size(); ++i) {
    EXPECT_EQ(rendered[i].x, decided[i].x);
    EXPECT_EQ(rendered[i].flags & SMARTCROP_SHOT_START, decided[i].flags & SMARTCROP_SHOT_START);
  }
}

TEST_F(PlanOut, CanBeReadWhereTheRunWasBrokenOff) {
  const std::vector<smartcrop_decision> decisions = run(writing(), false);
  ASSERT_LT(decisions.size(), cuts().size());
  expect_same(read_plan(planned()), decisions);
}

TEST_F(PlanOut, DoesNotWriteOverAnotherFile) {
  const std::string video = model();
  const std::string before = bytes_of_file(video);
  try {
    run({{"model", "none"}, {"plan_out", video}});
    ADD_FAILURE() << "the file was written over";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
    EXPECT_NE(std::string(error.what()).find(video), std::string::npos) << error.what();
  }
  EXPECT_EQ(bytes_of_file(video), before);
}

TEST_F(PlanOut, IsRefusedWhereItIsTheFileOfAnotherOptionToo) {
  const std::string both = planned();
  EXPECT_THROW(run({{"model", "none"}, {"plan_out", both}, {"keep", both}}), Error);
  const std::string given = hints();
  EXPECT_THROW(run({{"model", "none"}, {"plan_out", given}, {"hints", given}}), Error);
  EXPECT_NE(bytes_of_file(given).find("hint"), std::string::npos);
}

TEST_F(PlanOut, IsWrittenOverByTheNextRun) {
  run(writing());
  const std::string first = bytes_of_file(planned());
  run(writing());
  EXPECT_EQ(bytes_of_file(planned()), first);
}

TEST_F(PlanOut, SaysWhereItCannotBeWritten) {
  const std::string nowhere = planned() + "/no/such/folder";
  try {
    run({{"model", "none"}, {"plan_out", nowhere}});
    ADD_FAILURE() << "a file was written into no folder";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cannot be written"), std::string::npos);
  }
}

}  // namespace
}  // namespace smartcrop
