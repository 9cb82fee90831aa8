// SPDX-License-Identifier: MIT
// The option follow over scenes that were observed before: a subject that is already in them.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_ASKED_SUBJECT_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_ASKED_SUBJECT_H_

#include <string>
#include <vector>

#include "follow_wish.h"
#include "types.h"

namespace smartcrop {

// No frame is at hand, so a point or a box means a subject that some source found there; where
// there is none, nobody is followed. Without a wish the scenes stay as they are.
class AskedSubject {
 public:
  explicit AskedSubject(const std::string& follow) : wishes_(parse_follow(follow)) {}

  // Marks the subject in the scenes, in order.
  void mark(Scene* scene);
  void reset();

 private:
  void choose(const Evidence& evidence);

  std::vector<FollowWish> wishes_;
  const FollowWish* wish_ = nullptr;  // that counts now
  bool chosen_ = false;               // whom it means is known
  bool as_seen_ = false;              // it is the one that the observer followed
  int64_t id_ = -1;
  bool started_ = false;
  double first_s_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_ASKED_SUBJECT_H_
