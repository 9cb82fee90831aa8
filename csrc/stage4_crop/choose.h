// SPDX-License-Identifier: MIT
// Evidence to targets: for each shot, the windows that a camera operator would pick.
#ifndef SMARTCROP_STAGE4_CROP_CHOOSE_H_
#define SMARTCROP_STAGE4_CROP_CHOOSE_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "geometry.h"
#include "options.h"
#include "stage4_crop/lock.h"
#include "stage4_crop/map_memory.h"
#include "stage4_crop/motion_kind.h"
#include "stage4_crop/sample.h"
#include "stage4_crop/shape.h"
#include "stage4_crop/track.h"
#include "stage4_crop/wishes.h"
#include "types.h"

namespace smartcrop {

// Chooses the window's size for each shot (shape.h). Then chooses, along each axis, the sequence of
// places with the best score (track.h) over what is in view: the look-ahead, or the whole shot. The
// window goes to another subject if that one wins clearly and for long. Two subjects are never
// averaged.
class Chooser {
 public:
  Chooser(const Geometry& geometry, const Options& options);

  // Evidence of a frame, in order, with its shot.
  void push(const Evidence& evidence, const ShotMark& mark);
  // A frame at which the window may jump; its evidence follows.
  void start_shot();
  // The target of a frame, then the targets of the later analysed frames of its shot that are
  // known. Frames come in order, each with its own mark.
  std::vector<Target> choose(int64_t frame, double time_s, const ShotMark& mark);
  void set_options(const Options& options);
  // What a person asks of the shots that are still to be chosen for.
  void set_wishes(const Wishes& wishes);
  void reset();

 private:
  // The frames between two jumps.
  struct Segment {
    std::deque<Sample> samples;
    std::optional<ShotShape> shape;
    std::optional<AxisTrack> x, y;  // once there is a shape
    int32_t shot = -1;
    std::optional<ShotEnds> ends;  // of this shot, where its wish needs them
    MotionKind motion;             // of the targets of this shot
    MapMemory memory;              // of the maps that were pushed
    Lock lock;                     // the subject that is gone after
  };

  void begin_shot(Segment* segment, int32_t number);
  static const ShotEnds* ends_of(const Segment& segment) {
    return segment.ends ? &*segment.ends : nullptr;
  }
  void prepare(Segment* segment) const;
  void find_lock(Segment* segment) const;
  void find_ends(Segment* segment) const;
  bool advance(Segment* segment, double time_s) const;
  Target target_at(const Segment& segment, size_t sample) const;
  Target wished_at(const Segment& segment, size_t sample) const;
  Target target_now(const Segment& segment, double time_s) const;
  std::vector<Target> track_of(const Segment& segment, double time_s) const;
  void name_strategy(Segment* segment, Target* target) const;

  Geometry geometry_;
  Options options_;
  Options shot_options_;  // with the strategy that is asked of the shot being chosen for
  Wishes wishes_;
  float power_;  // maps are raised to it
  std::deque<Segment> segments_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_CHOOSE_H_
