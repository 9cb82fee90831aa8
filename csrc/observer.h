// SPDX-License-Identifier: MIT
// Stages 1 to 3: frames in, scenes out. Nothing here knows what a viewer wishes to see.
#ifndef SMARTCROP_OBSERVER_H_
#define SMARTCROP_OBSERVER_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "beat.h"
#include "log.h"
#include "options.h"
#include "stage1_proxy/pictures.h"
#include "stage2_evidence/aligner.h"
#include "stage2_evidence/cuts/cut_score.h"
#include "stage2_evidence/subjects/subjects_source.h"
#include "stage3_shots/shots.h"

namespace smartcrop {

class Observer {
 public:
  using Sources = std::vector<std::unique_ptr<Source>>;

  // With the sources that the options ask for.
  Observer(const Options& options, const smartcrop_stream& stream, const Log& log);
  // With these; their maps are on the grid of the stream's proxy.
  Observer(const Options& options, const smartcrop_stream& stream, Sources sources);
  // With another reader of frames, too.
  Observer(const Options& options, const smartcrop_stream& stream, Sources sources,
           std::unique_ptr<FrameReader> frames);

  // Sees every frame once, in order. Answers the scenes that are complete, in order: with a delay
  // of the slowest source, in frames, and all that are open at a cut.
  std::vector<Scene> observe(const smartcrop_frame& picture, int64_t frame, double time_s);
  // The scenes that are still open at the end of the stream.
  std::vector<Scene> finish();
  // Marks every frame up to this one now, as if nothing came after the last one observed. Its scene
  // has to be complete.
  std::vector<ShotMark> mark_through(int64_t frame);

  // Follows another subject from the next frame on; see SubjectsSource::follow().
  void follow(const std::vector<FollowWish>& wishes);

  // Why nobody was followed so far who was asked for, in a sentence; empty: no such thing.
  std::string not_met() const;

  void reset();

 private:
  // The sources, and one of them that can be told whom to follow; nullptr: none.
  struct Told {
    Sources sources;
    SubjectsSource* subjects = nullptr;
  };
  Observer(const Options& options, const smartcrop_stream& stream, Told told);
  static Told make_sources(const Options& options, const smartcrop_stream& stream, const Log& log);
  std::vector<Scene> scenes();
  std::vector<ShotMark> marks();

  std::unique_ptr<FrameReader> frames_;
  // No Source: whether a frame begins a shot has to be known before the sources see that frame.
  CutScore cut_score_;
  Aligner aligner_;
  ShotDetector shots_;
  std::deque<ShotMark> marks_;          // that no scene was given
  SubjectsSource* subjects_ = nullptr;  // one of the aligner's
  int64_t complete_ = -1;               // the last frame whose scene is
  Beat beat_;                           // of the evidence maps
};

}  // namespace smartcrop

#endif  // SMARTCROP_OBSERVER_H_
