// SPDX-License-Identifier: MIT
#include "stage2_evidence/borders/border_edges.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace smartcrop {
namespace {

// Frames in which an edge is looked for: a part of the picture that is dark in one of them may be
// bright in the next.
constexpr int kSearches = 12;
// Samples read of a line.
constexpr int kSparse = 200;
// Levels of 8-bit luma by which the picture must differ from the bar, to tell where it begins; and
// the share of this difference at which it does: above the ringing of a codec.
constexpr float kVisible = 3, kBegins = 0.35F;
// Letters in a bar differ by more from its colour, noise by less.
constexpr float kNoise = 8;

float mean_difference(const std::vector<float>& samples, float level, float most) {
  float sum = 0;
  int count = 0;
  for (const float sample : samples) {
    const float difference = std::abs(sample - level);
    if (difference > most) continue;
    sum += difference;
    ++count;
  }
  return count > 0 ? sum / static_cast<float>(count) : 0;
}

float median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

BorderEdges::BorderEdges(const smartcrop_stream& stream) : size_{stream.width, stream.height} {
  forget(0);
  forget(2);
}

void BorderEdges::forget(int first) {
  for (const int which : {first, first + 1}) {
    edge_[static_cast<size_t>(which)] = -1;
    searches_[static_cast<size_t>(which)] = 0;
  }
}

BorderEdges::Side BorderEdges::side(int which, const std::array<Rough, 4>& rough) const {
  Side side;
  side.is_row = which < 2;
  side.from_end = which % 2 == 1;
  side.lines = side.is_row ? size_.height : size_.width;
  const int along = side.is_row ? size_.width : size_.height;
  const size_t beside = side.is_row ? 2 : 0;
  // Not into the bars beside, whose edges may be rough.
  const auto inside = [&](size_t other) {
    return static_cast<int>(std::ceil((rough[other].width + rough[other].sample) * along));
  };
  side.from = inside(beside);
  side.to = std::max(side.from + 1, along - inside(beside + 1));
  return side;
}

// The first line of the picture; -1 where the picture does not differ from the bar.
int BorderEdges::find(Pictures* pictures, const Side& side, const Rough& rough) {
  const double sample = rough.sample * side.lines, width = rough.width * side.lines;
  const int from = std::max(0, static_cast<int>(width - 1.5 * sample));
  const int to =
      std::min(side.lines - 1, static_cast<int>(std::ceil(width + std::max(2.5 * sample, 4.0))));
  const int step = std::max(1, (side.to - side.from) / kSparse);
  LumaLines wanted{side.is_row, {}, side.from, side.to, step};
  const auto want = [&](int line) {
    wanted.lines.push_back(side.from_end ? side.lines - 1 - line : line);
  };
  for (const double share : {0.2, 0.4, 0.6}) want(static_cast<int>(width * share));
  const size_t of_bar = wanted.lines.size();
  for (int line = from; line <= to; ++line) want(line);
  const std::vector<float> samples = pictures->luma_of(wanted);

  const auto begin_of = [&](size_t line) {
    return samples.begin() + static_cast<ptrdiff_t>(line) * wanted.samples();
  };
  const std::vector<float> bar(samples.begin(), begin_of(of_bar));
  const float level = median(bar), noise = mean_difference(bar, level, kNoise);
  std::vector<float> differences;
  for (size_t line = of_bar; line < wanted.lines.size(); ++line) {
    const std::vector<float> values(begin_of(line), begin_of(line + 1));
    differences.push_back(mean_difference(values, level, 255) - noise);
  }
  const size_t last = differences.size() / 3;
  float picture = 0;
  for (size_t i = differences.size() - last; i < differences.size(); ++i) {
    picture += differences[i] / static_cast<float>(last);
  }
  if (!(picture >= kVisible)) return -1;
  for (size_t i = 0; i + 1 < differences.size(); ++i) {
    const float least = kBegins * picture;
    if (differences[i] >= least && differences[i + 1] >= least) return from + static_cast<int>(i);
  }
  return -1;
}

void BorderEdges::refine(Pictures* pictures, const std::array<Rough, 4>& rough) {
  for (int which = 0; which < 4; ++which) {
    const auto at = static_cast<size_t>(which);
    if (rough[at].width == 0 || searches_[at] >= kSearches) continue;
    const int found = find(pictures, side(which, rough), rough[at]);
    if (found < 0) continue;
    ++searches_[at];
    edge_[at] = edge_[at] < 0 ? found : std::min(edge_[at], found);
  }
}

std::array<double, 4> BorderEdges::insets(const std::array<Rough, 4>& rough) const {
  std::array<double, 4> insets{};
  for (size_t which = 0; which < 4; ++which) {
    if (rough[which].width == 0) continue;
    const double lines = which < 2 ? size_.height : size_.width;
    const size_t opposite = which ^ 1;
    // The other bar of a pair is as wide, where this one's edge is not seen.
    const int edge = edge_[which] >= 0 ? edge_[which] : edge_[opposite];
    // On whole chroma samples.
    const double inside = edge < 0 ? (rough[which].width + rough[which].sample) * lines
                                   : static_cast<double>((edge + 2) / 2 * 2);
    insets[which] = inside / lines;
  }
  return insets;
}

}  // namespace smartcrop
