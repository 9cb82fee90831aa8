// SPDX-License-Identifier: MIT
// The subject that most is looked at, found where the detector misses it.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_CARRIER_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_CARRIER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "inference/inference_guard.h"
#include "inference/model.h"
#include "log.h"
#include "stage2_evidence/source.h"
#include "stage2_evidence/subjects/object_follower.h"

namespace smartcrop {

// A detector looks a few times a second and misses some; between its looks boxes go on as they
// went. The tracker finds the leading subject in each frame that is analysed, under the id that the
// detector gave it. The leader is whom the crop stage is likeliest to choose (stage4_crop/lock.h):
// who holds most of the map, its size aside.
class Carrier : public Source {
 public:
  struct Settings {
    Size picture;
    // The detector's subjects of this same frame.
    std::function<std::vector<Subject>()> found;
    // Where viewers look in it; nullptr: nobody knows.
    std::function<const HeatMap*()> map;
    // A person asked for a subject, and it is followed.
    std::function<bool()> is_asked = [] { return false; };
    bool strict = false;
  };
  Carrier(std::shared_ptr<TrackerModel> model, Settings settings, const Log& log);
  Findings observe(const Observation& observation) override;
  void reset(Reset reset) override;

 private:
  // How well a subject stands, of late.
  struct Standing {
    double worth = 0;
    double seen_s = 0;
  };

  void weigh(const std::vector<Subject>& found, double time_s);
  const Subject* leader_of(const std::vector<Subject>& found) const;
  void carry(const Observation& observation, const std::vector<Subject>& found);

  std::shared_ptr<TrackerModel> model_;
  Settings settings_;
  InferenceGuard guard_;
  ObjectFollower follower_;
  std::map<int64_t, Standing> standings_;
  std::optional<Subject> leader_;  // as the detector had it last
  int apart_ = 0;                  // looks at which the two did not agree
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_CARRIER_H_
