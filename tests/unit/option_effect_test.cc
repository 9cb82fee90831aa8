// SPDX-License-Identifier: MIT
// What each option changes in whole runs over synthetic clips, and which way.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "inference/model_source.h"
#include "option_run.h"

namespace smartcrop {
namespace {

// With the larger value there is more to measure, or less.
struct Effect {
  std::function<Clip()> clip;
  std::string value, other;
  std::function<double(const Seen&)> measure;
  enum Way { kMore, kLess } way;
  Values beside = {};  // other options that it needs
  bool needs_runtime = false;
};

Clip black() { return Clip(5, {-1, 0}); }

// Stands to the left of the middle; nothing else draws the eye.
Clip left_of_middle() { return Clip(20, {0, 300}); }

class OptionEffect : public Files, public testing::WithParamInterface<const smartcrop_option_row*> {
 protected:
  // Several of an option show what its choices do.
  std::multimap<std::string, Effect> effects() const {
    constexpr auto kMore = Effect::kMore, kLess = Effect::kLess;
    const auto bytes_of = [](const std::string& path) {
      return [path](const Seen&) {
        std::error_code none;
        const auto size = std::filesystem::file_size(path, none);
        return none ? 0.0 : static_cast<double>(size);
      };
    };
    return {
        {"aspect", {walk, "9/16", "1", window_width, kMore}},
        {"size", {walk, "", "90x160", output_width, kMore}},
        {"strategy", {walk, "hold", "follow", travel, kMore}},
        {"strategy", {walk, "hold", "pan", travel, kMore}},
        {"strategy", {walk, "pan", "follow", travel, kMore}},
        {"strategy", {walk, "auto", "fit", last_width, kMore}},
        {"zoom", {edge, "1", "3", last_width, kLess}},
        {"switch", {hop, "glide", "cut", longest_step, kMore}},
        {"lead_room", {walk, "0", "0.4", mean_lead_to_the_right, kMore}},
        {"center_bias", {edge, "0", "1", mean_distance_to_the_middle, kLess}},
        {"model", {left_of_middle, "none", model(), mean_distance_to_subject, kLess, {}, true}},
        {"subjects",
         {walk, "none", detector(), boxes_known, kMore, {{"tracker", tracker()}}, true}},
        {"subjects_required",
         {walk,
          "0",
          "1",
          boxes_required,
          kMore,
          {{"subjects", detector()}, {"tracker", tracker()}},
          true}},
        {"follow",
         {left_of_middle,
          "auto",
          "0.3x0.5",
          mean_distance_to_subject,
          kLess,
          {{"tracker", tracker()}},
          true}},
        {"tracker",
         {left_of_middle,
          blind_tracker(),
          tracker(),
          mean_distance_to_subject,
          kLess,
          {{"follow", "0.3x0.5"}},
          true}},
        {"hints", {walk, "", hints(), boxes_known, kMore}},
        {"borders", {letterbox, "auto", "keep", window_height, kMore}},
        {"text_weight", {titled, "0", "5", mean_distance_to_the_middle, kLess}},
        {"motion", {walk, "proxy", "none", travel, kLess}},
        {"analysis_fps", {walk, "0.5", "30", mean_distance_to_subject, kLess}},
        {"keep", {walk, "", kept(), bytes_of(kept()), kMore}},
        {"plan_out", {walk, "", planned(), bytes_of(planned()), kMore}},
        {"smoother", {hop, "l1", "ema", moving_frames, kMore}},
        {"dead_zone", {walk, "0", "1", travel, kLess}},
        {"max_speed", {hop, "0.05", "2", longest_step, kMore}},
        {"max_accel", {hop, "0.05", "20", largest_change_of_speed, kMore}},
        {"ema_time", {hop, "0.1", "3", passes_the_middle, kMore, {{"smoother", "ema"}}}},
        {"cut_threshold", {cuts, "1", "10", shots, kLess}},
        {"min_shot", {cuts, "0", "1", shots, kLess}},
        {"lookahead", {hop, "0", "1.5", passes_the_middle, kLess}},
        {"whole_shots", {hop, "0", "1", passes_the_middle, kLess, {{"lookahead", "0"}}}},
        {"plan", {walk, "", plan(), windows_of_the_plan, kMore}},
        {"pad", {walk, "colour", "edge", bar_level, kMore, {{"plan", fitted_plan()}}}},
        {"pad", {walk, "edge", "blur", sharpness, kMore, {{"plan", fitted_plan()}}}},
        {"pad_colour",
         {walk,
          "black",
          "#c08040",
          bar_level,
          kMore,
          {{"plan", fitted_plan()}, {"pad", "colour"}}}},
        {"scaler", {walk, "bilinear", "lanczos", sharpness, kMore, {{"size", "99x177"}}}},
        {"subpixel", {walk, "0", "1", windows_at_fractions, kMore}},
        {"device", {walk, "cpu", "cuda", mentions_of_cuda, kMore, {{"model", model()}}, true}},
        {"strict", {black, "0", "1", errors, kMore, {{"model", failing_model()}}, true}},
    };
  }
};

// What must not change a decision, and why.
const std::map<std::string, std::string> kWithoutEffect = {
    {"threads", "the same decisions, sooner"},
    {"buffer", "for hosts that queue frames"},
    {"prefer", "it says which subject is chosen, and no camera chooses one yet"},
};

void expect_effect(const std::string& name, const Effect& effect) {
  SCOPED_TRACE(name + "=" + effect.value + " and " + effect.other);
  if (effect.needs_runtime && describe_runtime().rfind("ONNX Runtime", 0) != 0) {
    GTEST_SKIP() << describe_runtime();
  }
  std::vector<double> measured;
  for (const std::string& value : {effect.value, effect.other}) {
    Values values = effect.beside;
    values.emplace_back(name, value);
    const Seen seen = run(effect.clip(), values);
    const bool may_fail = name == "strict" || name == "device";
    if (!may_fail) {
      ASSERT_EQ(seen.error, "");
      ASSERT_FALSE(seen.decisions.empty());
    }
    measured.push_back(effect.measure(seen));
  }
  if (effect.way == Effect::kMore) {
    EXPECT_GT(measured[1], measured[0]);
  } else {
    EXPECT_LT(measured[1], measured[0]);
  }
}

class WeightlessSubjects : public Files {
 protected:
  void SetUp() override {
    Files::SetUp();
    if (describe_runtime().rfind("ONNX Runtime", 0) != 0) GTEST_SKIP() << describe_runtime();
  }
};

TEST_P(OptionEffect, GoesTheWayThatItsHelpSays) {
  const std::string name = GetParam()->name;
  if (kWithoutEffect.count(name) > 0) {
    const Seen least = run(walk(), {{name, GetParam()->default_value}});
    const Seen more = run(walk(), {{name, "7"}});
    ASSERT_EQ(least.error, "");
    ASSERT_EQ(more.error, "");
    ASSERT_EQ(least.decisions.size(), least.clip.size());
    ASSERT_EQ(more.decisions.size(), least.clip.size());
    for (size_t i = 0; i < least.decisions.size(); ++i) {
      ASSERT_EQ(least.decisions[i].x, more.decisions[i].x);
    }
    return;
  }
  const auto effects = this->effects();
  const auto found = effects.equal_range(name);
  ASSERT_NE(found.first, found.second) << "option " << name << " has no case in this test";
  for (auto each = found.first; each != found.second; ++each) expect_effect(name, each->second);
}

std::vector<const smartcrop_option_row*> all_options() {
  std::vector<const smartcrop_option_row*> rows;
  for (int i = 0; option_row_at(i) != nullptr; ++i) rows.push_back(option_row_at(i));
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Options, OptionEffect, testing::ValuesIn(all_options()),
                         [](const auto& test) { return std::string(test.param->name); });

// The detector's boxes are known where they weigh nothing, for whoever chooses one of them.
TEST_F(WeightlessSubjects, ChangeNoWindow) {
  try {
    find_model(ModelKind::kTracker, "tracker");
  } catch (const Error& error) {
    GTEST_SKIP() << "this build has no tracker of its own: " << error.what();
  }
  const Seen without = run(walk(), {}), with = run(walk(), {{"subjects", detector(0)}});
  const Seen weighty = run(walk(), {{"subjects", detector(9)}});
  ASSERT_EQ(with.error, "");
  EXPECT_GT(boxes_known(with), 0);
  ASSERT_EQ(with.decisions.size(), without.decisions.size());
  double moved = 0;
  for (size_t i = 0; i < with.decisions.size(); ++i) {
    EXPECT_EQ(with.decisions[i].x, without.decisions[i].x) << i;
    EXPECT_EQ(with.decisions[i].width, without.decisions[i].width) << i;
    moved += std::abs(weighty.decisions[i].x - without.decisions[i].x);
  }
  EXPECT_GT(moved, 0) << "with a weight they would";
}

// ---- a live option, changed while running

struct LiveChange {
  std::function<Clip()> clip;
  double value;  // from frame 18 on
  std::function<double(const Seen&)> measure;
  Effect::Way way;
  Values beside = {};
};

const std::map<std::string, LiveChange>& live_changes() {
  static const std::map<std::string, LiveChange> changes = {
      {"center_bias", {cuts, 1, mean_distance_to_the_middle, Effect::kLess}},
      {"dead_zone", {walk, 1, travel, Effect::kLess}},
      {"max_speed", {hop, 0.01, longest_step, Effect::kLess}},
      {"max_accel", {hop, 0.01, largest_change_of_speed, Effect::kLess}},
      {"ema_time", {hop, 0.01, passes_the_middle, Effect::kLess, {{"smoother", "ema"}}}},
  };
  return changes;
}

Seen run_live(const std::string& key, const LiveChange& change, bool is_changed) {
  Seen seen;
  seen.clip = change.clip();
  Values values = change.beside;
  values.emplace_back("lookahead", "0");
  Session session(options_of(values), stream_of_clip(), Log());
  for (size_t i = 0; i < seen.clip.size(); ++i) {
    if (is_changed && i == 18) session.set_live(key, change.value);
    const TestPicture picture = paint(seen.clip[i]);
    smartcrop_frame frame = picture.frame();
    frame.pts = static_cast<int64_t>(i) * 100;
    EXPECT_EQ(session.send(frame), SMARTCROP_OK);
    smartcrop_decision decision{};
    EXPECT_EQ(session.receive(&decision), SMARTCROP_OK) << "live means at once";
    seen.decisions.push_back(decision);
  }
  return seen;
}

class LiveOption : public testing::TestWithParam<const smartcrop_option_row*> {};
INSTANTIATE_TEST_SUITE_P(Options, LiveOption, testing::ValuesIn([] {
                           std::vector<const smartcrop_option_row*> rows;
                           for (const smartcrop_option_row* row : all_options()) {
                             if ((row->roles & SMARTCROP_OPTION_LIVE) != 0) rows.push_back(row);
                           }
                           return rows;
                         }()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST_P(LiveOption, ChangedWhileRunningChangesTheRestItsWayAndNothingBefore) {
  const std::string key = GetParam()->name;
  const auto found = live_changes().find(key);
  ASSERT_NE(found, live_changes().end()) << "live option " << key << " has no case in this test";
  const Seen before = run_live(key, found->second, false);
  const Seen after = run_live(key, found->second, true);
  for (size_t i = 0; i < 18; ++i) EXPECT_EQ(before.decisions[i].x, after.decisions[i].x);
  if (found->second.way == Effect::kMore) {
    EXPECT_GT(found->second.measure(after), found->second.measure(before));
  } else {
    EXPECT_LT(found->second.measure(after), found->second.measure(before));
  }
}

// ---- roles: what an option has no effect on

class OptionRole : public Files, public testing::WithParamInterface<const smartcrop_option_row*> {
 protected:
  // Another value than the default that no run refuses; empty where there is none.
  std::string other_value() const {
    const smartcrop_option_row& row = *GetParam();
    switch (row.kind) {
      case SMARTCROP_OPTION_NUMBER:
      case SMARTCROP_OPTION_INTEGER:
        return text_of(row.maximum);
      case SMARTCROP_OPTION_BOOL:
        return "1";
      case SMARTCROP_OPTION_CHOICE:
        return row.choices[1];
      case SMARTCROP_OPTION_SHAPE:
        return "1";
      case SMARTCROP_OPTION_SIZE:
        return "64x96";
      case SMARTCROP_OPTION_COLOUR:
        return "#c08040";
      case SMARTCROP_OPTION_PATH:
        return std::string("plan") == row.name ? "" : hints();
      case SMARTCROP_OPTION_MODEL:
        return model();
      case SMARTCROP_OPTION_NAMES:
        return "person+ball";
      case SMARTCROP_OPTION_FOLLOW:
        return "0.3x0.5";
    }
    return "";
  }
  bool has_role(int role) const { return (GetParam()->roles & role) != 0; }
};
INSTANTIATE_TEST_SUITE_P(Options, OptionRole, testing::ValuesIn(all_options()),
                         [](const auto& test) { return std::string(test.param->name); });

std::vector<std::array<double, 4>> windows_of(const Seen& seen) {
  std::vector<std::array<double, 4>> windows;
  for (const smartcrop_decision& each : seen.decisions) {
    windows.push_back({each.x, each.y, each.width, each.height});
  }
  return windows;
}

TEST_P(OptionRole, OfAnalysisHasNoEffectOnAPlanThatIsRenderedAndIsNamedInTheLog) {
  if (has_role(SMARTCROP_OPTION_RENDER)) return;
  const std::string name = GetParam()->name;
  const Values plan = {{"plan", fitted_plan()}, {"model", "saliency"}};
  Values changed = plan;
  changed.emplace_back(name, other_value());
  const Seen usual = run(walk(), plan), other = run(walk(), changed);
  ASSERT_EQ(other.error, "");
  EXPECT_EQ(windows_of(usual), windows_of(other));
  EXPECT_EQ(usual.row, other.row);
  EXPECT_EQ(usual.log.find("no effect"), std::string::npos) << usual.log;
  EXPECT_NE(other.log.find("no effect: " + name), std::string::npos) << other.log;
}

TEST_P(OptionRole, OfRenderingAloneHasNoEffectOnDecisions) {
  if (has_role(SMARTCROP_OPTION_ANALYSE) || other_value().empty()) return;
  const Seen usual = run(walk(), {}), other = run(walk(), {{GetParam()->name, other_value()}});
  ASSERT_EQ(other.error, "");
  EXPECT_EQ(windows_of(usual), windows_of(other));
}

}  // namespace
}  // namespace smartcrop
