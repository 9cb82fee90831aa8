// SPDX-License-Identifier: MIT
#include "stage2_evidence/borders/borders.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

constexpr int kTop = 0, kBottom = 1, kLeft = 2, kRight = 3;

// A sample of a bar has a middle value over time. That differs from the bar's colour by at most so
// many levels, and so does each frame from that middle: this much noise is left by compression
// after the proxy's averaging. A dark scene may be as still, but it is not of one colour.
constexpr int kTolerance = 4;
// If the outermost line is noisier over time, the tolerance is the noise that kMost of it keeps to.
// It is never more than kMostTolerance.
constexpr double kMost = 0.97;
constexpr int kMostTolerance = 12;
// No bar is wider than this share of the picture. So wide are the bars of 9:16 inside 21:9.
constexpr double kWidest = 0.42;
// A line of a bar is bar for at least this share of it, without and with letters on it. Letters
// leave most of the two ends of a line free: kFreeEnds of the outer kFreeEnd of it.
constexpr float kClean = 0.97F, kLettered = 0.5F;
constexpr double kFreeEnd = 0.06, kFreeEnds = 0.8;
// The edge of a bar is a straight line for at least this share of it: if both bars of a pair have
// one, and if only one of them has.
constexpr float kStraight = 0.6F, kOneStraight = 0.85F;
// At least this share of the edge is seen in one frame.
constexpr float kAtOnce = 0.5F;
// At least this share of a known bar's lines has to stay bar. It is not all, since the ringing of a
// codec at the edge adds up.
constexpr double kStillBar = 0.75;
// How long a pair has to stay if one edge is not seen, and how long a single bar has to stay.
constexpr double kUnseenEdge_s = 1, kSingle_s = 3;
constexpr int kSingleBlack = 3;  // the most luma of a single bar
// No bar is reported before so many frames, since every line of a single frame is still.
constexpr int kFewest = 2;

uint8_t quantile(double share, std::vector<uint8_t>* values) {
  const auto at =
      values->begin() + static_cast<ptrdiff_t>(share * static_cast<double>(values->size()));
  std::nth_element(values->begin(), at, values->end());
  return *at;
}

bool are_alike(int a, int b) { return std::abs(a - b) <= 1 + std::max(a, b) / 12; }

}  // namespace

void Borders::widen(const Proxy& proxy) {
  if (frames_ == 0 || proxy.width != size_.width || proxy.height != size_.height) {
    size_ = {proxy.width, proxy.height};
    low_ = high_ = proxy.planes;
    return;
  }
  for (size_t plane = 0; plane < 3; ++plane) {
    const uint8_t* now = proxy.planes[plane].data();
    uint8_t* low = low_[plane].data();
    uint8_t* high = high_[plane].data();
    const size_t count = proxy.planes[plane].size();
    for (size_t i = 0; i < count; ++i) {
      low[i] = std::min(low[i], now[i]);
      high[i] = std::max(high[i], now[i]);
    }
  }
}

Borders::Side Borders::side(int which) const {
  const ptrdiff_t w = size_.width, last = w * (size_.height - 1);
  switch (which) {
    case kTop:
      return {size_.height, size_.width, 0, w, 1};
    case kBottom:
      return {size_.height, size_.width, last, -w, 1};
    case kLeft:
      return {size_.width, size_.height, 0, 1, w};
    default:
      return {size_.width, size_.height, w - 1, -1, w};
  }
}

bool Borders::is_bar(const Flatness& flatness, size_t at) const {
  for (size_t plane = 0; plane < 3; ++plane) {
    const int colour = flatness.colour[plane];
    const int tolerance = flatness.tolerance[plane];
    const int low = low_[plane][at], high = high_[plane][at];
    if (std::abs((low + high) / 2 - colour) > kTolerance || high - low > 2 * tolerance)
      return false;
  }
  return true;
}

Borders::Flatness Borders::flatness_of(const Side& side) const {
  Flatness flatness;
  std::vector<uint8_t> line(static_cast<size_t>(side.along));
  const auto fill = [&](auto value) {
    for (int i = 0; i < side.along; ++i) {
      const auto at = static_cast<size_t>(side.start + i * side.sideways);
      line[static_cast<size_t>(i)] = static_cast<uint8_t>(value(at));
    }
  };
  for (size_t plane = 0; plane < 3; ++plane) {
    const std::vector<uint8_t>&low = low_[plane], &high = high_[plane];
    fill([&](size_t at) { return (low[at] + high[at]) / 2; });
    const int colour = quantile(0.5, &line);
    fill([&](size_t at) { return (high[at] - low[at] + 1) / 2; });
    flatness.colour[plane] = colour;
    flatness.tolerance[plane] = std::clamp<int>(quantile(kMost, &line), kTolerance, kMostTolerance);
  }
  const int most = static_cast<int>(side.lines * kWidest);
  const int end = static_cast<int>(side.along * kFreeEnd);
  for (int depth = 0; depth < most; ++depth) {
    int bar = 0, ends = 0;
    for (int i = 0; i < side.along; ++i) {
      const ptrdiff_t at = side.start + depth * side.inwards + i * side.sideways;
      if (!is_bar(flatness, static_cast<size_t>(at))) continue;
      ++bar;
      if (i < end || i >= side.along - end) ++ends;
    }
    const float share = static_cast<float>(bar) / static_cast<float>(side.along);
    if (share < kLettered || ends < kFreeEnds * 2 * end) break;
    if (share >= kClean && flatness.clean == depth) flatness.clean = depth + 1;
    flatness.lettered = depth + 1;
  }
  return flatness;
}

// Share of the last line of a bar beyond which the picture begins right there. In a scene that is
// only dark, it begins a little sooner or later everywhere.
float Borders::straightness(int which, int depth, const Depths& others) const {
  const Side side = this->side(which);
  const Flatness& flatness = flat_[static_cast<size_t>(which)];
  const size_t before = which < kLeft ? kLeft : kTop;
  const int from = others[before], to = side.along - others[before + 1];
  int begins = 0;
  for (int i = from; i < to; ++i) {
    const auto bar = [&](int line) {
      const ptrdiff_t at = side.start + line * side.inwards + i * side.sideways;
      return is_bar(flatness, static_cast<size_t>(at));
    };
    if (bar(depth - 1) && !(bar(depth) && bar(depth + 1))) ++begins;
  }
  return to > from ? static_cast<float>(begins) / static_cast<float>(to - from) : 0;
}

bool Borders::is_pair_of_one_colour(int first) const {
  const auto a = static_cast<size_t>(first);
  for (size_t plane = 0; plane < 3; ++plane) {
    if (std::abs(flat_[a].colour[plane] - flat_[a + 1].colour[plane]) > kTolerance) return false;
  }
  return true;
}

// The bars of two opposite sides, as wide as the picture beside them shows; {0, 0}: none are seen.
Borders::Pair Borders::pair_of(int first, const Depths& beside) const {
  if (!is_pair_of_one_colour(first)) return {};
  const Flatness& one = flat_[static_cast<size_t>(first)];
  const Flatness& two = flat_[static_cast<size_t>(first) + 1];
  const auto straight = [&](int which, int depth) {
    return depth > 0 ? straightness(which, depth, beside) : 0;
  };
  Pair widest;
  for (const int a : {one.clean, one.lettered}) {
    for (const int b : {two.clean, two.lettered}) {
      if (a <= widest.first || !are_alike(a, b)) continue;
      const bool both = straight(first, a) >= kStraight && straight(first + 1, b) >= kStraight;
      if (both) widest = {a, b};
    }
  }
  if (widest.first > 0 || seen_s_ - first_s_ < kUnseenEdge_s) return widest;
  // The picture may be as dark as the bar on one side: then the other tells.
  const int least = std::min(one.clean, two.clean);
  const bool is_seen =
      straight(first, least) >= kOneStraight || straight(first + 1, least) >= kOneStraight;
  return is_seen ? Pair{least, least} : Pair{};
}

// A bar without its like is one only where it is black for long.
Borders::Pair Borders::single_of(int first, const Depths& beside) const {
  Pair deep;
  const auto a = static_cast<size_t>(first);
  if (seen_s_ - first_s_ < kSingle_s || (flat_[a].lettered > 0 && flat_[a + 1].lettered > 0)) {
    return deep;
  }
  const int which = flat_[a].clean > 0 ? first : first + 1;
  const Flatness& flatness = flat_[static_cast<size_t>(which)];
  const bool is_black = flatness.colour[0] <= kSingleBlack;
  if (!is_black || flatness.clean < 2) return deep;
  if (straightness(which, flatness.clean, beside) < kOneStraight) return deep;
  (which == first ? deep.first : deep.second) = flatness.clean;
  return deep;
}

// True where the picture shows in a bar that was found before.
bool Borders::is_contradicted(int first) const {
  for (const int which : {first, first + 1}) {
    const auto at = static_cast<size_t>(which);
    if (flat_[at].lettered < kStillBar * depths_[at]) return true;
  }
  return false;
}

// True where the picture begins right beyond a bar along half of it in one frame: something small
// that crosses a flat background draws a straight edge, too, but bit by bit.
bool Borders::is_seen_at_once(int first, const Pair& pair, const Proxy& now) const {
  for (const int which : {first, first + 1}) {
    const int depth = which == first ? pair.first : pair.second;
    if (depth == 0) continue;
    const Side side = this->side(which);
    const Flatness& flatness = flat_[static_cast<size_t>(which)];
    int shown = 0;
    for (int i = 0; i < side.along; ++i) {
      bool differs = false;
      for (const int line : {depth, depth + 1}) {
        const auto at = static_cast<size_t>(side.start + line * side.inwards + i * side.sideways);
        for (size_t plane = 0; plane < 3; ++plane) {
          const int off = std::abs(now.planes[plane][at] - flatness.colour[plane]);
          differs = differs || off > flatness.tolerance[plane];
        }
      }
      if (differs) ++shown;
    }
    if (static_cast<float>(shown) >= kAtOnce * static_cast<float>(side.along)) return true;
  }
  return false;
}

void Borders::look(const Proxy& now) {
  for (int which = 0; which < 4; ++which)
    flat_[static_cast<size_t>(which)] = flatness_of(side(which));
  for (const int first : {kTop, kLeft}) {
    if (is_contradicted(first)) take(first, {});
  }
  if (frames_ < kFewest) return;
  // Pillars first, then the bars between them, then pillars again that are seen between those.
  for (const int first : {kLeft, kTop, kLeft}) {
    Pair found = pair_of(first, depths_);
    if (found.first == 0 && found.second == 0) found = single_of(first, depths_);
    const auto a = static_cast<size_t>(first);
    // What is known was seen with a straight edge, too: a darker shot does not make it narrower.
    const bool is_wider = found.first > depths_[a] + 1 || found.second > depths_[a + 1] + 1;
    if (is_wider && is_seen_at_once(first, found, now)) take(first, found);
  }
}

void Borders::take(int first, const Pair& pair) {
  const auto a = static_cast<size_t>(first);
  depths_[a] = pair.first;
  depths_[a + 1] = pair.second;
  edges_.forget(first);
}

Findings Borders::observe(const Observation& observation) {
  look_at(observation);
  Findings findings;
  if (observation.analyse) findings.content = content();
  return findings;
}

void Borders::look_at(const Observation& observation) {
  widen(*observation.proxy);
  if (frames_ == 0) first_s_ = observation.time_s;
  seen_s_ = observation.time_s;
  ++frames_;
  if (!observation.analyse) return;
  look(*observation.proxy);
  const bool any = std::any_of(depths_.begin(), depths_.end(), [](int depth) { return depth > 0; });
  if (any && observation.pictures != nullptr) edges_.refine(observation.pictures, rough());
}

std::array<BorderEdges::Rough, 4> Borders::rough() const {
  std::array<BorderEdges::Rough, 4> rough{};
  for (size_t which = 0; which < 4; ++which) {
    const double lines = which < kLeft ? size_.height : size_.width;
    rough[which] = {depths_[which] / lines, 1 / lines};
  }
  return rough;
}

Box Borders::content() const {
  if (frames_ == 0) return content_before_;
  const std::array<double, 4> inset = edges_.insets(rough());
  return {inset[kLeft], inset[kTop], 1 - inset[kLeft] - inset[kRight],
          1 - inset[kTop] - inset[kBottom]};
}

void Borders::reset(Reset reset) {
  if (reset == Reset::kSeek) {
    *this = Borders(stream_);
    return;
  }
  content_before_ = content();
  frames_ = 0;
}

}  // namespace smartcrop
