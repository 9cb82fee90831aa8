// SPDX-License-Identifier: MIT
// Two cheap measures that fail in different places are added up:
//
// - structure: each block of the later thumbnail is looked for around its place in the earlier one,
//   with the mean brightness of the block taken out. What stays unexplained is compared with what
//   there is to explain (the contrast of the block), as encoders do when they choose between inter
//   and intra coding. Motion and changes of light explain themselves; a new shot does not.
// - colour: histograms of luma and of chroma do not care where things are, so they stay the same in
//   fast motion and blur, where blocks are not found again.
//
// Colour alone is never a cut: it counts in full only where structure changed as well, since lamps,
// flashes and fades change colours and keep structure.
#include "stage2_evidence/cut_score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "stage2_evidence/structure_change.h"

namespace smartcrop {
namespace {

constexpr int kCell = 4;  // proxy samples in a sample of the thumbnail, along each side
constexpr int kLumaBins = 16;
constexpr int kChromaBins = 16;   // for each of U and V
constexpr int kChromaReach = 64;  // bins cover 128 - reach to 128 + reach
// The weights that best part real cuts from neighbours inside shots (logistic regression).
constexpr float kStructureWeight = 0.45F;
constexpr float kLumaWeight = 0.30F;
constexpr float kChromaWeight = 0.25F;
constexpr float kColourful = 4;  // mean distance from grey, in levels, from which chroma says much
constexpr float kStructureForColour = 0.35F;  // structure change from which colour counts in full

using LumaHistogram = std::array<float, kLumaBins + 1>;
using ChromaHistogram = std::array<float, static_cast<size_t>(kChromaBins) * kChromaBins>;

size_t samples_of(const CutFeatures& features) {
  return static_cast<size_t>(features.thumbnail_size.width) *
         static_cast<size_t>(features.thumbnail_size.height);
}

// A sample counts for the two bins nearest to it, so that a slight change of light moves little.
LumaHistogram luma_histogram(const CutFeatures& features) {
  LumaHistogram histogram{};
  const size_t count = samples_of(features);
  for (size_t i = 0; i < count; ++i) {
    const int value = features.thumbnail[i] * kLumaBins;
    const size_t bin = static_cast<size_t>(value / 256);
    const float part = static_cast<float>(value % 256) / 256.0F;
    histogram[bin] += 1 - part;
    histogram[bin + 1] += part;
  }
  return histogram;
}

size_t chroma_bin(int value) {
  const int shifted = std::clamp(value - (128 - kChromaReach), 0, 2 * kChromaReach - 1);
  return static_cast<size_t>(shifted * kChromaBins / (2 * kChromaReach));
}

ChromaHistogram chroma_histogram(const CutFeatures& features) {
  ChromaHistogram histogram{};
  const size_t count = samples_of(features);
  const uint8_t* u = features.thumbnail.data() + count;
  const uint8_t* v = u + count;
  for (size_t i = 0; i < count; ++i) histogram[chroma_bin(u[i]) * kChromaBins + chroma_bin(v[i])]++;
  return histogram;
}

float mean_chroma(const CutFeatures& features) {
  int sum = 0;
  const size_t count = samples_of(features);
  for (size_t i = count; i < 3 * count; ++i) sum += std::abs(features.thumbnail[i] - 128);
  return static_cast<float>(sum) / static_cast<float>(count);
}

// Share of the samples that changed bins. The root spreads the small values, where cuts between
// similar pictures and fast motion lie.
template <typename Histogram>
float colour_change(const Histogram& a, const Histogram& b, size_t count) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::fabs(a[i] - b[i]);
  return std::sqrt(sum / (2 * static_cast<float>(count)));
}

// Averages cells of a plane; columns first, so that the inner loop runs over neighbours.
void shrink(const std::vector<uint8_t>& plane, int plane_width, Size cell, Size size, uint8_t* to) {
  const int used = size.width * cell.width;
  const int area = cell.width * cell.height;
  std::vector<uint16_t> sums(static_cast<size_t>(used));
  for (int y = 0; y < size.height; ++y) {
    std::fill(sums.begin(), sums.end(), uint16_t{0});
    for (int row = 0; row < cell.height; ++row) {
      const uint8_t* from = plane.data() + (y * cell.height + row) * plane_width;
      for (int x = 0; x < used; ++x) {
        sums[static_cast<size_t>(x)] =
            static_cast<uint16_t>(sums[static_cast<size_t>(x)] + from[x]);
      }
    }
    for (int x = 0; x < size.width; ++x) {
      int sum = area / 2;
      for (int i = 0; i < cell.width; ++i) sum += sums[static_cast<size_t>(x * cell.width + i)];
      *to++ = static_cast<uint8_t>(sum / area);
    }
  }
}

void describe(const Proxy& proxy, CutFeatures* features) {
  const Size cell = {std::min(kCell, proxy.width), std::min(kCell, proxy.height)};
  const Size size = {proxy.width / cell.width, proxy.height / cell.height};
  features->thumbnail_size = size;
  const size_t count = samples_of(*features);
  features->thumbnail.resize(count * 3);
  for (size_t i = 0; i < 3; ++i) {
    shrink(proxy.planes[i], proxy.width, cell, size, features->thumbnail.data() + i * count);
  }
  double sum = 0, squares = 0;
  for (size_t i = 0; i < count; ++i) {
    sum += features->thumbnail[i];
    squares += features->thumbnail[i] * features->thumbnail[i];
  }
  const double mean = sum / static_cast<double>(count);
  const double variance = std::max(0.0, squares / static_cast<double>(count) - mean * mean);
  features->luma_mean = static_cast<float>(mean / 255);
  features->contrast = static_cast<float>(std::sqrt(variance) / 255);
}

}  // namespace

float content_difference(const CutFeatures& before, const CutFeatures& after) {
  if (before.thumbnail_size.width != after.thumbnail_size.width ||
      before.thumbnail_size.height != after.thumbnail_size.height || after.thumbnail.empty()) {
    return 1;
  }
  if (before.thumbnail == after.thumbnail) return 0;
  const size_t count = samples_of(after);
  const float structure = structure_change(before, after);
  const float luma = colour_change(luma_histogram(before), luma_histogram(after), count);
  const float chroma = colour_change(chroma_histogram(before), chroma_histogram(after), count);
  // Without colour, luma has to speak for chroma as well.
  const float colourful = std::max(mean_chroma(before), mean_chroma(after)) / kColourful;
  const float chroma_weight = kChromaWeight * std::min(1.0F, colourful);
  const float luma_weight = kLumaWeight + kChromaWeight - chroma_weight;
  const float trust = std::min(1.0F, structure / kStructureForColour);
  return kStructureWeight * structure + trust * (luma_weight * luma + chroma_weight * chroma);
}

CutFeatures CutScore::observe(const Observation& observation) {
  CutFeatures features;
  features.frame = observation.frame;
  features.time_s = observation.time_s;
  describe(*observation.proxy, &features);
  if (!previous_.thumbnail.empty()) features.difference = content_difference(previous_, features);
  previous_ = features;
  return features;
}

}  // namespace smartcrop
