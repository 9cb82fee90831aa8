// SPDX-License-Identifier: MIT
// Whole runs over synthetic clips: what each option changes, and how time is taken.
#include "session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "model_fixture.h"
#include "synthetic_clip.h"

namespace smartcrop {
namespace {

constexpr Size kPicture{160, 90};
constexpr int kFps = 10;

struct Shown {
  int scene = 0, permille = 500;  // scene -1: black
};
using Clip = std::vector<Shown>;
using Values = std::vector<std::pair<std::string, std::string>>;

// The subject walks from left to right and back.
Clip walk() {
  Clip clip;
  for (int i = 0; i < 50; ++i) clip.push_back({0, i < 25 ? 100 + 32 * i : 900 - 32 * (i - 25)});
  return clip;
}

// The subject stands, then is elsewhere.
Clip hop() {
  Clip clip;
  for (int i = 0; i < 60; ++i) clip.push_back({0, i < 20 ? 200 : 800});
  return clip;
}

// Shots of 2 s, 0.6 s and 2 s.
Clip cuts() {
  Clip clip;
  for (int i = 0; i < 46; ++i)
    clip.push_back({i < 20 ? 0 : i < 26 ? 2 : 1, i < 20 ? 250 : i < 26 ? 750 : 400});
  return clip;
}

// Nothing but a subject at the edge.
Clip edge() { return Clip(20, {0, 60}); }

smartcrop_stream stream_of_clip() {
  smartcrop_stream stream = stream_of(yuv(1, 1, 8), kPicture);
  stream.time_base_den = 1000;
  stream.frame_rate_num = kFps;
  stream.frame_rate_den = 1;
  return stream;
}

TestPicture paint(const Shown& shown) {
  TestPicture picture(yuv(1, 1, 8), kPicture);
  picture.fill_all([](int, int) { return 128; });
  picture.fill(0, [](int, int) { return 16; });
  if (shown.scene >= 0) paint_scene(&picture, yuv(1, 1, 8), shown.scene, shown.permille);
  return picture;
}

Options options_of(const Values& values) {
  Options options;
  for (const auto& [key, value] : values) set_option(&options, key, value);
  return options;
}

// All that a host can see of a run, as text.
struct Seen {
  std::string opening, shape, windows, shots, flags, pixels, log;
  int delay = 0;
};

std::string pixels_of(Session* session, const smartcrop_decision& decision,
                      const TestPicture& source) {
  TestPicture target(yuv(1, 1, 8), session->geometry().output);
  session->render(decision, source.frame(), target.picture());
  std::ostringstream text;
  const Size size = target.size(0);
  for (int x = 0; x < size.width; ++x) text << target.get(0, x, size.height / 2) << ' ';
  return text.str();
}

void write(const smartcrop_decision& decision, Seen* seen) {
  std::ostringstream window;
  window << decision.x << ' ' << decision.y << ' ' << decision.width << ' ' << decision.height
         << '\n';
  seen->windows += window.str();
  seen->shots += std::to_string(decision.shot) + ' ';
  seen->flags += std::to_string(decision.flags) + ' ';
}

void show(const Clip& clip, Session* session, Seen* seen) {
  std::map<int64_t, TestPicture> waiting;
  const auto take = [&] {
    smartcrop_decision decision{};
    while (session->receive(&decision) == SMARTCROP_OK) {
      write(decision, seen);
      if (seen->pixels.empty())
        seen->pixels = pixels_of(session, decision, waiting.at(decision.pts));
      waiting.erase(decision.pts);
    }
  };
  for (size_t i = 0; i < clip.size(); ++i) {
    const auto pts = static_cast<int64_t>(i) * 1000 / kFps;
    smartcrop_frame frame = waiting.emplace(pts, paint(clip[i])).first->second.frame();
    frame.pts = pts;
    session->send(frame);
    take();
  }
  session->end();
  take();
  EXPECT_TRUE(waiting.empty());
}

Seen run(const Clip& clip, const Values& values) {
  Seen seen;
  const auto keep = [](void* cookie, int, const char* line) {
    *static_cast<std::string*>(cookie) += std::string(line) + '\n';
  };
  const Options options = options_of(values);
  seen.delay = max_delay_frames(options, kFps);
  try {
    Session session(options, stream_of_clip(), Log(keep, &seen.log));
    const Geometry& geometry = session.geometry();
    seen.shape =
        std::to_string(geometry.window_width) + "x" + std::to_string(geometry.window_height) + " " +
        std::to_string(geometry.output.width) + "x" + std::to_string(geometry.output.height);
    show(clip, &session, &seen);
  } catch (const Error& error) {
    seen.opening = error.what();
  }
  return seen;
}

// ---- every option changes what it says

struct Effect {
  std::function<Clip()> clip;
  std::string value, other;
  std::string Seen::*where;
  Values beside;  // other options that it needs
  bool needs_runtime = false;
};

class Files : public ModelTest {
 protected:
  // A model that looks at what is bright, and one that fails on black pictures.
  std::string model() const {
    return save_as("bright.onnx", describe(brightness_file({9, 9, 9})).bytes());
  }
  std::string failing_model() const {
    OnnxFile file;
    file.input("image", kImage).output("map", kMap);
    add_cells(file, "cells", {1, 1, 1}).node("Log", {"cells"}, "map");
    return save_as("failing.onnx", describe(file).bytes());
  }
  std::string plan() const {
    std::string text = R"({"type":"header","format":"smartcrop-plan","version":1,)"
                       R"("source":{"width":160,"height":90},"output":{"width":50,"height":90}})"
                       "\n";
    for (int i = 0; i < 60; ++i) {
      text += R"({"type":"frame","t":)" + std::to_string(i / 10.0) + R"(,"x":)" +
              std::to_string(i) + R"(,"y":0,"width":50,"height":90})" + "\n";
    }
    return save_as("a.plan", text);
  }

 private:
  std::string save_as(const std::string& name, const std::string& bytes) const {
    const std::string path = (folder_ / name).string();
    write_file(path, bytes);
    return path;
  }
};

class OptionEffect : public Files, public testing::WithParamInterface<const smartcrop_option_row*> {
 protected:
  std::map<std::string, Effect> effects() const {
    return {
        {"aspect", {walk, "9/16", "1", &Seen::shape, {}}},
        {"size", {walk, "", "90x160", &Seen::shape, {}}},
        {"plan", {walk, "", plan(), &Seen::windows, {}}},
        {"model", {walk, "none", model(), &Seen::windows, {}, true}},
        {"device", {walk, "cpu", "cuda", &Seen::log, {{"model", model()}}, true}},
        {"strict",
         {[] {
            return Clip(5, {-1, 0});
          },
          "0",
          "1",
          &Seen::opening,
          {{"model", failing_model()}},
          true}},
        {"analysis_fps", {walk, "0.5", "30", &Seen::windows, {}}},
        {"lookahead", {hop, "0", "1.5", &Seen::windows, {}}},
        {"cut_threshold", {cuts, "1", "10", &Seen::shots, {}}},
        {"min_shot", {cuts, "0", "1", &Seen::shots, {}}},
        {"strategy", {walk, "hold", "follow", &Seen::windows, {}}},
        {"center_bias", {edge, "0", "1", &Seen::windows, {}}},
        {"smoother", {hop, "glide", "ema", &Seen::windows, {}}},
        {"dead_zone", {walk, "0", "1", &Seen::windows, {}}},
        {"max_speed", {hop, "0.05", "2", &Seen::windows, {}}},
        {"max_accel", {hop, "0.05", "20", &Seen::windows, {}}},
        {"ema_time", {hop, "0.1", "3", &Seen::windows, {{"smoother", "ema"}}}},
        {"subpixel", {walk, "0", "1", &Seen::windows, {}}},
        {"scaler", {walk, "bilinear", "lanczos", &Seen::pixels, {{"size", "99x177"}}}},
    };
  }
};

// What must not change a decision, and why.
const std::map<std::string, std::string> kWithoutEffect = {
    {"threads", "the same decisions, sooner"},
    {"buffer", "for hosts that queue frames"},
};

TEST_P(OptionEffect, IsSeen) {
  const smartcrop_option_row& row = *GetParam();
  if (kWithoutEffect.count(row.name) > 0) {
    const std::string least = get_option(Options(), row.name);
    EXPECT_EQ(run(walk(), {{row.name, least}}).windows, run(walk(), {{row.name, "7"}}).windows);
    return;
  }
  const auto effects = this->effects();
  const auto found = effects.find(row.name);
  ASSERT_NE(found, effects.end()) << "option " << row.name << " has no case in this test";
  const Effect& effect = found->second;
  if (effect.needs_runtime && describe_runtime().rfind("ONNX Runtime", 0) != 0) {
    GTEST_SKIP() << describe_runtime();
  }
  std::vector<Seen> seen;
  for (const std::string& value : {effect.value, effect.other}) {
    Values values = effect.beside;
    values.emplace_back(row.name, value);
    seen.push_back(run(effect.clip(), values));
    if (effect.where != &Seen::opening && effect.where != &Seen::log) {
      EXPECT_EQ(seen.back().opening, "");
      EXPECT_NE(seen.back().*effect.where, "");
    }
  }
  EXPECT_NE(seen[0].*effect.where, seen[1].*effect.where);
  if ((row.flags & SMARTCROP_OPTION_LIVE) != 0) {
    EXPECT_EQ(effect.where, &Seen::windows) << "a live option changes decisions";
  }
}

INSTANTIATE_TEST_SUITE_P(Options, OptionEffect, testing::ValuesIn([] {
                           std::vector<const smartcrop_option_row*> rows;
                           for (int i = 0; option_row_at(i) != nullptr; ++i)
                             rows.push_back(option_row_at(i));
                           return rows;
                         }()),
                         [](const auto& test) { return std::string(test.param->name); });

class LiveOption : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Options, LiveOption,
                         testing::Values("center_bias", "dead_zone", "max_speed", "max_accel",
                                         "ema_time"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(LiveOption, ChangedWhileRunningChangesTheRestAndNothingBefore) {
  const std::string key = GetParam();
  const bool ema = key == "ema_time", bias = key == "center_bias";
  const Options options = options_of({{"smoother", ema ? "ema" : "glide"}, {"lookahead", "0"}});
  const Clip clip = bias ? cuts() : hop();
  const smartcrop_option_row& row = *find_option_row(key);
  std::vector<double> windows[2];
  for (const bool change : {false, true}) {
    Session session(options, stream_of_clip(), Log());
    for (size_t i = 0; i < clip.size(); ++i) {
      if (change && i == 18) session.set_live(key, bias ? 0 : row.minimum);
      const TestPicture picture = paint(clip[i]);
      smartcrop_frame frame = picture.frame();
      frame.pts = static_cast<int64_t>(i) * 100;
      ASSERT_EQ(session.send(frame), SMARTCROP_OK);
      smartcrop_decision decision{};
      ASSERT_EQ(session.receive(&decision), SMARTCROP_OK) << "live means at once";
      windows[change ? 1 : 0].push_back(decision.x);
    }
  }
  for (size_t i = 0; i < 18; ++i) EXPECT_EQ(windows[0][i], windows[1][i]);
  EXPECT_NE(windows[0], windows[1]);
}

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
  const std::vector<double> from_zero = places(decisions_of(steady(40), Options()));
  for (const int64_t first : {int64_t{-5000}, int64_t{1000}, int64_t{123456700}}) {
    EXPECT_EQ(places(decisions_of(steady(40, first), Options())), from_zero) << first;
  }
}

TEST(SessionTime, WithoutTimesIsTheFrameRate) {
  const std::vector<int64_t> none(40, SMARTCROP_NO_PTS);
  EXPECT_EQ(places(decisions_of(none, Options())), places(decisions_of(steady(40), Options())));
}

TEST(SessionTime, GoesOnWhereTheClockIsSetBack) {
  std::vector<int64_t> set_back = steady(20);
  for (const int64_t time : steady(20, -100000)) set_back.push_back(time);
  EXPECT_EQ(places(decisions_of(set_back, Options())), places(decisions_of(steady(40), Options())));
}

TEST(SessionTime, ThatStandsStillOrLeapsLeavesEveryDecisionInThePicture) {
  for (const std::vector<int64_t>& times :
       {std::vector<int64_t>(30, 7), steady(30, 0, 1000000), steady(30, INT64_MIN + 1, 1),
        steady(30, INT64_MAX - 5000, 100), std::vector<int64_t>{0, INT64_MAX, INT64_MIN + 1, 5}}) {
    const auto decisions = decisions_of(times, Options());
    ASSERT_EQ(decisions.size(), times.size());
    for (size_t i = 0; i < times.size(); ++i) {
      EXPECT_EQ(decisions[i].pts, times[i]);
      EXPECT_GE(decisions[i].x, 0);
      EXPECT_LE(decisions[i].x + decisions[i].width, kPicture.width);
    }
  }
}

// ---- delay

TEST(MaxDelay, IsTheLookaheadInFrames) {
  EXPECT_EQ(max_delay_frames(options_of({{"lookahead", "1.5"}}), 30), 45);
  EXPECT_EQ(max_delay_frames(options_of({{"lookahead", "1.5"}}), 25), 38);
  EXPECT_EQ(max_delay_frames(options_of({{"lookahead", "0"}}), 30), 0);
  EXPECT_EQ(max_delay_frames(options_of({{"lookahead", "0.1"}}), 30), 3) << "not 4 by rounding";
}

TEST(MaxDelay, AtAnUnknownRateIsThatOfSixty) {
  for (const double fps : {0.0, -1.0, std::nan("")}) {
    EXPECT_EQ(max_delay_frames(options_of({{"lookahead", "2"}}), fps), 120);
  }
}

TEST(MaxDelay, AtAnAbsurdRateIsALargeNumberAndNoOverflow) {
  for (const double fps : {1e9, 1e12, 1e300, HUGE_VAL}) {
    EXPECT_GT(max_delay_frames(options_of({{"lookahead", "60"}}), fps), 1000000000);
  }
  EXPECT_EQ(max_delay_frames(options_of({{"lookahead", "0"}}), 1e300), 0);
}

TEST(MaxDelay, OfAPlanIsNothing) {
  EXPECT_EQ(max_delay_frames(options_of({{"plan", "a.plan"}}), 30), 0);
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

TEST_F(PlannedSession, ScalesThePlansWindowsToASizeThatIsAskedFor) {
  Session session(options_of({{"plan", plan()}, {"size", "100x180"}}), stream_of_clip(), Log());
  EXPECT_EQ(session.geometry().output.width, 100);
  EXPECT_EQ(session.geometry().output.height, 180);
}

}  // namespace
}  // namespace smartcrop
