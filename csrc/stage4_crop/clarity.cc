// SPDX-License-Identifier: MIT
#include "stage4_crop/clarity.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

// The share missed at which what one thing gains over another counts half, and how fast it falls
// beyond; chosen on all clips with four kinds of maps, as is the pan (.035 to .06, 4 to 8, .01 to
// infinity were tried). Only five of the clips say where viewers looked.
constexpr double kDoubtful = 0.043;
constexpr double kPower = 8;
constexpr double kLeast = 0.05;      // a map leads the centre prior even so
constexpr double kStillPan = 0.015;  // at this pan half of what is missed counts
constexpr double kMemory_s = 60;     // time constant

}  // namespace

void Clarity::add(double length_s, const std::vector<float>& coverage, double pan) {
  const double keep = std::exp(-length_s / kMemory_s);
  length_s_ = keep * length_s_ + length_s;
  const double best = *std::max_element(coverage.begin(), coverage.end());
  missed_s_ = keep * missed_s_ + length_s * (1 - best);
  panned_ = keep * panned_ + length_s * pan;
  shown_s_.resize(coverage.size());
  for (size_t i = 0; i < coverage.size(); ++i) {
    shown_s_[i] = keep * shown_s_[i] + length_s * coverage[i];
  }
}

double Clarity::value() const {
  if (length_s_ <= 0) return 1;
  const double missed = missed_s_ / length_s_, pan = panned_ / length_s_;
  const double resting = 1 - *std::max_element(shown_s_.begin(), shown_s_.end()) / length_s_;
  if (resting <= 0) return 1;
  // Of what a resting window misses, moving ones miss this share too.
  const double lasting = std::min(1.0, missed / resting);
  const double doubt = missed * lasting / (1 + pan / kStillPan) / kDoubtful;
  return kLeast + (1 - kLeast) / (1 + std::pow(doubt, kPower));
}

}  // namespace smartcrop
