// SPDX-License-Identifier: MIT
// The subject that a person asked to follow, found in every frame.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_FOLLOW_SOURCE_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_FOLLOW_SOURCE_H_

#include <functional>
#include <memory>
#include <vector>

#include "follow_wish.h"
#include "inference/inference_guard.h"
#include "inference/model.h"
#include "log.h"
#include "stage2_evidence/source.h"
#include "stage2_evidence/subjects/object_follower.h"

namespace smartcrop {

// What the detector knows, where there is one.
struct Detections {
  // The subjects of this same frame, with their ids.
  std::function<std::vector<Subject>()> now = nullptr;
  // A look at a part of the frame, in its pixels; boxes in shares of the whole picture.
  std::function<std::vector<Subject>(Pictures*, const Window&)> in_part = nullptr;
};

// At the time of a wish it takes the box that is meant (point_to_box.h), and follows it with the
// tracker. Where the tracker loses it, it waits, looks wider, and asks the detector; a subject that
// the detector sees as the same one corrects the tracker. After a cut it takes the subject that has
// the same id, or looks for it among those that the detector finds.
class FollowSource : public Source {
 public:
  struct Settings {
    Size picture;
    std::vector<FollowWish> wishes;
    Detections detections;
    bool strict = false;
  };
  FollowSource(std::shared_ptr<TrackerModel> model, Settings settings, const Log& log);

  // The first frame of each wish.
  bool wants(const Observation& observation) override;
  Findings observe(const Observation& observation) override;
  void reset(Reset reset) override;

  // From the next frame on; see smartcrop_follow().
  void ask(std::vector<FollowWish> wishes);
  // See observer.h.
  std::string not_met() const;
  // A person asked for a subject, now.
  bool is_asked() const { return wish_ != nullptr && wish_->kind != FollowWish::Kind::kAuto; }

 private:
  const FollowWish* wish_of(const Observation& observation);
  void begin(const Observation& observation);
  void go_on(const Observation& observation);
  void find_id(const Observation& observation);
  void find_again(const Observation& observation);
  void learn_partner(const std::vector<Subject>& found);
  const Subject* partner_in(const std::vector<Subject>& found) const;
  std::vector<Subject> found_now() const;

  std::shared_ptr<TrackerModel> model_;
  Settings settings_;
  InferenceGuard guard_;
  ObjectFollower follower_;
  const FollowWish* wish_ = nullptr;  // that counts now
  bool met_ = false;                  // its subject was seen
  double first_s_ = 0;                // time of the first frame
  double length_s_ = 0;               // from there to the last one
  double met_s_ = 0;                  // when the subject was last seen
  // The detector's own name for the subject, while the two agree.
  int64_t partner_ = -1;
  int agreed_ = 0, doubted_ = 0;  // looks
  Subject subject_;               // as the detector has it
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_FOLLOW_SOURCE_H_
