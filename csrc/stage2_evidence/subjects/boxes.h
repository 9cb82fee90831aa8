// SPDX-License-Identifier: MIT
// Regions from a detector: faces, persons, whatever a network of kind boxes was trained on.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOXES_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOXES_H_

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "beat.h"
#include "inference/inference_guard.h"
#include "inference/model.h"
#include "log.h"
#include "stage1_proxy/network_picture.h"
#include "stage2_evidence/source.h"
#include "stage2_evidence/subjects/box_tracker.h"
#include "stage2_evidence/subjects/owners.h"
#include "stage2_evidence/subjects/recognition.h"

namespace smartcrop {

// How often it looks, at most. Boxes are followed from look to look, for which they may not move
// far.
constexpr double kBoxesPeriod_s = 0.25;

// Runs the detector once a period and at the first frame after a reset; in between, its tracks move
// on, and with the camera. A region's weight is the format's times the score. Where inference fails
// (inference_guard.h), the tracks serve as long as they would unseen.
class BoxesSource : public Source {
 public:
  struct Settings {
    bool required = false;  // whatever the file says
    bool strict = false;
    std::string prefer = "";  // names of classes; the others' subjects are worth less to choose
    // How the camera moved, as another source found with this same frame.
    std::function<std::optional<CameraStep>()> camera = nullptr;
  };
  // Throws Error(ERROR_OPTION) where a class is preferred that the network does not find.
  BoxesSource(const smartcrop_stream& stream, std::unique_ptr<BoxModel> model, Settings settings,
              Log log);
  Findings observe(const Observation& observation) override;
  void reset(Reset reset) override;

  // What it knew at the last frame that was analysed.
  const std::vector<Subject>& known() const { return known_; }
  // A look at a part of the frame, in its pixels. Boxes are in shares of the whole picture, strong
  // ones only, and nobody follows them.
  std::vector<Subject> look_at(Pictures* pictures, const Window& part);

 private:
  std::vector<Subject> look(Pictures* pictures);
  void follow_camera();
  bool is_preferred(int label) const;
  std::vector<Subject> named(double time_s) const;

  std::unique_ptr<BoxModel> model_;
  NetworkPicture picture_;
  BoxTracker tracker_;
  Recognition recognition_;
  Owners owners_;
  Beat beat_{kBoxesPeriod_s};
  Settings settings_;
  std::vector<int> preferred_;  // classes; empty: none is
  InferenceGuard guard_;
  Size stream_picture_;
  std::vector<Subject> known_;
};

// The preference of a subject whose class is not among those that are preferred.
constexpr float kOtherPreference = 0.25F;

// The source for the network that the options name; "auto" is the built-in one. Where there is no
// runtime to run it: with strict throws RuntimeMissing, else says so in one line, which is a
// warning unless it is "auto", and gives nullptr. What is wrong with a file itself is always an
// error.
std::unique_ptr<BoxesSource> open_boxes(const smartcrop_stream& stream, const ModelOptions& options,
                                        BoxesSource::Settings settings, const Log& log);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOXES_H_
