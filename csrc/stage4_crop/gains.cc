// SPDX-License-Identifier: MIT
#include "stage4_crop/gains.h"

#include <algorithm>

#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

Span bounds_of(const Candidates& candidates) {
  return {candidates.centre(0), candidates.centre(candidates.count() - 1)};
}

// What seeing a box counts: most of it only when it is whole.
float seen_of(const Subject& region, Axis axis, double from, double to) {
  const Span span = along(region.box, axis);
  const double length = std::max(1e-9, span.highest - span.lowest);
  const double seen = std::min(to, span.highest) - std::max(from, span.lowest);
  const double share = std::clamp(seen / length, 0.0, 1.0);
  return kMapsOfFullWeight * region.weight * static_cast<float>(share * share);
}

}  // namespace

Span allowed_of(const Sample& sample, Axis axis, const Candidates& candidates) {
  const Span bounds = bounds_of(candidates), required = required_span(sample, axis);
  const double window = candidates.window();
  if (required.lowest > required.highest) return bounds;
  Span span{required.highest - window / 2, required.lowest + window / 2};
  if (span.lowest > span.highest) span.lowest = span.highest = (span.lowest + span.highest) / 2;
  return {std::clamp(span.lowest, bounds.lowest, bounds.highest),
          std::clamp(span.highest, bounds.lowest, bounds.highest)};
}

Gains gains_of(const std::vector<float>& coverage, const Sample& sample, Axis axis,
               const Candidates& candidates, const Options& options) {
  Gains result{coverage, std::vector<float>(coverage.size(), 0.0F)};
  const Span bounds = bounds_of(candidates);
  const double middle = (bounds.lowest + bounds.highest) / 2;
  const double reach = (bounds.highest - bounds.lowest) / 2;
  const Span allowed = allowed_of(sample, axis, candidates);
  for (int i = 0; i < candidates.count(); ++i) {
    const double centre = candidates.centre(i);
    const double off = reach > 0 ? (centre - middle) / reach : 0;
    const auto prior = static_cast<float>(options.center_bias * (1 - off * off));
    result.map[static_cast<size_t>(i)] *= sample.confidence;
    float& other = result.other[static_cast<size_t>(i)];
    other = (1 - sample.confidence) * camera::kCentrePrior * prior;
    const double half = candidates.window() / 2;
    for (const Subject& region : sample.regions) {
      if (!region.required) other += seen_of(region, axis, centre - half, centre + half);
    }
    const double outside = std::max(allowed.lowest - centre, centre - allowed.highest);
    if (outside > candidates.spacing()) other -= camera::kForbidden * static_cast<float>(outside);
  }
  return result;
}

}  // namespace smartcrop
