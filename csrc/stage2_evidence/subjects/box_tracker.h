// SPDX-License-Identifier: MIT
// Boxes found in single pictures to boxes that are steady in time.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_

#include <vector>

#include "inference/box_decoder.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

// A box that was not found again is kept so long: detectors miss a face that turns away or a body
// behind a post, and a box that goes and comes would make the window go and come.
constexpr double kUnseen_s = 0.75;

// Joins detections to tracks by overlap and, for what is small and fast, by nearness; smooths each
// by an alpha-beta filter (Benedict and Bordner, "Synthesis of an optimal set of radar
// track-while-scan smoothing equations", 1962).
class BoxTracker {
 public:
  // What was found in one picture, by best_boxes(); times grow.
  void look(const std::vector<Subject>& found, double time_s);
  // The boxes at a time since the last look, moved on as they moved, each with the id that it had
  // before, with its speed, and with class and score as they were found. Only boxes that were seen
  // at two looks, or at the first one of all: one look is a flicker.
  std::vector<Subject> boxes(double time_s) const;
  // Forgets all boxes. After a cut no id comes again; after a seek they are counted anew.
  void reset(Reset reset);

 private:
  struct Track {
    Box box;
    Speed speed;
    double seen_s = 0;
    float score = 0;
    bool confirmed = false;
    int64_t id = 0;
    int label = 0;  // at the last look
  };
  static Box moved(const Track& track, double time_s);
  void update(const Subject& detection, double time_s, Track* track) const;

  std::vector<Track> tracks_;
  bool looked_ = false;
  int64_t next_id_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_
