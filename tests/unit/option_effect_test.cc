// SPDX-License-Identifier: MIT
// What each option changes in whole runs over synthetic clips.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "session.h"
#include "session_fixture.h"

namespace smartcrop {
namespace {

// All that a host can see of a run, as text.
struct Seen {
  std::string opening, shape, windows, shots, flags, pixels, boxes, log;
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

void write_boxes(const std::vector<smartcrop_box>* boxes, Seen* seen) {
  std::ostringstream text;
  for (size_t i = 0; boxes != nullptr && i < boxes->size(); ++i) {
    const smartcrop_box& box = (*boxes)[i];
    text << box.x << ' ' << box.y << ' ' << box.width << ' ' << box.required << ", ";
  }
  seen->boxes += text.str() + '\n';
}

void show(const Clip& clip, Session* session, Seen* seen) {
  std::map<int64_t, TestPicture> waiting;
  const auto take = [&] {
    smartcrop_decision decision{};
    while (session->receive(&decision) == SMARTCROP_OK) {
      write(decision, seen);
      write_boxes(session->last_regions(), seen);
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

class OptionEffect : public Files, public testing::WithParamInterface<const smartcrop_option_row*> {
 protected:
  std::map<std::string, Effect> effects() const {
    return {
        {"aspect", {walk, "9/16", "1", &Seen::shape, {}}},
        {"size", {walk, "", "90x160", &Seen::shape, {}}},
        {"plan", {walk, "", plan(), &Seen::windows, {}}},
        {"model", {walk, "none", model(), &Seen::windows, {}, true}},
        {"boxes", {walk, "", detector(), &Seen::boxes, {}, true}},
        {"boxes_required", {walk, "0", "1", &Seen::boxes, {{"boxes", detector()}}, true}},
        {"hints", {walk, "", hints(), &Seen::boxes, {}}},
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
        {"motion", {walk, "proxy", "none", &Seen::windows, {}}},
        {"analysis_fps", {walk, "0.5", "30", &Seen::windows, {}}},
        {"lookahead", {hop, "0", "1.5", &Seen::windows, {}}},
        {"cut_threshold", {cuts, "1", "10", &Seen::shots, {}}},
        {"min_shot", {cuts, "0", "1", &Seen::shots, {}}},
        {"strategy", {walk, "hold", "follow", &Seen::windows, {}}},
        {"switch", {hop, "glide", "cut", &Seen::windows, {}}},
        {"zoom", {edge, "1", "3", &Seen::windows, {}}},
        {"lead_room", {walk, "0", "0.4", &Seen::windows, {}}},
        {"whole_shots", {hop, "0", "1", &Seen::windows, {{"lookahead", "0"}}}},
        {"borders", {letterbox, "auto", "keep", &Seen::windows, {}}},
        {"text_weight", {titled, "0", "5", &Seen::windows, {}}},
        {"center_bias", {edge, "0", "1", &Seen::windows, {}}},
        {"smoother", {hop, "l1", "ema", &Seen::windows, {}}},
        {"dead_zone", {walk, "0", "1", &Seen::windows, {}}},
        {"max_speed", {hop, "0.05", "2", &Seen::windows, {}}},
        {"max_accel", {hop, "0.05", "20", &Seen::windows, {}}},
        {"ema_time", {hop, "0.1", "3", &Seen::windows, {{"smoother", "ema"}}}},
        {"subpixel", {walk, "0", "1", &Seen::windows, {}}},
        {"pad", {walk, "blur", "edge", &Seen::pixels, {{"plan", fitted_plan()}}}},
        {"pad_colour",
         {walk, "black", "#c08040", &Seen::pixels, {{"plan", fitted_plan()}, {"pad", "colour"}}}},
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
  const Options options = options_of({{"smoother", ema ? "ema" : "l1"}, {"lookahead", "0"}});
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

}  // namespace
}  // namespace smartcrop
