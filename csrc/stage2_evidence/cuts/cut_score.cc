// SPDX-License-Identifier: MIT
// The score asks whether the blocks of one picture are found again in the other, and takes off the
// blocks that stayed where they were: a title, an inset picture or one half of a split screen may
// change, and the shot goes on.
//
// Each block of the later thumbnail is looked for around its place in the earlier one, with the
// mean brightness of the block taken out. What stays unexplained is compared with what there is to
// explain (the contrast of the block), so dark pictures count like bright ones. Motion and changes
// of light explain themselves; a new shot does not. Colours are not asked: they stay the same where
// a shot is cut to its mirror image, and change where a lamp goes on.
#include "stage2_evidence/cuts/cut_score.h"

#include <algorithm>
#include <cmath>

#include "stage2_evidence/cuts/structure_change.h"

namespace smartcrop {
namespace {

constexpr int kCell = 4;  // proxy samples in a sample of the thumbnail, along each side
// Fitted on the films of tests/bench/cut_films.py, half `train`. Bars and logos stay over a cut: so
// little that was kept says nothing.
constexpr float kKeptByChance = 0.12F;
constexpr float kKeptWeight = 1.75F;

size_t samples_of(const CutFeatures& features) {
  return static_cast<size_t>(features.thumbnail_size.width) *
         static_cast<size_t>(features.thumbnail_size.height);
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

bool comparable(const CutFeatures& a, const CutFeatures& b) {
  return a.thumbnail_size.width == b.thumbnail_size.width &&
         a.thumbnail_size.height == b.thumbnail_size.height && !b.thumbnail.empty();
}

float without_kept(const StructureChange& structure) {
  const float kept = std::max(0.0F, structure.kept - kKeptByChance);
  return std::max(0.0F, structure.change - kKeptWeight * kept);
}

}  // namespace

float content_difference(const CutFeatures& before, const CutFeatures& after) {
  if (!comparable(before, after)) return 1;
  if (before.thumbnail == after.thumbnail) return 0;
  return without_kept(structure_change(before, after));
}

CutFeatures CutScore::observe(const Observation& observation) {
  CutFeatures features;
  features.frame = observation.frame;
  features.time_s = observation.time_s;
  describe(*observation.proxy, &features);
  if (!previous_.thumbnail.empty()) {
    StructureChange structure{1, 0};
    if (comparable(previous_, features)) structure = structure_change(previous_, features);
    features.change = structure.change;
    features.difference = without_kept(structure);
  }
  previous_ = features;
  return features;
}

}  // namespace smartcrop
