// SPDX-License-Identifier: MIT
// Stages 4 and 5: scenes and a person's wishes in, windows out. Nothing here sees a picture.
#ifndef SMARTCROP_DIRECTOR_H_
#define SMARTCROP_DIRECTOR_H_

#include <deque>
#include <vector>

#include "geometry.h"
#include "options.h"
#include "stage4_crop/choose.h"
#include "stage5_path/path.h"
#include "types.h"

namespace smartcrop {

// Is given the scene of every frame once, in order, and decides each frame later, in order.
class Director {
 public:
  Director(const Options& options, const Geometry& geometry);

  void take(const Scene& scene);
  // Marks of frames that were taken without theirs.
  void take(const std::vector<ShotMark>& marks);

  // A frame was taken and not decided.
  bool has_frame() const { return !waiting_.empty(); }
  // Of the oldest such frame: its number, whether its shot is known, and whether nothing that is
  // still to come belongs to that shot.
  int64_t next_frame() const { return waiting_.front().frame; }
  bool next_is_marked() const { return waiting_.front().marked; }
  bool shot_is_complete() const;
  // The centre of its window. Its shot has to be known.
  Target decide();
  // The evidence around the frame decided last, interpolated; empty where there is none.
  HeatMap map() const;
  // What was known there that should be seen whole.
  std::vector<Subject> regions() const;

  void set_options(const Options& options);
  void set_wishes(const Wishes& wishes) { chooser_.set_wishes(wishes); }
  void reset();

 private:
  // A frame between take() and decide().
  struct Waiting {
    int64_t frame = 0;
    double time_s = 0;
    bool marked = false;
    ShotMark mark;
  };

  void hand_over(const ShotMark& mark);

  Chooser chooser_;
  Path path_;
  std::deque<Waiting> waiting_;
  std::deque<Evidence> unmarked_;  // of frames whose shot is not known yet
  std::deque<Evidence> shown_;     // around the frames that wait, for map()
  double decided_s_ = 0;
  int32_t newest_shot_ = -1;  // of the marks so far
};

}  // namespace smartcrop

#endif  // SMARTCROP_DIRECTOR_H_
