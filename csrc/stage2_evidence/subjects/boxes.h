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
    // How the camera moved, as another source found with this same frame.
    std::function<std::optional<CameraStep>()> camera = nullptr;
  };
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

  std::unique_ptr<BoxModel> model_;
  NetworkPicture picture_;
  BoxTracker tracker_;
  Beat beat_{kBoxesPeriod_s};
  Settings settings_;
  InferenceGuard guard_;
  Size stream_picture_;
  std::vector<Subject> known_;
};

// The source for a detector's file. Where there is no runtime to run it: with strict throws
// RuntimeMissing, else says so in one warning and gives nullptr. What is wrong with the file itself
// is always an error.
std::unique_ptr<BoxesSource> open_boxes(const smartcrop_stream& stream, const ModelOptions& options,
                                        BoxesSource::Settings settings, const Log& log);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_BOXES_H_
