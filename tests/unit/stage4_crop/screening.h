// SPDX-License-Identifier: MIT
// A film of maps, shown to a chooser as the pipeline does.
#ifndef SMARTCROP_TESTS_UNIT_STAGE4_CROP_SCREENING_H_
#define SMARTCROP_TESTS_UNIT_STAGE4_CROP_SCREENING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "stage4_crop/choose.h"
#include "test_picture.h"

namespace smartcrop {

inline constexpr double kFps = 10;
inline constexpr int kColumns = 64, kRows = 36;

// Where viewers look at a time: shares of the map at places from 0 to 1.
using Peaks = std::vector<std::pair<double, float>>;

inline HeatMap map_of(const Peaks& peaks, float confidence, bool along_x = true) {
  HeatMap map{along_x ? kColumns : kRows, along_x ? kRows : kColumns, {}, confidence};
  map.values.assign(static_cast<size_t>(kColumns * kRows), 0.0F);
  for (const auto& [place, share] : peaks) {
    const int column = std::min(kColumns - 1, static_cast<int>(place * kColumns));
    const int index = along_x ? (kRows / 2) * kColumns + column : column * kRows + kRows / 2;
    map.values[static_cast<size_t>(index)] += share;
  }
  return map;
}

inline Evidence evidence_of(int64_t frame, double time_s, const HeatMap& map) {
  Evidence evidence;
  evidence.frame = frame;
  evidence.time_s = time_s;
  evidence.map = map;
  return evidence;
}

// Runs a chooser as the pipeline does, with a lookahead.
class Screening {
 public:
  explicit Screening(const Options& options, Size picture = {1920, 1080}, double aspect = 9.0 / 16)
      : geometry_(make_geometry({aspect, {}, false}, stream_of(yuv(1, 1, 8), picture))),
        chooser_(geometry_, options),
        lookahead_(static_cast<size_t>(std::lround(options.lookahead * kFps))) {}

  Screening& show(double seconds, const Peaks& peaks, float confidence = 1,
                  bool transition = false) {
    for (int i = 0; i < std::lround(seconds * kFps); ++i) {
      ShotMark mark{static_cast<int64_t>(marks_.size()), shot_, cut_, transition};
      maps_.push_back(map_of(peaks, confidence, moves_along_x()));
      marks_.push_back(mark);
      cut_ = false;
    }
    return *this;
  }
  // What a person asks of a shot; see Wishes::ask.
  template <typename... Wish>
  Screening& ask(int32_t shot, const Wish&... wish) {
    wishes_.ask(shot, wish...);
    chooser_.set_wishes(wishes_);
    return *this;
  }
  Screening& cut() {
    ++shot_;
    cut_ = true;
    return *this;
  }

  // The target of each frame, along the axis that the window moves on.
  const std::vector<Target>& targets() {
    if (!targets_.empty()) return targets_;
    for (size_t i = 0; i < maps_.size() + lookahead_; ++i) {
      if (i < maps_.size()) observe(i);
      if (i >= lookahead_) decide(i - lookahead_);
    }
    return targets_;
  }
  std::vector<double> centres() {
    std::vector<double> centres;
    for (const Target& target : targets()) {
      centres.push_back(moves_along_x() ? target.x : target.y);
    }
    return centres;
  }
  // The window's share of the side that it moves along.
  double window() const {
    const double x = geometry_.window_width / geometry_.source_width;
    const double y = geometry_.window_height / geometry_.source_height;
    return std::min(x, y);
  }
  // A window there shows the place.
  bool shows(double centre, double place) const { return std::abs(centre - place) <= window() / 2; }

 private:
  bool moves_along_x() const { return geometry_.window_width < geometry_.source_width; }
  void observe(size_t i) {
    if (marks_[i].start) chooser_.start_shot();
    const auto frame = static_cast<int64_t>(i);
    chooser_.push(evidence_of(frame, static_cast<double>(i) / kFps, maps_[i]), marks_[i]);
  }
  void decide(size_t i) {
    const std::vector<Target> track =
        chooser_.choose(static_cast<int64_t>(i), static_cast<double>(i) / kFps, marks_[i]);
    ASSERT_FALSE(track.empty());
    for (size_t k = 1; k < track.size(); ++k) EXPECT_GE(track[k].time_s, track[k - 1].time_s);
    targets_.push_back(track.front());
  }

  Geometry geometry_;
  Chooser chooser_;
  Wishes wishes_;
  size_t lookahead_;
  std::vector<HeatMap> maps_;
  std::vector<ShotMark> marks_;
  std::vector<Target> targets_;
  int32_t shot_ = 0;
  bool cut_ = true;
};

inline Options with(const std::vector<std::pair<std::string, std::string>>& values) {
  Options options;
  for (const auto& [key, value] : values) set_option(&options, key, value);
  return options;
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_STAGE4_CROP_SCREENING_H_
