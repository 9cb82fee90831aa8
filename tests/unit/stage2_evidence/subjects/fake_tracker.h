// SPDX-License-Identifier: MIT
// A tracker that follows a script, pictures of squares for it, and what was asked of them.
#ifndef SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_SUBJECTS_FAKE_TRACKER_H_
#define SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_SUBJECTS_FAKE_TRACKER_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "error.h"
#include "inference/model.h"
#include "stage1_proxy/pictures.h"
#include "test_picture.h"

namespace smartcrop {

inline constexpr Size kFilm{160, 90};

using Colour3 = std::array<int, 3>;  // Y, U, V
inline constexpr Colour3 kRed{120, 90, 220}, kBlue{110, 220, 100};

struct Square {
  double x = 0, y = 0, side = 20;  // centre and side, in pixels
  Colour3 colour = kRed;

  Box box() const {
    return {(x - side / 2) / kFilm.width, (y - side / 2) / kFilm.height, side / kFilm.width,
            side / kFilm.height};
  }
};

// On grey, without edges between samples.
inline TestPicture paint(const std::vector<Square>& squares) {
  TestPicture picture(yuv(0, 0, 8), kFilm);
  for (size_t plane = 0; plane < 3; ++plane) {
    picture.fill(static_cast<int>(plane), [&](int x, int y) {
      int level = plane == 0 ? 60 : 128;
      for (const Square& each : squares) {
        const double away = std::max(std::abs(x + 0.5 - each.x), std::abs(y + 0.5 - each.y));
        if (2 * away < each.side) level = each.colour[plane];
      }
      return level;
    });
  }
  return picture;
}

// Remembers the colour in the middle of what it is shown, and finds the region of that colour in
// the search picture: cells in it score, and say where its edges are.
class FakeTracker : public TrackerModel {
 public:
  struct Script {
    TrackerFormat format;
    float score = 0.95F;  // of what is found
    bool fail = false;
    int remembered = 0, looks = 0, resets = 0;
    // Where not empty, what look() answers.
    TrackerAnswer answer;

    Script() {
      format.template_side = 32;
      format.first_cell = 2;
      format.cell_step = 4;
    }
  };
  explicit FakeTracker(Script* script) : script_(script) {}
  Size input_size() const override { return {64, 64}; }
  ModelFit fit() const override { return ModelFit::kStretch; }
  uint8_t pad_value() const override { return 0; }
  void reset_state() override { ++script_->resets; }
  const TrackerFormat& format() const override { return script_->format; }

  TrackerMemory remember(const Proxy& rgb) override {
    fail_where_asked();
    ++script_->remembered;
    EXPECT_EQ(rgb.width, 32);
    const size_t middle = static_cast<size_t>(16 * rgb.width + 16);
    TrackerMemory memory;
    for (const auto& plane : rgb.planes) memory.values.push_back(plane[middle]);
    memory.shape = {1, 3, 1, 1};
    return memory;
  }

  TrackerAnswer look(const TrackerMemory& memory, const Proxy& rgb) override {
    fail_where_asked();
    ++script_->looks;
    EXPECT_EQ(rgb.width, 64);
    if (script_->answer.cells > 0) return script_->answer;
    int left = 64, top = 64, right = 0, bottom = 0;
    for (int i = 0; i < 64 * 64; ++i) {
      bool same = true;
      for (size_t plane = 0; plane < 3; ++plane) {
        const double level = rgb.planes[plane][static_cast<size_t>(i)];
        same = same && std::abs(level - memory.values[plane]) < 40;
      }
      if (!same) continue;
      left = std::min(left, i % 64);
      right = std::max(right, i % 64 + 1);
      top = std::min(top, i / 64);
      bottom = std::max(bottom, i / 64 + 1);
    }
    TrackerAnswer answer{16, std::vector<float>(256, 0.02F),
                         std::vector<std::array<float, 4>>(256, {8, 8, 8, 8})};
    for (size_t i = 0; i < 256 && right > left; ++i) {
      const float x = 2 + 4 * static_cast<float>(i % 16), y = 2 + 4 * static_cast<float>(i / 16);
      const float to_left = x - static_cast<float>(left), to_top = y - static_cast<float>(top);
      const float to_right = static_cast<float>(right) - x;
      const float to_bottom = static_cast<float>(bottom) - y;
      if (std::min({to_left, to_top, to_right, to_bottom}) < 0) continue;
      answer.scores[i] = script_->score;
      answer.sides[i] = {to_left, to_top, to_right, to_bottom};
    }
    return answer;
  }

 private:
  void fail_where_asked() const {
    if (script_->fail) throw Error(SMARTCROP_ERROR_MODEL, "tracker fake: inference failed");
  }
  Script* script_;
};

// The pictures of a frame, and which parts of it were asked for.
class WatchedPictures : public Pictures {
 public:
  void show(const TestPicture& picture) {
    picture_ = std::make_unique<TestPicture>(picture);
    frames_->show(picture_->frame());
  }
  const Proxy& proxy() override { return frames_->proxy(); }
  const Proxy& rgb(Size size) override { return frames_->rgb(size); }
  const Proxy& rgb_of(const Window& part, Size size) override {
    parts.push_back(part);
    return frames_->rgb_of(part, size);
  }
  const std::vector<uint8_t>& thin_luma(int factor) override { return frames_->thin_luma(factor); }
  std::vector<float> luma_of(const LumaLines& lines) override { return frames_->luma_of(lines); }

  std::vector<Window> parts;

 private:
  std::unique_ptr<FrameReader> frames_ = open_frames(stream_of(yuv(0, 0, 8), kFilm));
  std::unique_ptr<TestPicture> picture_;
};

inline double centre_x(const Box& box) { return (box.x + box.width / 2) * kFilm.width; }
inline double centre_y(const Box& box) { return (box.y + box.height / 2) * kFilm.height; }

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_SUBJECTS_FAKE_TRACKER_H_
