// SPDX-License-Identifier: MIT
// Boxes found in single pictures to boxes that are steady in time.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_

#include <vector>

#include "stage2_evidence/motion/camera_motion.h"
#include "stage2_evidence/source.h"
#include "stage2_evidence/subjects/assignment.h"
#include "stage2_evidence/subjects/box_filter.h"

namespace smartcrop {

// A box that was not found again is shown so long: detectors miss a face that turns away or a body
// behind a post, and a box that goes and comes would make the window go and come.
constexpr double kUnseen_s = 0.75;

// Joins detections to tracks as ByteTrack does (Zhang et al., "ByteTrack: Multi-object tracking by
// associating every detection box", ECCV 2022): strong boxes first, then weak ones to the tracks
// that are left, for a weak box where a subject is expected is that subject half hidden. A third
// round joins what is small and fast by nearness. Looks come at uneven times a few times a second,
// so that all is reckoned in seconds; and the camera's motion moves the tracks.
class BoxTracker {
 public:
  struct Settings {
    double aspect = 16.0 / 9;  // width of the picture by its height
    double strong = 0.5;       // score from which a box is strong, and may begin a track
  };
  explicit BoxTracker(Settings settings) : settings_(settings) {}

  // How the camera moved up to now, said once for each piece of time, or not at all where nobody
  // knows; before the look at the picture that it led to.
  void move_with(const CameraStep& step);
  // What was found in one picture, no box twice; times grow.
  void look(const std::vector<Subject>& found, double time_s);
  // The boxes at a time since the last look, moved on as they moved, each with the id that it had
  // before, with its speed, its kind, its class, and its score as it was found. Only boxes that
  // were strong at two looks, or at the first one of all: one look is a flicker.
  std::vector<Subject> boxes(double time_s) const;
  // The last look found the subject of this id.
  bool found(int64_t id) const;
  // It is not forgotten.
  bool has(int64_t id) const { return track_of(id) != nullptr; }
  // Its subject has another id.
  void drop(int64_t id);
  // Forgets all boxes. After a cut no id comes again; after a seek they are counted anew.
  void reset(Reset reset);

 private:
  // One filter is moved by the camera, one not, for a camera that follows a subject keeps it in
  // place. Whichever told the last boxes better speaks.
  struct Track {
    BoxFilter by_camera, by_picture;
    double seen_s = 0;
    float score = 0;
    bool confirmed = false;
    int64_t id = 0;
    SubjectKind kind = SubjectKind::kSubject;
    int label = 0;
    float label_score = 0;                       // of the label, less those of others
    double camera_error = 0, picture_error = 0;  // 1 less overlap, of late

    const BoxFilter& filter() const {
      return picture_error < camera_error ? by_picture : by_camera;
    }
  };
  const Track* track_of(int64_t id) const;
  // A look on its way: the boxes that nobody took, and the tracks that took none.
  struct Round {
    const std::vector<Subject>& found;
    std::vector<size_t> tracks, boxes;
  };
  template <typename WorthOf>
  void join(double time_s, WorthOf worth_of, Round* round);
  // Those that were last seen from one time on and before another.
  std::vector<size_t> tracks_seen(double from_s, double before_s) const;
  Box shown(const Track& track, double time_s) const;
  void move_on(double time_s);
  static void update_label(const Subject& found, Track* track);
  void update(const Subject& found, double time_s, Track* track) const;
  Speed camera_speed(const Box& box) const;

  Settings settings_;
  std::vector<Track> tracks_;
  double look_s_ = 0;  // the time that all filters stand at
  CameraStep camera_;  // the last one, if it was trusted
  bool looked_ = false;
  int64_t next_id_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOX_TRACKER_H_
