// SPDX-License-Identifier: MIT
// Evidence from a trained network.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MAPS_NETWORK_H_
#define SMARTCROP_STAGE2_EVIDENCE_MAPS_NETWORK_H_

#include <memory>

#include "beat.h"
#include "inference/heatmap.h"
#include "inference/inference_guard.h"
#include "inference/model.h"
#include "log.h"
#include "stage1_proxy/network_picture.h"
#include "stage2_evidence/source.h"

namespace smartcrop {

// How often it looks, at most. Inference is the dearest part of the analysis, and an answer of a
// third of a second ago is near enough: the window moves slowly, and what has moved since is in the
// training-free map of each analysed frame.
constexpr double kNetworkPeriod_s = 1.0 / 3;

// Runs the model on a picture of its input size made from the full-size frame, once a period and at
// the first frame after a reset; the frames to analyse in between get the last map again. A failed
// inference gives no map until the next look: see inference_guard.h.
class NetworkSource : public Source {
 public:
  NetworkSource(const smartcrop_stream& stream, Size grid, std::unique_ptr<Model> model,
                bool strict, Log log);
  Findings observe(const Observation& observation) override;
  void reset(Reset) override;
  // The map of the last look; nullptr: it failed.
  const HeatMap* known() const { return last_.map ? &*last_.map : nullptr; }

 private:
  HeatMap look(Pictures* pictures);

  Size grid_;
  std::unique_ptr<Model> model_;
  NetworkPicture picture_;
  InferenceGuard guard_;
  Beat beat_{kNetworkPeriod_s};
  Findings last_;  // since the reset
};

// The source for a model, to be run on this stream. Where there is no runtime to run it: with
// strict throws RuntimeMissing, else says so in one warning and gives nullptr, for the
// training-free map can serve alone. What is wrong with the model itself is always an error.
std::unique_ptr<NetworkSource> open_network(const smartcrop_stream& stream, Size grid,
                                            const ModelOptions& options, bool strict,
                                            const Log& log);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MAPS_NETWORK_H_
