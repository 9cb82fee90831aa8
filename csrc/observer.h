// SPDX-License-Identifier: MIT
// Stages 1 to 3: frames in, scenes out. Nothing here knows what a viewer wishes to see.
#ifndef SMARTCROP_OBSERVER_H_
#define SMARTCROP_OBSERVER_H_

#include <memory>
#include <vector>

#include "beat.h"
#include "log.h"
#include "options.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/borders/borders.h"
#include "stage2_evidence/cuts/cut_score.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/region_source.h"
#include "stage2_evidence/text/text_bands.h"
#include "stage3_shots/shots.h"

namespace smartcrop {

class Observer {
 public:
  Observer(const Options& options, const smartcrop_stream& stream, const Log& log);

  // Sees every frame once, in order.
  Scene observe(const smartcrop_frame& picture, int64_t frame, double time_s);
  // Marks every frame up to this one now, as if nothing came after the last one observed.
  std::vector<ShotMark> mark_through(int64_t frame);

  void set_options(const Options& options) { options_ = options; }
  void reset();

 private:
  void reset_sources();
  Evidence collect(const Observation& observation);
  std::vector<ShotMark> marks();

  Options options_;
  smartcrop_stream stream_;
  ProxyMaker proxy_maker_;
  Proxy proxy_;
  CutScore cut_score_;
  std::vector<std::unique_ptr<EvidenceSource>> sources_;
  std::vector<std::unique_ptr<RegionSource>> region_sources_;
  Borders borders_;
  TextBands text_;
  ShotDetector shots_;
  Beat beat_;  // of the evidence maps
};

}  // namespace smartcrop

#endif  // SMARTCROP_OBSERVER_H_
