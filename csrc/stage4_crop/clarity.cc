// SPDX-License-Identifier: MIT
#include "stage4_crop/clarity.h"

#include <algorithm>
#include <cmath>

#include "stage4_crop/camera.h"

namespace smartcrop {

void Clarity::add(double length_s, const std::vector<float>& coverage, double pan) {
  const double keep = std::exp(-length_s / camera::kShotMemory_s);
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
  const double doubt = missed * lasting / (1 + pan / camera::kStillPan) / camera::kDoubtful;
  return camera::kLeastClarity +
         (1 - camera::kLeastClarity) / (1 + std::pow(doubt, camera::kDoubtPower));
}

}  // namespace smartcrop
