// SPDX-License-Identifier: MIT
// The rules of send and receive (smartcrop.h), held to by random schedules: a film is a sequence of
// calls that count (frames, live options, resets, the end), and each of its schedules mixes them
// with calls that must not count (receives at any time, sends that are refused, faulty calls).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "random_film.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {
namespace {

constexpr int kSchedulesOfAFilm = 8;
constexpr int kParts = 4;  // that can run side by side

int schedules() {
  const char* const wanted = std::getenv("SMARTCROP_SCHEDULES");
  return wanted != nullptr ? std::atoi(wanted) : 20000;
}

// ---- schedules

// What a schedule was told between two resets.
struct Segment {
  std::vector<smartcrop_decision> decisions;
  std::vector<int64_t> pts;
  bool ended = false;
};

class Host {
 public:
  // random: nullptr for the plain schedule, which takes everything at once.
  Host(const Film& film, smartcrop_context* context, int most_delay, std::mt19937* random)
      : film_(film), context_(context), most_delay_(most_delay), random_(random) {
    geometry_.struct_size = sizeof(geometry_);
    EXPECT_EQ(smartcrop_geometry_of(context, &geometry_), SMARTCROP_OK);
  }

  std::vector<Segment> run() {
    segments_.emplace_back();
    for (const Step& step : film_.steps) {
      distract();
      if (step.act == Act::kSend) send_until_taken(step);
      if (step.act == Act::kSetLive) {
        EXPECT_EQ(smartcrop_set_live(context_, step.key.c_str(), step.value), SMARTCROP_OK);
      }
      if (step.act == Act::kReset) reset();
      if (step.act == Act::kEnd) end();
      if (testing::Test::HasFailure()) break;
    }
    if (random_ == nullptr || chance(0.5)) drain();
    return segments_;
  }

 private:
  bool chance(double share) {
    return random_ != nullptr && std::uniform_real_distribution<double>(0, 1)(*random_) < share;
  }
  Segment& segment() { return segments_.back(); }

  void send_until_taken(const Step& step) {
    smartcrop_frame frame = picture_of(film_.kind, step.scene, step.permille).frame();
    frame.pts = step.pts;
    frame.opaque = opaque(segment().pts.size());
    for (;;) {
      const int status = smartcrop_send(context_, &frame);
      if (status != SMARTCROP_AGAIN) {
        ASSERT_EQ(status, segment().ended ? SMARTCROP_ERROR_ARGUMENT : SMARTCROP_OK)
            << smartcrop_last_error();
        break;
      }
      ASSERT_EQ(receive(), SMARTCROP_OK) << "send and receive both said AGAIN";
      if (chance(0.5)) drain();
    }
    segment().pts.push_back(step.pts);
    if (random_ == nullptr || chance(0.7)) drain();
  }

  void end() {
    int status;
    while ((status = smartcrop_send(context_, nullptr)) == SMARTCROP_AGAIN) {
      ASSERT_EQ(receive(), SMARTCROP_OK) << "send and receive both said AGAIN";
    }
    ASSERT_EQ(status, SMARTCROP_OK) << smartcrop_last_error();
    segment().ended = true;
    if (chance(0.3)) return;  // a host that stops early
    drain();
    EXPECT_EQ(segment().decisions.size(), segment().pts.size());
    smartcrop_frame frame = picture_of(film_.kind, 0, 500).frame();
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(receive(), SMARTCROP_END);
      EXPECT_EQ(smartcrop_send(context_, &frame), SMARTCROP_ERROR_ARGUMENT);
      EXPECT_EQ(smartcrop_send(context_, nullptr), SMARTCROP_OK);
    }
  }

  void reset() {
    ASSERT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
    segments_.emplace_back();
    EXPECT_EQ(receive(), SMARTCROP_AGAIN) << "a decision outlived the reset";
  }

  // Takes everything that is ready; then no more wait than may.
  void drain() {
    int status;
    while ((status = receive()) == SMARTCROP_OK) {
    }
    EXPECT_EQ(status, segment().ended ? SMARTCROP_END : SMARTCROP_AGAIN);
    const size_t waiting = segment().pts.size() - segment().decisions.size();
    EXPECT_LE(waiting, segment().ended ? 0 : static_cast<size_t>(most_delay_));
  }

  int receive() {
    smartcrop_decision decision{};
    decision.struct_size = sizeof(decision);
    const int status = smartcrop_receive(context_, &decision);
    if (status == SMARTCROP_OK) check(decision);
    return status;
  }

  void check(const smartcrop_decision& decision) {
    const size_t n = segment().decisions.size();
    ASSERT_LT(n, segment().pts.size()) << "a decision for a frame that was not sent";
    EXPECT_EQ(decision.frame, static_cast<int64_t>(n));
    EXPECT_EQ(decision.pts, segment().pts[n]);
    EXPECT_EQ(decision.opaque, opaque(n));
    EXPECT_GE(decision.x, 0);
    EXPECT_GE(decision.y, 0);
    EXPECT_LE(decision.x + decision.width, film_.stream.width + 1e-9);
    EXPECT_LE(decision.y + decision.height, film_.stream.height + 1e-9);
    EXPECT_EQ(decision.width, geometry_.window_width);
    EXPECT_EQ(decision.height, geometry_.window_height);
    EXPECT_GE(decision.confidence, 0);
    EXPECT_LE(decision.confidence, 1);
    EXPECT_EQ(decision.flags & ~static_cast<uint32_t>(SMARTCROP_SHOT_START), 0U);
    const int32_t last = n == 0 ? 0 : segment().decisions[n - 1].shot;
    EXPECT_GE(decision.shot, last);
    EXPECT_LE(decision.shot, last + 1);
    const bool start = (decision.flags & SMARTCROP_SHOT_START) != 0;
    EXPECT_TRUE(n > 0 || start) << "the first frame may jump";
    EXPECT_TRUE(!start || n == 0 || decision.shot == last + 1) << "a jump within a shot";
    segment().decisions.push_back(decision);
  }

  // Calls that must not change anything.
  void distract() {
    if (chance(0.2)) receive_if_any();
    if (!chance(0.1)) return;
    smartcrop_frame frame = picture_of(film_.kind, 1, 900).frame();
    frame.struct_size = chance(0.5) ? 0 : sizeof(size_t);  // too small to hold its planes
    expect_refused(smartcrop_send(context_, &frame));
    frame = picture_of(film_.kind, 1, 900).frame();
    frame.data[0] = nullptr;
    expect_refused(smartcrop_send(context_, &frame));
    smartcrop_decision decision{};
    expect_refused(smartcrop_receive(context_, &decision));
    expect_refused(smartcrop_receive(context_, nullptr));
    expect_refused(smartcrop_set_live(context_, "lookahead", 0));
    expect_refused(smartcrop_set_live(context_, "no such option", 0));
    expect_refused(smartcrop_set_live(context_, "max_speed", -1));
    expect_refused(smartcrop_set_live(context_, nullptr, 0));
  }
  void receive_if_any() {
    const int status = receive();
    EXPECT_GE(status, 0);
  }
  static void expect_refused(int status) {
    EXPECT_LT(status, 0);
    EXPECT_STRNE(smartcrop_last_error(), "");
  }

  static void* opaque(size_t n) { return reinterpret_cast<void*>(0x1000 + n); }

  const Film& film_;
  smartcrop_context* context_;
  smartcrop_geometry geometry_{};
  int most_delay_;
  std::mt19937* random_;
  std::vector<Segment> segments_;
};

// ---- the comparison

void expect_same(const smartcrop_decision& a, const smartcrop_decision& b) {
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.y, b.y);
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.confidence, b.confidence);
  EXPECT_EQ(a.shot, b.shot);
  EXPECT_EQ(a.strategy, b.strategy);
  EXPECT_EQ(a.flags, b.flags);
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

bool changes_live_options(const Film& film) {
  for (const Step& step : film.steps) {
    if (step.act == Act::kSetLive) return true;
  }
  return false;
}

std::string describe(const Film& film) {
  std::string text = "kind " + std::to_string(film.kind);
  for (const auto& [key, value] : film.options) text += " " + key + "=" + value;
  for (const Step& step : film.steps) {
    const char* const names[] = {" send", " live", " reset", " end"};
    text += names[static_cast<int>(step.act)];
    if (step.act == Act::kSend) text += "@" + std::to_string(step.pts);
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

class Contract : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Part, Contract, testing::Range(0, kParts));

TEST_P(Contract, HoldsForRandomSchedulesAndEveryScheduleIsToldTheSame) {
  const char* const given = std::getenv("SMARTCROP_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::atoll(given)) : std::random_device()();
  std::mt19937 random(seed);
  const std::string plan = write_plan();
  Author author(&random, plan);
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
}

}  // namespace
}  // namespace smartcrop
