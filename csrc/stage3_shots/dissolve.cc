// SPDX-License-Identifier: MIT
#include "stage3_shots/dissolve.h"

#include <algorithm>
#include <cmath>

#include "stage2_evidence/cuts/cut_score.h"

namespace smartcrop {
namespace {

constexpr int kGistSide = 12;             // at most so many samples along each side
constexpr float kFlatContrast = 0.008F;   // a picture with less is flat; dark pictures have more
constexpr float kFadedContrast = 0.025F;  // a fade with less is near its flat end
constexpr double kStretches_s[] = {0.22, 0.45, 0.9, 1.6};
constexpr size_t kLeastBetween = 4;    // frames between the ends; fewer do not show a line
constexpr size_t kMostBetween = 12;    // so many frames of a longer stretch are compared
constexpr float kLeastGistChange = 7;  // root mean square, levels of 255
constexpr float kMostOffLine = 0.16F;  // distance from the line, share of the distance of the ends
constexpr float kMostBackwards = 0.04F;  // of the way, from a looked-at frame to the next
constexpr float kMostOfWay = 0.45F;      // the same, forwards: more is a jump
constexpr float kInside = 0.06F;  // a frame nearer to an end than this share of the way is the end

float squared_distance(const std::vector<float>& a, const std::vector<float>& b) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

struct OnLine {
  float share = 0;  // of the way from one end to the other
  float off = 0;    // distance from the line, as a share of its length
};

OnLine project(const KnownFrame& from, const KnownFrame& to, const KnownFrame& frame,
               float squared_length) {
  float along = 0;
  for (size_t i = 0; i < frame.gist.size(); ++i) {
    along += (frame.gist[i] - from.gist[i]) * (to.gist[i] - from.gist[i]);
  }
  OnLine result;
  result.share = along / squared_length;
  const float squared = squared_distance(frame.gist, from.gist) / squared_length;
  result.off = std::sqrt(std::max(0.0F, squared - result.share * result.share));
  return result;
}

bool is_blend(const std::deque<KnownFrame>& frames, size_t first, float level) {
  const KnownFrame& from = frames[first];
  const KnownFrame& to = frames.back();
  const size_t between = frames.size() - first - 2;
  if (between < kLeastBetween || from.gist.size() != to.gist.size()) return false;
  const float length = squared_distance(from.gist, to.gist);
  const float least = kLeastGistChange * kLeastGistChange * static_cast<float>(to.gist.size());
  if (length < least) return false;
  float last = 0;
  const size_t looks = std::min(between, kMostBetween);
  for (size_t k = 0; k <= looks; ++k) {
    const size_t index = first + 1 + k * between / looks;
    const bool is_end = index + 1 >= frames.size();
    if (!is_end && frames[index].gist.size() != to.gist.size()) return false;
    const OnLine at = is_end ? OnLine{1, 0} : project(from, to, frames[index], length);
    if (at.off > kMostOffLine || at.share < last - kMostBackwards) return false;
    if (at.share > last + kMostOfWay) return false;
    last = at.share;
  }
  for (size_t i = first + 1; i < frames.size(); ++i) {
    const float contrast = std::min(frames[i - 1].features.contrast, frames[i].features.contrast);
    // Near black a fade doubles its contrast from frame to frame.
    if (contrast >= kFadedContrast && frames[i].features.difference >= level) return false;
  }
  return content_difference(from.features, to.features) >= level;
}

void mark(std::deque<KnownFrame>* frames, size_t first) {
  const KnownFrame& from = (*frames)[first];
  const KnownFrame& to = frames->back();
  const float length = squared_distance(from.gist, to.gist);
  for (size_t i = first + 1; i + 1 < frames->size(); ++i) {
    const float share = project(from, to, (*frames)[i], length).share;
    if (share > kInside && share < 1 - kInside) (*frames)[i].transition = true;
  }
}

}  // namespace

double longest_dissolve_s() { return kStretches_s[std::size(kStretches_s) - 1]; }

void describe_for_dissolves(KnownFrame* frame) {
  const CutFeatures& features = frame->features;
  const int width = features.thumbnail_size.width, height = features.thumbnail_size.height;
  const int columns = std::min(width, kGistSide), rows = std::min(height, kGistSide);
  frame->flat = features.contrast < kFlatContrast;
  frame->gist.assign(static_cast<size_t>(columns * rows) * 3, 0);
  std::vector<float> counts(frame->gist.size(), 0);
  for (int y = 0; y < 3 * height; ++y) {
    const int row = y / height * rows + y % height * rows / height;
    for (int x = 0; x < width; ++x) {
      const auto cell = static_cast<size_t>(row * columns + x * columns / width);
      frame->gist[cell] += features.thumbnail[static_cast<size_t>(y * width + x)];
      counts[cell] += 1;
    }
  }
  for (size_t i = 0; i < counts.size(); ++i) frame->gist[i] /= counts[i];
}

void mark_dissolves(std::deque<KnownFrame>* frames, float level) {
  const double now_s = frames->back().clock_s;
  size_t first = frames->size() - 1;
  for (const double stretch_s : kStretches_s) {
    while (first > 0 && now_s - (*frames)[first].clock_s < stretch_s) --first;
    if (now_s - (*frames)[first].clock_s < stretch_s) return;
    if (is_blend(*frames, first, level)) mark(frames, first);
  }
}

}  // namespace smartcrop
