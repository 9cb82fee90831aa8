// SPDX-License-Identifier: MIT
// Evidence from a trained network.
#ifndef SMARTCROP_STAGE2_EVIDENCE_NETWORK_H_
#define SMARTCROP_STAGE2_EVIDENCE_NETWORK_H_

#include <memory>

#include "log.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/heatmap.h"
#include "stage2_evidence/model.h"

namespace smartcrop {

// Where the picture lies in the network's input: all of it, or with ModelFit::kPad the largest part
// of the stream's display shape, in the middle.
struct Placement {
  int x = 0;
  int y = 0;
  Size size;
};
Placement place_picture(const smartcrop_stream& stream, Size input, ModelFit fit);

// Runs the model on each frame to analyse, on a picture of its input size made from the full-size
// frame. A failed inference gives no map: with strict it throws, else it is logged once per run of
// failures and Evidence::fallback is set on a uniform map of confidence 0.
class NetworkSource : public EvidenceSource {
 public:
  NetworkSource(const smartcrop_stream& stream, Size grid, std::unique_ptr<Model> model,
                bool strict, Log log);
  void reset() override;

 protected:
  void do_observe(const Observation& observation, std::vector<Evidence>* out) override;

 private:
  HeatMap look(const smartcrop_frame& picture);

  std::unique_ptr<Model> model_;
  Placement placement_;
  ProxyMaker maker_;
  Proxy picture_;  // of the placement's size
  Proxy input_;    // of the input's size, where that is another
  bool strict_;
  bool failing_ = false;
  Log log_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_NETWORK_H_
