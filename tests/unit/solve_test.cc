// SPDX-License-Identifier: MIT
// What is decided from an analysis file is what was decided, or would be, from the video.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "error.h"
#include "session.h"
#include "session_fixture.h"

namespace smartcrop {
namespace {

// All that a host is told of a frame, as text, numbers to the last bit.
std::string told(const smartcrop_decision& decision, const Session& session) {
  std::ostringstream text;
  text << std::hexfloat;
  text << decision.frame << ' ' << decision.pts << ' ' << decision.x << ' ' << decision.y << ' '
       << decision.width << ' ' << decision.height << ' ' << decision.confidence << ' '
       << decision.shot << ' ' << decision.strategy << ' ' << decision.flags << ' '
       << decision.target_x << ' ' << decision.target_y << ' ' << decision.reason;
  if (const HeatMap* map = session.last_map()) {
    for (const float value : map->values) text << ' ' << value;
    for (const smartcrop_box& box : *session.last_regions()) text << " box " << box.x;
  }
  return text.str();
}

void take(Session* session, std::vector<std::string>* lines) {
  smartcrop_decision decision{};
  while (session->receive(&decision) == SMARTCROP_OK) lines->push_back(told(decision, *session));
}

// Cuts and motion; one frame in four comes late, and some in a burst.
Clip film() {
  Clip clip = cuts();
  const Clip second = hop(), third = titled();
  clip.insert(clip.end(), second.begin(), second.end());
  clip.insert(clip.end(), third.begin(), third.begin() + 20);
  return clip;
}

int64_t even(size_t frame) { return static_cast<int64_t>(frame) * 1000 / kFps; }
// Ten times as fast as the stream says for a while, so that frames are decided before it is time.
int64_t bursts(size_t frame) {
  const auto n = static_cast<int64_t>(frame);
  return n < 40 ? 100 * n : n < 90 ? 4000 + 10 * (n - 40) : 4500 + 170 * (n - 90);
}

using Clock = int64_t (*)(size_t);

std::vector<std::string> decided(const Values& values, Clock clock = even,
                                 size_t frames = film().size(), bool ends = true) {
  std::vector<std::string> lines;
  Session session(options_of(values), stream_of_clip(), Log());
  const Clip clip = film();
  const std::array<smartcrop_box, 1> boxes = {{{20, 10, 30, 40, 1, 0, 0}}};
  for (size_t i = 0; i < frames; ++i) {
    const TestPicture picture = paint(clip[i]);
    smartcrop_frame frame = picture.frame();
    frame.pts = clock(i);
    if (i == 30) {
      frame.boxes = boxes.data();
      frame.box_count = 1;
    }
    EXPECT_EQ(session.send(frame), SMARTCROP_OK);
    take(&session, &lines);
  }
  if (ends) session.end();
  take(&session, &lines);
  return lines;
}

// Of the options of a run those that an analysis is solved with.
Options options_to_solve_with(const Values& values) {
  Options options;
  for (const auto& [key, value] : values) {
    if ((find_option_row(key)->roles & SMARTCROP_OPTION_SOLVE) != 0)
      set_option(&options, key, value);
  }
  return options;
}

std::vector<std::string> solved(const Values& values, const std::string& path) {
  std::vector<std::string> lines;
  Session session(options_to_solve_with(values), path, Log());
  take(&session, &lines);
  return lines;
}

class Solve : public Files {
 protected:
  std::string kept(const Values& values = {}, Clock clock = even) const {
    Values keeping = values;
    keeping.emplace_back("keep", path());
    decided(keeping, clock);
    return path();
  }
  std::string path() const { return (folder_ / "x.analysis").string(); }
};

class SolveOption : public Solve, public testing::WithParamInterface<const smartcrop_option_row*> {
 protected:
  std::string other_value() const {
    const smartcrop_option_row& row = *GetParam();
    switch (row.kind) {
      case SMARTCROP_OPTION_NUMBER:
        return text_of(row.maximum / 4 + row.minimum);
      case SMARTCROP_OPTION_BOOL:
        return "1";
      case SMARTCROP_OPTION_CHOICE:
        return row.choices[1];
      case SMARTCROP_OPTION_SHAPE:
        return "1";
      case SMARTCROP_OPTION_SIZE:
        return "64x96";
      default:
        ADD_FAILURE() << row.name << " is of a kind that no option of the director has";
        return "";
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Options, SolveOption, testing::ValuesIn([] {
                           std::vector<const smartcrop_option_row*> rows;
                           for (int i = 0; option_row_at(i) != nullptr; ++i) {
                             const smartcrop_option_row* row = option_row_at(i);
                             // Whom a run follows is found in its frames (asked_subject_test.cc).
                             if (row->kind == SMARTCROP_OPTION_FOLLOW) continue;
                             if ((row->roles & SMARTCROP_OPTION_SOLVE) != 0) rows.push_back(row);
                           }
                           return rows;
                         }()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST_P(SolveOption, DecidesAsTheRunOfTheVideoDoes) {
  const std::string name = GetParam()->name;
  Values values = {{name, other_value()}};
  if (name == "ema_time") values.emplace_back("smoother", "ema");
  const std::string path = kept();
  EXPECT_EQ(solved(values, path), decided(values));
}

TEST_F(Solve, KeepingChangesNothing) { EXPECT_EQ(decided({{"keep", path()}}), decided({})); }

TEST_F(Solve, DecidesAsTheRunThatWroteTheFile) {
  for (const Values& values : std::vector<Values>{{},
                                                  {{"lookahead", "0"}},
                                                  {{"lookahead", "0.2"}},
                                                  {{"lookahead", "0"}, {"whole_shots", "1"}},
                                                  {{"whole_shots", "1"}, {"zoom", "3"}}}) {
    for (const Clock clock : {even, bursts}) {
      const std::string path = kept(values, clock);
      EXPECT_EQ(solved(values, path), decided(values, clock));
    }
  }
}

// The windows alone: a wish has a reason and a name of its own.
std::vector<std::array<double, 4>> windows(Session* session) {
  std::vector<std::array<double, 4>> places;
  smartcrop_decision at{};
  while (session->receive(&at) == SMARTCROP_OK) places.push_back({at.x, at.y, at.width, at.height});
  return places;
}

TEST_F(Solve, AWishForEveryShotIsTheOptionStrategy) {
  const std::string path = kept();
  std::vector<std::array<double, 4>> before, now;
  for (int strategy = SMARTCROP_HOLD; strategy <= SMARTCROP_FIT; ++strategy) {
    for (const char* whole : {"0", "1"}) {
      Session asked(options_to_solve_with({{"whole_shots", whole}}), path, Log());
      for (int32_t shot = 0; shot < 20; ++shot)
        asked.ask(shot, strategy, std::nullopt, std::nullopt);
      Session by_option(
          options_to_solve_with({{"whole_shots", whole}, {"strategy", strategy_name(strategy)}}),
          path, Log());
      const auto places = windows(&asked);
      EXPECT_EQ(places, windows(&by_option)) << strategy_name(strategy);
      EXPECT_EQ(places.size(), film().size());
      now = places;
    }
    EXPECT_NE(now, before) << strategy_name(strategy);
    before = now;
  }
}

TEST_F(Solve, AWishForOneShotLeavesTheOthersAsTheyAre) {
  const std::string path = kept();
  Session alone(options_to_solve_with({}), path, Log());
  Session asked(options_to_solve_with({}), path, Log());
  asked.ask(1, std::optional<int>(SMARTCROP_FIT), std::nullopt, std::nullopt);
  smartcrop_decision own{}, changed{};
  int fitted = 0;
  while (alone.receive(&own) == SMARTCROP_OK) {
    ASSERT_EQ(asked.receive(&changed), SMARTCROP_OK);
    ASSERT_EQ(own.shot, changed.shot);
    if (own.shot == 1) {
      ++fitted;
      EXPECT_GT(changed.width, own.width);
      EXPECT_EQ(changed.strategy, SMARTCROP_FIT);
      EXPECT_STREQ(changed.reason, "a person asked for it");
    } else {
      EXPECT_EQ(changed.x, own.x);
      EXPECT_STREQ(changed.reason, own.reason);
    }
  }
  EXPECT_GT(fitted, 5);
}

TEST_F(Solve, GivesTheBoxesAndWhatTheObserverWasTold) {
  const Values seen = {{"hints", hints()}, {"analysis_fps", "2"}, {"borders", "keep"}};
  const std::string path = kept(seen);
  EXPECT_EQ(solved({}, path), decided(seen));
}

TEST_F(Solve, OfAFileWithANetworkEqualsTheRunWithIt) {
  if (describe_runtime().rfind("ONNX Runtime", 0) != 0) GTEST_SKIP() << describe_runtime();
  const Values seen = {{"model", "saliency"}, {"analysis_fps", "4"}};
  const std::string path = kept(seen);
  Values square = seen;
  square.emplace_back("aspect", "1");
  EXPECT_EQ(solved(seen, path), decided(seen));
  EXPECT_EQ(solved({{"aspect", "1"}}, path), decided(square));
}

TEST_F(Solve, TheFileOfARunThatWasClosedEarlyHasItsFrames) {
  decided({{"keep", path()}}, even, 50, false);
  EXPECT_EQ(solved({}, path()), decided({}, even, 50));
}

TEST_F(Solve, TheFileOfARunThatWasResetHasTheFramesAfterThat) {
  const Clip clip = film();
  {
    Session session(options_of({{"keep", path()}}), stream_of_clip(), Log());
    std::vector<std::string> lines;
    for (size_t i = 0; i < 100; ++i) {
      if (i == 30) session.reset();
      const TestPicture picture = paint(clip[i < 30 ? i + 40 : i - 30]);
      smartcrop_frame frame = picture.frame();
      frame.pts = even(i < 30 ? i : i - 30);
      session.send(frame);
      take(&session, &lines);
    }
    session.end();
    session.reset();  // nothing comes after it
  }
  // A box is given with frame 30 there and not here.
  EXPECT_EQ(solved({}, path()).size(), 70U);
}

TEST_F(Solve, BeginsAgainAfterReset) {
  Session session(options_to_solve_with({}), kept(), Log());
  std::vector<std::string> first, again;
  smartcrop_decision decision{};
  for (int i = 0; i < 20; ++i) session.receive(&decision);
  session.reset();
  take(&session, &first);
  session.reset();
  take(&session, &again);
  EXPECT_EQ(first.size(), film().size());
  EXPECT_EQ(first, again);
}

std::string refusal(const Options& options, const std::string& path) {
  try {
    Session session(options, path, Log());
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION);
    return error.what();
  }
  return "";
}

TEST_F(Solve, RefusesWhatWasDecidedWhenTheFileWasMade) {
  const std::string path = kept();
  for (const auto& [key, value] : Values{{"model", "center"},
                                         {"cut_threshold", "2"},
                                         {"text_weight", "3"},
                                         {"keep", path},
                                         {"threads", "2"}}) {
    Options options;
    set_option(&options, key, value);
    EXPECT_EQ(refusal(options, path),
              "option " + key + " was decided when " + path + " was made; analyze again");
  }
  Options options;
  options.plan = "a.plan";
  EXPECT_NE(refusal(options, path).find("plan=a.plan"), std::string::npos);
}

TEST_F(Solve, RefusesALookaheadThatLetsShotsBeSeenOtherwise) {
  const std::string path = kept();
  for (const double lookahead : {0.0, 0.3}) {
    Options options;
    options.lookahead = lookahead;
    EXPECT_NE(refusal(options, path).find("take lookahead=1.5, or analyze again"),
              std::string::npos);
  }
  Options options;
  options.lookahead = 0.6;
  EXPECT_EQ(refusal(options, path), "");
}

TEST_F(Solve, TakesNoFramesAndRendersNone) {
  Session session(options_to_solve_with({}), kept(), Log());
  const TestPicture picture = paint(film()[0]);
  EXPECT_THROW(session.send(picture.frame()), Error);
  EXPECT_THROW(session.end(), Error);
  smartcrop_decision decision{};
  ASSERT_EQ(session.receive(&decision), SMARTCROP_OK);
  int x = 0, y = 0;
  EXPECT_THROW(session.is_exact(decision, &x, &y), Error);
  TestPicture target(yuv(1, 1, 8), session.geometry().output);
  EXPECT_THROW(session.render(decision, picture.frame(), target.picture()), Error);
}

}  // namespace
}  // namespace smartcrop
