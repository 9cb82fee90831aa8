// SPDX-License-Identifier: MIT
// A host of the C interface that shows a film in a random order of sends and receives, and checks
// each answer.
#ifndef SMARTCROP_TESTS_UNIT_CAPI_RANDOM_HOST_H_
#define SMARTCROP_TESTS_UNIT_CAPI_RANDOM_HOST_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "capi/random_film.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {

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
      if (step.act == Act::kFollow) {
        EXPECT_EQ(smartcrop_follow(context_, step.key.c_str()), SMARTCROP_OK)
            << smartcrop_last_error();
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
    const smartcrop_box none{};
    if (step.says_boxes) {
      frame.boxes = step.boxes.empty() ? &none : step.boxes.data();
      frame.box_size = sizeof(smartcrop_box);
      frame.box_count = static_cast<int32_t>(step.boxes.size());
    }
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
    check_subject(decision);
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

  void check_subject(const smartcrop_decision& decision) const {
    EXPECT_TRUE(decision.has_subject == 0 || decision.has_subject == 1);
    EXPECT_GE(decision.subject, 0);
    EXPECT_TRUE(decision.has_subject == 1 || decision.subject == 0);
    EXPECT_GE(decision.subject_x, -1e-9);
    EXPECT_GE(decision.subject_y, -1e-9);
    EXPECT_LE(decision.subject_x + decision.subject_width, film_.stream.width + 1e-6);
    EXPECT_LE(decision.subject_y + decision.subject_height, film_.stream.height + 1e-6);
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
    expect_refused(smartcrop_follow(context_, "nobody at all"));
    if (film_.has_plan) expect_refused(smartcrop_follow(context_, "0.5x0.5"));
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

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_CAPI_RANDOM_HOST_H_
