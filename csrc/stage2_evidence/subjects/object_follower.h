// SPDX-License-Identifier: MIT
// One subject, whatever it is, found again from frame to frame by a network of kind tracker.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_OBJECT_FOLLOWER_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_OBJECT_FOLLOWER_H_

#include <vector>

#include "inference/model.h"
#include "stage1_proxy/pictures.h"
#include "types.h"

namespace smartcrop {

// A siamese tracker's loop, as Li et al., "High performance visual tracking with siamese region
// proposal network" (CVPR 2018) has it: the network looks around where the subject was; changes of
// size and shape and far moves cost, and the size follows slowly. What is shown once is kept as it
// was shown.
class ObjectFollower {
 public:
  // The model is borrowed. picture: its size in pixels.
  ObjectFollower(TrackerModel* model, Size picture) : model_(model), picture_(picture) {}

  // Shows it the subject. Throws Error(ERROR_MODEL) when inference fails; then it follows nothing.
  void start(Pictures* pictures, const Box& box);
  void stop() { following_ = false; }
  bool following() const { return following_; }

  // The subject is somewhere else: look() finds it there, or nothing.
  void move_to(const Box& box);
  // It may be anywhere.
  void lose();
  // How much what is in the box looks like the subject, 0 to 1. Throws as start() does.
  double likeness(Pictures* pictures, const Box& box) const;

  // Looks for the subject in the next frame. Throws as start() does; then nothing has changed.
  void look(Pictures* pictures);
  // Looks for it, while it is astray, in another part of the picture each time; first where it was.
  // Throws as start() does.
  void search(Pictures* pictures);

  // Where the subject is, or was when it was last seen, in shares of the picture.
  Box box() const;
  // How sure the last look was, 0 to 1.
  double score() const { return score_; }
  // The last looks did not see it.
  bool is_lost() const { return astray_ || missed_ >= kPatience; }
  // Nobody knows where to look, after a cut or when it was not seen for long.
  bool is_astray() const { return following_ && (astray_ || missed_ >= kLongAway); }

 private:
  static constexpr int kPatience = 5;   // looks
  static constexpr int kLongAway = 60;  // looks

  struct Find;

  void place(const Box& box);
  Find best_of(const TrackerAnswer& answer, double widened, bool near) const;
  bool take_from(Pictures* pictures, const Window& part, double widened, bool near, double enough);
  // The square around the subject that a picture of so many samples a side shows, in pixels.
  Window around(int samples, double widened) const;

  TrackerModel* model_;
  Size picture_;
  TrackerMemory memory_;
  bool following_ = false;
  double x_ = 0, y_ = 0, width_ = 0, height_ = 0;  // centre and sides, in pixels
  double score_ = 0;
  int missed_ = 0;  // looks in a row
  bool astray_ = false;
  int searched_ = 0;  // parts of the picture, while it is
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_OBJECT_FOLLOWER_H_
