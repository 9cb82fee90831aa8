// SPDX-License-Identifier: MIT
// Subjects that networks find and follow: the detector, whom a person asked for, and the leader.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_SUBJECTS_SOURCE_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_SUBJECTS_SOURCE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "follow_wish.h"
#include "log.h"
#include "options.h"
#include "stage2_evidence/source.h"
#include "stage2_evidence/subjects/boxes.h"
#include "stage2_evidence/subjects/carrier.h"
#include "stage2_evidence/subjects/follow_source.h"

namespace smartcrop {

// What is asked for by an option is opened with the run. The rest is opened when somebody is first
// to be followed; until then it costs nothing.
class SubjectsSource : public Source {
 public:
  // What other sources found with this same frame.
  struct Known {
    std::function<std::optional<CameraStep>()> camera;
    std::function<const HeatMap*()> map;
  };
  SubjectsSource(const Options& options, const smartcrop_stream& stream, Known known,
                 const Log& log);

  bool wants(const Observation& observation) override;
  Findings observe(const Observation& observation) override;
  void reset(Reset reset) override;

  // Follows another subject from the next frame on. Where a network cannot be opened for it this
  // throws as an option does, and nothing has changed.
  void follow(std::vector<FollowWish> wishes);
  // See observer.h.
  std::string not_met() const { return follow_ == nullptr ? "" : follow_->not_met(); }

 private:
  void open_detector();
  void open_tracker();
  void open_follow(std::vector<FollowWish> wishes);
  void open_carrier();
  template <typename Call>
  void each(const Call& call) const;

  Options options_;
  smartcrop_stream stream_;
  Known known_;
  Log log_;
  std::shared_ptr<TrackerModel> tracker_;
  std::unique_ptr<BoxesSource> boxes_;  // these three: nullptr where nobody needs them
  std::unique_ptr<FollowSource> follow_;
  std::unique_ptr<Carrier> carrier_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_SUBJECTS_SOURCE_H_
