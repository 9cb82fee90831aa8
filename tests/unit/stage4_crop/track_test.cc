// SPDX-License-Identifier: MIT
#include "stage4_crop/track.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace smartcrop {
namespace {

constexpr double kStep_s = 0.125;
constexpr double kWindow = 0.3;

Sample sample_at(int index, const std::vector<std::pair<double, float>>& peaks) {
  HeatMap map{64, 36, std::vector<float>(64 * 36, 0.0F), 0.9F};
  for (const auto& [place, share] : peaks) {
    map.values[static_cast<size_t>(18 * 64 + static_cast<int>(place * 64))] += share;
  }
  Sample sample;
  sample.time_s = index * kStep_s;
  sample.length_s = kStep_s;
  sample.confidence = map.confidence;
  sample.profile = sample.own_profile = profiles_of(map, 1);
  return sample;
}

AxisTrack track() { return {Axis::kX, Candidates({0, 1}, kWindow)}; }

Options with(const std::string& key, const std::string& value) {
  Options options;
  set_option(&options, key, value);
  return options;
}

TEST(AxisTrack, HoldsARequiredBoxWholeThroughout) {
  const Options options = with("lead_room", "0.3");
  AxisTrack x = track();
  for (int i = 0; i < 40; ++i) {
    // What is looked at is elsewhere: the box walks on its own.
    Sample sample = sample_at(i, {{0.9, 1}});
    const double left = 0.1 + 0.01 * i;
    sample.regions = {{{left, 0.2, 0.2, 0.5}, 1, true, SubjectKind::kCaller}};
    x.push(sample, options);
  }
  x.solve(options);
  for (int i = 0; i < 40; ++i) {
    const double left = 0.1 + 0.01 * i, centre = x.wanted(static_cast<size_t>(i));
    EXPECT_LE(centre - kWindow / 2, left + 1e-9) << i;
    EXPECT_GE(centre + kWindow / 2, left + 0.2 - 1e-9) << i;
    EXPECT_LE(x.allowed(static_cast<size_t>(i)).lowest, centre);
    EXPECT_GE(x.allowed(static_cast<size_t>(i)).highest, centre);
  }
}

TEST(AxisTrack, IsDrawnToABoxThatIsNotRequiredByItsWeight) {
  const auto place_for = [](float weight) {
    AxisTrack x = track();
    for (int i = 0; i < 16; ++i) {
      Sample sample = sample_at(i, {{0.2, 1}});
      sample.regions = {
          {{0.7, 0.2, 0.1, 0.5}, weight / kMapsOfFullWeight, false, SubjectKind::kCaller}};
      x.push(sample, Options());
    }
    x.solve(Options());
    return x.wanted(8);
  };
  EXPECT_LT(place_for(0.1F), 0.4);
  EXPECT_GT(place_for(3), 0.6);
}

TEST(AxisTrack, ShowsABoxWholeRatherThanHalf) {
  AxisTrack x = track();
  for (int i = 0; i < 16; ++i) {
    Sample sample = sample_at(i, {{0.2, 1}});
    sample.regions = {
        {{0.22, 0.2, 0.14, 0.5}, 0.3F / kMapsOfFullWeight, false, SubjectKind::kCaller}};
    x.push(sample, Options());
  }
  x.solve(Options());
  EXPECT_GE(x.wanted(8) + kWindow / 2, 0.36 - 1e-9);
}

// ---- faces

// Where a track of 15 s wants its window, that shows what is at 0.5 and these faces.
std::vector<double> places_with(const std::function<std::vector<Box>(int)>& faces_at) {
  AxisTrack x = track();
  constexpr int kCount = 120;
  for (int i = 0; i < kCount; ++i) {
    Sample sample = sample_at(i, {{0.5, 1}});
    for (const Box& face : faces_at(i)) {
      sample.found.push_back({face, 0, false, SubjectKind::kFace});
    }
    x.push(sample, Options());
  }
  x.solve(Options());
  std::vector<double> places;
  for (size_t i = 0; i < kCount; ++i) places.push_back(x.wanted(i));
  return places;
}

// The share of a face that a window at the place shows.
double shown_of(const Box& face, double place) {
  const double left = std::max(face.x, place - kWindow / 2);
  const double right = std::min(face.x + face.width, place + kWindow / 2);
  return std::max(0.0, right - left) / face.width;
}

TEST(AxisTrack, MovesARestSoThatItsEdgeCutsNoFace) {
  const Box cut{0.5 + kWindow / 2 - 0.04, 0.3, 0.07, 0.12};
  const double plain = places_with([](int) { return std::vector<Box>(); })[40];
  ASSERT_LT(shown_of(cut, plain), 0.7);
  for (const double place : places_with([&cut](int) { return std::vector<Box>{cut}; })) {
    EXPECT_GT(shown_of(cut, place), 0.9);
    EXPECT_LT(std::abs(place - plain), 0.06);
  }
}

TEST(AxisTrack, RestsWhereFacesAreWholeOrNotSeenAtAll) {
  const Box whole{0.48, 0.3, 0.06, 0.1}, outside{0.8, 0.3, 0.06, 0.1};
  const auto plain = places_with([](int) { return std::vector<Box>(); });
  EXPECT_EQ(places_with([&](int) { return std::vector<Box>{whole, outside}; }), plain);
}

TEST(AxisTrack, GoesToAnotherPlaceWhereTwoFacesDriftApart) {
  // At first the window holds both, in the end one alone.
  const auto faces_at = [](int i) {
    const double drift = 0.0008 * i;
    return std::vector<Box>{{0.4 - drift, 0.3, 0.07, 0.12}, {0.54 + drift, 0.3, 0.07, 0.12}};
  };
  const std::vector<double> places = places_with(faces_at);
  const auto cut = [&](size_t i) {
    int count = 0;
    for (const Box& face : faces_at(static_cast<int>(i))) {
      const double shown = shown_of(face, places[i]);
      count += shown > 0.1 && shown < 0.9 ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(cut(0), 0);
  EXPECT_EQ(cut(119), 0);
  int frames = 0, moves = 0;
  for (size_t i = 1; i < places.size(); ++i) {
    frames += cut(i) > 0 ? 1 : 0;
    moves += std::abs(places[i] - places[i - 1]) > 0.02 ? 1 : 0;
  }
  EXPECT_LT(frames, 20);
  EXPECT_GE(moves, 1);
  EXPECT_LE(moves, 2);
}

// ---- changes of subject

TEST(AxisTrack, SwitchesSubjectsAtMostOnceASecond) {
  // Each of two subjects wins clearly for 0.6 s in turn; the track is shown sample by sample.
  AxisTrack x = track();
  const Options options;
  const int count = 160;
  std::vector<double> shown;
  int pushed = 0;
  for (int i = 0; i < count; ++i) {
    for (; pushed < std::min(count, i + 12); ++pushed) {
      const double time_s = pushed * kStep_s;
      const bool left = static_cast<int>(time_s / 0.6) % 2 == 0;
      x.push(sample_at(pushed, {{left ? 0.15 : 0.85, 1}}), options);
    }
    x.solve(options);
    shown.push_back(x.wanted(0));
    if (i + 1 < count) x.pop();
  }
  double last_s = -10;
  int switches = 0;
  for (size_t i = 1; i < shown.size(); ++i) {
    if (std::abs(shown[i] - shown[i - 1]) < kWindow / 2) continue;
    const double now_s = static_cast<double>(i) * kStep_s;
    EXPECT_GE(now_s - last_s, 1 - 1e-9) << i;
    last_s = now_s;
    ++switches;
  }
  EXPECT_GT(switches, 2) << "the test has to see some";
}

// For 24 s two subjects too far apart for one window, of which each in turn has the larger share
// for 4 s.
AxisTrack track_of_two(float larger_share, const Options& options, float pan = 0) {
  AxisTrack x = track();
  for (int i = 0; i < 192; ++i) {
    const bool left = i / 32 % 2 == 0;
    const float share = left ? larger_share : 1 - larger_share;
    Sample sample = sample_at(i, {{0.15, share}, {0.85, 1 - share}});
    sample.pan = pan;
    x.push(sample, options);
  }
  x.solve(options);
  return x;
}

int moves_of(const AxisTrack& x) {
  int moves = 0;
  for (size_t i = 1; i < x.count(); ++i) moves += std::abs(x.wanted(i) - x.wanted(i - 1)) > 0.05;
  return moves;
}

TEST(AxisTrack, RestsWithOneOfTwoWhereNoWindowHoldsBoth) {
  const AxisTrack x = track_of_two(0.7F, Options());
  EXPECT_EQ(moves_of(x), 0);
  EXPECT_TRUE(std::abs(x.wanted(0) - 0.15) < 0.1 || std::abs(x.wanted(0) - 0.85) < 0.1)
      << "at " << x.wanted(0) << ", between the two";
}

TEST(AxisTrack, GoesFromOneToTheOtherWhereItIsClearWhoCounts) {
  EXPECT_EQ(moves_of(track_of_two(0.98F, Options())), 5);
}

TEST(AxisTrack, GoesFromOneToTheOtherWhereTheCameraIsNotStill) {
  EXPECT_EQ(moves_of(track_of_two(0.7F, Options(), 0.1F)), 5);
}

TEST(AxisTrack, GoesFromOneToTheOtherWhereFollowingIsAskedFor) {
  EXPECT_EQ(moves_of(track_of_two(0.7F, with("strategy", "follow"))), 5);
}

TEST(AxisTrack, RemembersDoubtUntilTheNextShot) {
  // 10 s of two subjects go by; then a little more of one of them does not draw the window, for
  // what was seen of the shot counts. In a new shot it does.
  const auto place_after = [](bool new_shot) {
    AxisTrack x = track();
    const Options options;
    for (int i = 0; i < 80; ++i) x.push(sample_at(i, {{0.15, 0.55F}, {0.85, 0.45F}}), options);
    x.solve(options);
    for (int i = 0; i < 79; ++i) x.pop();
    if (new_shot) x.let_go();
    for (int i = 80; i < 92; ++i) x.push(sample_at(i, {{0.15, 0.03F}, {0.85, 0.97F}}), options);
    x.solve(options);
    return x.wanted(12);
  };
  EXPECT_LT(place_after(false), 0.3);
  EXPECT_GT(place_after(true), 0.7);
}

TEST(AxisTrack, RunsAheadOfASubjectThatMoves) {
  const auto place_with = [](const char* lead_room) {
    AxisTrack x = track();
    const Options options = with("lead_room", lead_room);
    for (int i = 0; i < 40; ++i) x.push(sample_at(i, {{0.2 + 0.015 * i, 1}}), options);
    x.solve(options);
    return x.wanted(20);
  };
  EXPECT_GT(place_with("0.1"), place_with("0") + 0.01);
  EXPECT_LE(place_with("0.1"), place_with("0") + 0.1 * kWindow + 1e-9);
}

TEST(AxisTrack, GoesOnFromAnotherOne) {
  AxisTrack before = track();
  for (int i = 0; i < 16; ++i) before.push(sample_at(i, {{0.8, 1}}), Options());
  before.solve(Options());
  AxisTrack after(Axis::kX, Candidates({0, 1}, 0.25));
  after.continue_from(before);
  // Half a second of something else does not draw it away from where it was.
  for (int i = 0; i < 4; ++i) after.push(sample_at(i, {{0.8, 0.45F}, {0.2, 0.55F}}), Options());
  after.solve(Options());
  EXPECT_GT(after.wanted(0), 0.6);
}

}  // namespace
}  // namespace smartcrop
