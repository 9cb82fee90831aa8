// SPDX-License-Identifier: MIT
// Made-up clips of shots for the shot detector, and what it says of them.
#ifndef SMARTCROP_TESTS_UNIT_STAGE3_SHOTS_SHOTS_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_STAGE3_SHOTS_SHOTS_FIXTURE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "stage2_evidence/cuts/cut_score.h"
#include "stage3_shots/shots.h"

namespace smartcrop::shots {

using Picture = std::vector<float>;  // 64 x 36 x 3
inline constexpr int kWidth = 64, kHeight = 36;

// A texture for each seed, which moves along with `shift`.
inline Picture scene(unsigned seed, int shift = 0) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0, 1);
  Picture picture(static_cast<size_t>(kWidth * kHeight) * 3);
  const float fx = 0.2F + uniform(random) * 0.5F, fy = 0.2F + uniform(random) * 0.5F;
  const float tilt = uniform(random) * 0.4F - 0.2F, level = 70 + uniform(random) * 110;
  const float tint_u = 128 + uniform(random) * 60 - 30, tint_v = 128 + uniform(random) * 60 - 30;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const auto i = static_cast<size_t>(y * kWidth + x);
      const auto along = static_cast<float>(x + shift), down = static_cast<float>(y);
      picture[i] = level + 55 * std::sin(fx * along + tilt * down) * std::cos(fy * down);
      picture[i + kWidth * kHeight] = tint_u;
      picture[i + 2 * kWidth * kHeight] = tint_v;
    }
  }
  return picture;
}

inline Picture blend(const Picture& a, const Picture& b, double share) {
  Picture picture = a;
  for (size_t i = 0; i < a.size(); ++i) {
    picture[i] = static_cast<float>(a[i] * (1 - share) + b[i] * share);
  }
  return picture;
}

inline Picture flat(float level) {
  Picture picture(static_cast<size_t>(kWidth * kHeight) * 3, 128);
  std::fill_n(picture.begin(), kWidth * kHeight, level);
  return picture;
}

inline Picture flash(const Picture& a) {
  Picture picture = a;
  for (size_t i = 0; i < static_cast<size_t>(kWidth * kHeight); ++i) picture[i] += 150;
  return picture;
}

struct Clip {
  std::vector<Picture> pictures;
  std::vector<double> times;
  double fps = 25;

  void add(const Picture& picture) {
    times.push_back(times.empty() ? 0 : times.back() + 1 / fps);
    pictures.push_back(picture);
  }
  void add(unsigned seed, int count) {
    for (int i = 0; i < count; ++i) add(scene(seed, i / 4));
  }
  int64_t size() const { return static_cast<int64_t>(pictures.size()); }
};

inline CutFeatures features_of(const Picture& picture, int64_t frame, double time_s,
                               CutScore* score) {
  Proxy proxy{kWidth * 4, kHeight * 4, {}};
  for (size_t plane = 0; plane < 3; ++plane) {
    auto& samples = proxy.planes[plane];
    samples.resize(static_cast<size_t>(proxy.width * proxy.height));
    for (size_t i = 0; i < samples.size(); ++i) {
      const size_t x = i % (kWidth * 4) / 4, y = i / (kWidth * 4) / 4;
      const float value = picture[(plane * kHeight + y) * kWidth + x];
      samples[i] = static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F));
    }
  }
  Observation observation;
  observation.frame = frame;
  observation.time_s = time_s;
  observation.proxy = &proxy;
  return score->observe(observation);
}

struct Result {
  std::vector<ShotMark> marks;
  std::set<int64_t> flagged;

  std::vector<int64_t> jumps() const {
    std::vector<int64_t> frames;
    for (size_t i = 1; i < marks.size(); ++i) {
      if (marks[i].start) frames.push_back(marks[i].frame);
    }
    return frames;
  }
  std::vector<int64_t> boundaries() const {
    std::vector<int64_t> frames;
    for (size_t i = 1; i < marks.size(); ++i) {
      if (marks[i].shot != marks[i - 1].shot) frames.push_back(marks[i].frame);
    }
    return frames;
  }
};

inline void take(ShotDetector* detector, Result* result) {
  ShotMark mark;
  while (detector->pop(&mark)) result->marks.push_back(mark);
}

inline ShotOptions with(double min_shot_s, double max_delay_s) {
  return {1, min_shot_s, max_delay_s};
}

inline Result run(const Clip& clip, const ShotOptions& options = with(0.25, 1.5)) {
  ShotDetector detector(options);
  CutScore score;
  Result result;
  for (int64_t i = 0; i < clip.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (detector.push(features_of(clip.pictures[at], i, clip.times[at], &score))) {
      result.flagged.insert(i);
    }
    take(&detector, &result);
  }
  detector.decide_through(clip.size());
  take(&detector, &result);
  return result;
}

using Frames = std::vector<int64_t>;

}  // namespace smartcrop::shots

#endif  // SMARTCROP_TESTS_UNIT_STAGE3_SHOTS_SHOTS_FIXTURE_H_
