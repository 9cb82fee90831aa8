// SPDX-License-Identifier: MIT
// What the tests of the path share: shots with known targets, and the window's way through them.
#ifndef SMARTCROP_TESTS_UNIT_STAGE5_PATH_PATH_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_STAGE5_PATH_PATH_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "stage5_path/path.h"

namespace smartcrop {

inline constexpr double kWindow = 0.316;  // 9:16 out of 16:9
inline constexpr double kLean = 0.015;    // as in path.cc
inline constexpr double kRounding = 1e-9;

// The targets of a shot: place(t) at each of the times; the path is asked with a lookahead.
struct Shot {
  std::vector<double> times;
  std::function<double(double)> place;
};

inline std::vector<double> steady_times(double seconds, double fps = 25) {
  std::vector<double> times;
  for (int i = 0; i < std::lround(seconds * fps); ++i) times.push_back(i / fps);
  return times;
}

inline Target target_at(double time_s, double place, bool start) {
  Target target;
  target.time_s = time_s;
  target.x = place;
  target.start = start;
  return target;
}

inline std::vector<double> centres_of(Path* path, const Shot& shot, double lookahead_s) {
  std::vector<double> centres;
  for (size_t i = 0; i < shot.times.size(); ++i) {
    std::vector<Target> track;
    for (size_t k = i; k < shot.times.size() && shot.times[k] <= shot.times[i] + lookahead_s; ++k) {
      track.push_back(target_at(shot.times[k], shot.place(shot.times[k]), k == 0));
    }
    track.front().frame = static_cast<int64_t>(i);
    const Target answer = path->next(track);
    EXPECT_EQ(answer.frame, static_cast<int64_t>(i));
    EXPECT_EQ(answer.time_s, shot.times[i]);
    EXPECT_EQ(answer.y, 0.5);
    centres.push_back(answer.x);
  }
  return centres;
}

inline std::vector<double> centres_of(const Options& options, const Shot& shot) {
  Path path(options, {kWindow, 1});
  return centres_of(&path, shot, options.lookahead);
}

inline Options smoother(const char* name) {
  Options options;
  set_option(&options, "smoother", std::string(name));
  return options;
}

// Where the window is wanted for a target: l1 leans towards the middle.
inline double wanted_for(const Options& options, double place) {
  const double lean = options.smoother == SmootherKind::kL1 ? kLean * kWindow : 0;
  return place + std::clamp(0.5 - place, -lean, lean);
}

inline std::vector<double> random_times(std::mt19937* random, double shortest_s, double longest_s) {
  std::uniform_real_distribution<double> step(shortest_s, longest_s);
  std::vector<double> times(1, 0.0);
  while (times.back() < 8) times.push_back(times.back() + step(*random));
  return times;
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_STAGE5_PATH_PATH_FIXTURE_H_
