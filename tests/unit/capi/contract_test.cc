// SPDX-License-Identifier: MIT
// The rules of send and receive (smartcrop.h), held to by random schedules: a film is a sequence of
// calls that count (frames, live options, resets, the end), and each of its schedules mixes them
// with calls that must not count (receives at any time, sends that are refused, faulty calls).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "capi/random_film.h"
#include "capi/random_host.h"
#include "inference/model_fixture.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {
namespace {

constexpr int kSchedulesOfAFilm = 8;
constexpr int kParts = 4;  // that can run side by side

int schedules() {
  const char* const wanted = std::getenv("SMARTCROP_SCHEDULES");
  return wanted != nullptr ? std::atoi(wanted) : 20000;
}

void expect_same(const smartcrop_decision& a, const smartcrop_decision& b) {
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.y, b.y);
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.confidence, b.confidence);
  EXPECT_EQ(a.shot, b.shot);
  EXPECT_EQ(a.strategy, b.strategy);
  EXPECT_EQ(a.flags, b.flags);
  EXPECT_EQ(a.has_subject, b.has_subject);
  EXPECT_EQ(a.subject, b.subject);
  EXPECT_EQ(a.subject_x, b.subject_x);
  EXPECT_EQ(a.subject_y, b.subject_y);
  EXPECT_EQ(a.subject_width, b.subject_width);
  EXPECT_EQ(a.subject_height, b.subject_height);
}

void expect_same(const std::vector<Segment>& told, const std::vector<Segment>& reference) {
  ASSERT_EQ(told.size(), reference.size());
  for (size_t i = 0; i < told.size(); ++i) {
    // A schedule that stopped or reset early was told less, but nothing else.
    ASSERT_LE(told[i].decisions.size(), reference[i].decisions.size());
    for (size_t n = 0; n < told[i].decisions.size(); ++n) {
      SCOPED_TRACE("segment " + std::to_string(i) + " frame " + std::to_string(n));
      expect_same(told[i].decisions[n], reference[i].decisions[n]);
    }
  }
}

struct Opened {
  smartcrop_context* context = nullptr;
  int most_delay = 0;
};

Opened open(const Film& film) {
  smartcrop_options* options = smartcrop_options_new();
  for (const auto& [key, value] : film.options) {
    EXPECT_EQ(smartcrop_options_set(options, key.c_str(), value.c_str()), SMARTCROP_OK);
  }
  Opened opened;
  const double fps = film.stream.frame_rate_num > 0 ? film.stream.frame_rate_num : 0;
  opened.most_delay = smartcrop_max_delay(options, fps);
  EXPECT_GE(opened.most_delay, 0);
  EXPECT_EQ(smartcrop_open(&opened.context, options, &film.stream, nullptr, nullptr), SMARTCROP_OK)
      << smartcrop_last_error();
  smartcrop_options_free(&options);
  return opened;
}

// And whom it is asked to follow.
bool changes_live_options(const Film& film) {
  for (const Step& step : film.steps) {
    if (step.act == Act::kSetLive || step.act == Act::kFollow) return true;
  }
  return false;
}

std::string describe(const Film& film) {
  std::string text = "kind " + std::to_string(film.kind);
  for (const auto& [key, value] : film.options) text += " " + key + "=" + value;
  for (const Step& step : film.steps) {
    const char* const names[] = {" send", " live", " follow", " reset", " end"};
    text += names[static_cast<int>(step.act)];
    if (step.act == Act::kSend) text += "@" + std::to_string(step.pts);
    if (step.says_boxes) text += " with " + std::to_string(step.boxes.size());
    if (step.act == Act::kFollow) text += " " + step.key;
  }
  return text;
}

std::string write_plan() {
  const std::string path =
      testing::TempDir() + "smartcrop_contract_" + std::to_string(getpid()) + ".plan";
  std::ofstream file(path);
  file << R"({"type":"header","format":"smartcrop-plan","version":1,)"
       << R"("source":{"width":64,"height":36},"output":{"width":20,"height":36}})" << '\n';
  for (int i = 0; i < 6; ++i) {
    file << R"({"type":"frame","t":)" << i << R"(e-1,"x":)" << 4 * i
         << R"(,"y":0,"width":20,"height":36,"shot":)" << i / 3 << "}\n";
  }
  return path;
}

// Empty where there is nothing to run one.
std::string write_tracker(const std::filesystem::path& folder) {
  if (describe_runtime().rfind("ONNX Runtime", 0) != 0) return "";
  std::filesystem::create_directories(folder);
  write_file((folder / "trunk.onnx").string(), trunk_file().bytes());
  write_file((folder / "head.onnx").string(), describe_tracker(tracker_file()).bytes());
  return (folder / "head.onnx").string();
}

class Contract : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Part, Contract, testing::Range(0, kParts));

TEST_P(Contract, HoldsForRandomSchedulesAndEveryScheduleIsToldTheSame) {
  const char* const given = std::getenv("SMARTCROP_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::atoll(given)) : std::random_device()();
  std::mt19937 random(seed);
  const std::string plan = write_plan();
  const std::filesystem::path folder = plan + ".trackers";
  Author author(&random, plan, write_tracker(folder));
  for (int done = 0; done < schedules() / kParts && !testing::Test::HasFailure();) {
    const Film film = author.film();
    SCOPED_TRACE("SMARTCROP_SEED=" + std::to_string(seed) + " schedule " + std::to_string(done) +
                 ": " + describe(film));
    Opened opened = open(film);
    ASSERT_NE(opened.context, nullptr);
    const std::vector<Segment> reference =
        Host(film, opened.context, opened.most_delay, nullptr).run();
    for (int i = 1; i < kSchedulesOfAFilm; ++i) {
      // A context that was reset answers as a new one does, but keeps its live options.
      if (changes_live_options(film) || i % 4 == 0) {
        smartcrop_close(&opened.context);
        opened = open(film);
      } else {
        ASSERT_EQ(smartcrop_reset(opened.context), SMARTCROP_OK);
      }
      const std::vector<Segment> told =
          Host(film, opened.context, opened.most_delay, &random).run();
      expect_same(told, reference);
    }
    done += kSchedulesOfAFilm;
    smartcrop_close(&opened.context);
    EXPECT_EQ(opened.context, nullptr);
  }
  std::remove(plan.c_str());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace smartcrop
