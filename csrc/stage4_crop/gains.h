// SPDX-License-Identifier: MIT
// The score of each candidate window of a sample.
#ifndef SMARTCROP_STAGE4_CROP_GAINS_H_
#define SMARTCROP_STAGE4_CROP_GAINS_H_

#include <vector>

#include "options.h"
#include "stage4_crop/candidates.h"
#include "stage4_crop/sample.h"

namespace smartcrop {

// A score for each candidate: what the map gives, and what all else gives. All else is the boxes,
// the pull to the middle, and the price of places that are not allowed.
struct Gains {
  std::vector<float> map, other;

  float at(size_t candidate, float share_of_map) const {
    return share_of_map * map[candidate] + other[candidate];
  }
};

// coverage is the share of the sample's map that each candidate shows.
Gains gains_of(const std::vector<float>& coverage, const Sample& sample, Axis axis,
               const Candidates& candidates, const Options& options);

// The centres at which a window holds every required box of a sample.
Span allowed_of(const Sample& sample, Axis axis, const Candidates& candidates);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_GAINS_H_
