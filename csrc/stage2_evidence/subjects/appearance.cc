// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/appearance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace smartcrop {
namespace {

constexpr int kParts = 3;   // from the top down
constexpr int kLevels = 6;  // of each colour
constexpr size_t kColours = kLevels * kLevels * kLevels;
// Deviation of the weights of columns, as a share of the width.
constexpr double kMiddle = 0.2;

// Between which two levels a sample lies, and how near to the upper one.
struct Place {
  int low, high;
  float share;
};
Place place_of(uint8_t sample) {
  const float at = static_cast<float>(sample) / 256 * kLevels - 0.5F;
  const float low = std::floor(at);
  const auto level = [](float value) {
    return std::clamp(static_cast<int>(value), 0, kLevels - 1);
  };
  return {level(low), level(low + 1), at - low};
}

std::vector<float> column_weights(int width) {
  std::vector<float> weights(static_cast<size_t>(width));
  for (int x = 0; x < width; ++x) {
    const double off = ((x + 0.5) / width - 0.5) / kMiddle;
    weights[static_cast<size_t>(x)] = static_cast<float>(std::exp(-off * off / 2));
  }
  return weights;
}

// Shares a sample among the eight colours around it, so that a little more light changes little.
void add(const std::array<Place, 3>& places, float weight, float* colours) {
  for (unsigned corner = 0; corner < 8; ++corner) {
    float share = weight;
    int colour = 0;
    for (unsigned channel = 0; channel < 3; ++channel) {
      const Place& place = places[channel];
      const bool high = (corner >> channel & 1U) != 0;
      share *= high ? place.share : 1 - place.share;
      colour = colour * kLevels + (high ? place.high : place.low);
    }
    colours[colour] += share;
  }
}

}  // namespace

Appearance appearance_of(const Proxy& rgb) {
  Appearance appearance(kParts * kColours);
  const std::vector<float> weights = column_weights(rgb.width);
  for (int y = 0; y < rgb.height; ++y) {
    float* const part = appearance.data() + static_cast<size_t>(y * kParts / rgb.height) * kColours;
    for (int x = 0; x < rgb.width; ++x) {
      const auto at = static_cast<size_t>(y * rgb.width + x);
      const std::array<Place, 3> places{place_of(rgb.planes[0][at]), place_of(rgb.planes[1][at]),
                                        place_of(rgb.planes[2][at])};
      add(places, weights[static_cast<size_t>(x)], part);
    }
  }
  const float sum = std::accumulate(appearance.begin(), appearance.end(), 0.0F);
  for (float& value : appearance) value = std::sqrt(value / sum);
  return appearance;
}

double likeness_of(const Appearance& a, const Appearance& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace smartcrop
