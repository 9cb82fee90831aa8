// SPDX-License-Identifier: MIT
// The order of the stages: proxy -> evidence -> shots -> crop -> path. (Rendering a window is the
// host's own wish, see session.h.)
#ifndef SMARTCROP_PIPELINE_H_
#define SMARTCROP_PIPELINE_H_

#include <deque>
#include <memory>
#include <vector>

#include "beat.h"
#include "geometry.h"
#include "log.h"
#include "options.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/borders/borders.h"
#include "stage2_evidence/cuts/cut_score.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/region_source.h"
#include "stage2_evidence/text/text_bands.h"
#include "stage3_shots/shots.h"
#include "stage4_crop/choose.h"
#include "stage5_path/path.h"

namespace smartcrop {

// Sees every frame once, in order, and decides each one later, in order: what was observed by then
// is what the decision knows.
class Pipeline {
 public:
  Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
           const Log& log);

  void observe(const smartcrop_frame& picture, int64_t frame, double time_s);
  // True where nothing that is still to come belongs to the shot of the oldest undecided frame.
  bool shot_is_complete() const;
  // The centre of the window of the oldest frame that is not decided yet.
  Target decide();
  // The evidence around the frame decided last, interpolated; empty where there is none.
  HeatMap map() const;
  // What was known there that should be seen whole.
  std::vector<RegionOfInterest> regions() const;

  void set_options(const Options& options);
  void reset();

 private:
  // A frame between observe() and decide().
  struct Waiting {
    int64_t frame = 0;
    double time_s = 0;
    bool marked = false;
    ShotMark mark;
  };

  void collect(const Observation& observation);
  void take_marks();
  void hand_over(const ShotMark& mark);

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
  Chooser chooser_;
  Path path_;

  std::deque<Waiting> waiting_;
  std::deque<Evidence> unmarked_;  // of frames whose shot is not known yet
  std::deque<Evidence> shown_;     // around the frames that wait, for map()
  Beat beat_;                      // of the evidence maps
  double decided_s_ = 0;
  int32_t newest_shot_ = -1;  // of the marks so far
};

}  // namespace smartcrop

#endif  // SMARTCROP_PIPELINE_H_
