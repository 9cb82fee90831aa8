// SPDX-License-Identifier: MIT
// Detections of single pictures to boxes that are steady in time.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_

#include <vector>

#include "inference/box_decoder.h"

namespace smartcrop {

// A box that was not found again is kept so long: detectors miss a face that turns away or a body
// behind a post, and a box that goes and comes would make the window go and come.
constexpr double kUnseen_s = 0.75;

// Joins detections to tracks by overlap and, for what is small and fast, by nearness; smooths each
// by an alpha-beta filter (Benedict and Bordner, "Synthesis of an optimal set of radar
// track-while-scan smoothing equations", 1962).
class BoxTracker {
 public:
  // The detections of one picture; times grow.
  void look(const std::vector<Detection>& found, double time_s);
  // The boxes at a time since the last look, moved on as they moved. Only boxes that were seen at
  // two looks, or at the first one of all: one look is a flicker.
  std::vector<Detection> boxes(double time_s) const;
  void reset();

 private:
  struct Track {
    Box box;
    double speed_x = 0, speed_y = 0;  // of the centre, shares per second
    double seen_s = 0;
    float score = 0;
    bool confirmed = false;
  };
  static Box moved(const Track& track, double time_s);
  void update(const Detection& detection, double time_s, Track* track) const;

  std::vector<Track> tracks_;
  bool looked_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_
