// SPDX-License-Identifier: MIT
#include "stage4_crop/candidates.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

// The sum before a share of the side, cells taken as evenly filled.
double sum_before(const std::vector<float>& profile, double share) {
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(profile.size() - 1);
  const size_t cell = std::min(static_cast<size_t>(at), profile.size() - 2);
  const double inside = profile[cell + 1] - profile[cell];
  return profile[cell] + (at - static_cast<double>(cell)) * inside;
}

double share_between(const std::vector<float>& profile, double from, double to) {
  return sum_before(profile, to) - sum_before(profile, from);
}

// Of all values, what share is before each of them, and 1.
std::vector<float> shares_before(const std::vector<double>& values) {
  const double all = std::accumulate(values.begin(), values.end(), 0.0);
  std::vector<float> shares(values.size() + 1, 0.0F);
  double sum = 0;
  for (size_t i = 0; i < values.size() && all > 0; ++i) {
    sum += values[i];
    shares[i + 1] = static_cast<float>(sum / all);
  }
  return shares;
}

}  // namespace

Profiles profiles_of(const HeatMap& map, float power) {
  std::vector<double> columns(static_cast<size_t>(map.width), 0.0);
  std::vector<double> rows(static_cast<size_t>(map.height), 0.0);
  for (size_t row = 0, i = 0; row < rows.size(); ++row) {
    for (double& column : columns) {
      const double value = std::pow(map.values[i++], power);
      column += value;
      rows[row] += value;
    }
  }
  return {shares_before(columns), shares_before(rows)};
}

double mean_between(const std::vector<float>& profile, double from, double to) {
  const auto cells = static_cast<double>(profile.size() - 1);
  double sum = 0, moment = 0;
  for (size_t i = 0; i + 1 < profile.size(); ++i) {
    const double left = std::max(from, static_cast<double>(i) / cells);
    const double right = std::min(to, static_cast<double>(i + 1) / cells);
    if (right <= left) continue;
    const double mass = (profile[i + 1] - profile[i]) * (right - left) * cells;
    sum += mass;
    moment += mass * (left + right) / 2;
  }
  return sum > 1e-6 ? moment / sum : (from + to) / 2;
}

Candidates::Candidates(Span content, double window) : content_(content) {
  const double side = content.highest - content.lowest;
  window_ = std::min(window, side);
  count_ =
      1 + std::min(camera::kMostCandidates - 1,
                   static_cast<int>(std::ceil((side - window_) / camera::kFinestSpacing - 1e-9)));
}

double Candidates::centre(int candidate) const {
  if (count_ == 1) return (content_.lowest + content_.highest) / 2;
  return content_.lowest + window_ / 2 + spacing() * candidate;
}

int Candidates::nearest(double centre) const {
  if (count_ == 1) return 0;
  const double at = (centre - content_.lowest - window_ / 2) / spacing();
  return static_cast<int>(std::lround(std::clamp(at, 0.0, count_ - 1.0)));
}

std::vector<float> Candidates::coverage(const std::vector<float>& profile) const {
  std::vector<float> result(static_cast<size_t>(count_));
  for (int i = 0; i < count_; ++i) {
    const double middle = centre(i);
    result[static_cast<size_t>(i)] =
        static_cast<float>(share_between(profile, middle - window_ / 2, middle + window_ / 2));
  }
  return result;
}

}  // namespace smartcrop
