// SPDX-License-Identifier: MIT
#include "observer.h"

#include <utility>

#include "error.h"
#include "map_bytes.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/borders/borders.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/maps/network.h"
#include "stage2_evidence/maps/training_free.h"
#include "stage2_evidence/subjects/caller_boxes.h"
#include "stage2_evidence/subjects/hint_boxes.h"
#include "stage2_evidence/text/text_bands.h"

namespace smartcrop {

// Every kind of evidence, a line or two each. The order is the order of the subjects; what tells
// the camera and the map comes before who asks for them.
Observer::Told Observer::make_sources(const Options& options, const smartcrop_stream& stream,
                                      const Log& log) {
  const Size picture{stream.width, stream.height}, grid = evidence_grid(proxy_size(stream));
  Sources sources;
  std::function<const HeatMap*()> map = []() -> const HeatMap* { return nullptr; };
  const auto add = [&sources](std::unique_ptr<Source> source) {
    if (source != nullptr) sources.push_back(std::move(source));
  };
  auto training_free = std::make_unique<TrainingFreeSource>(grid, picture, options.motion);
  const auto camera = [&known = *training_free] { return known.camera_step(); };
  add(std::move(training_free));
  if (options.model != "none") {
    const ModelOptions model{options.model, options.device, options.threads};
    auto network = open_network(stream, grid, model, options.strict, log);
    map = [known = network.get()] { return known == nullptr ? nullptr : known->known(); };
    add(std::move(network));
  }
  add(std::make_unique<CallerBoxes>(picture));
  if (!options.hints.empty()) {
    add(std::make_unique<HintBoxes>(read_hints(options.hints, picture)));
  }
  auto subjects =
      std::make_unique<SubjectsSource>(options, stream, SubjectsSource::Known{camera, map}, log);
  SubjectsSource* const told = subjects.get();
  add(std::move(subjects));
  if (options.borders == BordersUse::kAuto) add(std::make_unique<Borders>(stream));
  if (options.text_weight > 0) add(std::make_unique<TextBands>(stream, options.text_weight));
  for (const auto& source : sources) {
    if (source->delay() <= kLargestSourceDelay) continue;
    throw Error(SMARTCROP_ERROR_INTERNAL, "a source is slower than the declared delay");
  }
  return {std::move(sources), told};
}

Observer::Observer(const Options& options, const smartcrop_stream& stream, const Log& log)
    : Observer(options, stream, make_sources(options, stream, log)) {}

Observer::Observer(const Options& options, const smartcrop_stream& stream, Told told)
    : Observer(options, stream, std::move(told.sources)) {
  subjects_ = told.subjects;
}

Observer::Observer(const Options& options, const smartcrop_stream& stream, Sources sources)
    : Observer(options, stream, std::move(sources), open_frames(stream)) {}

Observer::Observer(const Options& options, const smartcrop_stream& stream, Sources sources,
                   std::unique_ptr<FrameReader> frames)
    : frames_(std::move(frames)),
      aligner_(evidence_grid(proxy_size(stream)), std::move(sources)),
      shots_({options.cut_threshold, options.min_shot, options.lookahead}),
      beat_(1 / options.analysis_fps) {}

std::vector<Scene> Observer::observe(const smartcrop_frame& picture, int64_t frame, double time_s) {
  frames_->show(picture);
  Observation observation{frame,         time_s, &frames_->proxy(),
                          frames_.get(), false,  side_data_of(picture)};
  const bool may_be_cut = shots_.push(cut_score_.observe(observation));
  if (may_be_cut) {
    beat_.reset();
    aligner_.reset(Reset::kCut);
  }
  const bool due = beat_.strikes(time_s), wanted = aligner_.wants(observation);
  observation.analyse = due || wanted;
  aligner_.observe(observation);
  return scenes();
}

std::vector<Scene> Observer::finish() {
  aligner_.finish();
  return scenes();
}

// Marks go with the last scene that is complete, for nobody can use them before their frames.
std::vector<Scene> Observer::scenes() {
  std::vector<Scene> scenes;
  for (const AlignedFrame& frame : aligner_.take()) {
    Scene scene{frame.frame, frame.time_s, frame.analysed, {}, {}};
    if (frame.analysed) {
      scene.evidence = evidence_of(frame);
      round_to_bytes(&scene.evidence.map);
    }
    scenes.push_back(std::move(scene));
    complete_ = frame.frame;
  }
  if (!scenes.empty()) scenes.back().marks = marks();
  return scenes;
}

std::vector<ShotMark> Observer::marks() {
  ShotMark mark;
  while (shots_.pop(&mark)) marks_.push_back(mark);
  std::vector<ShotMark> marks;
  while (!marks_.empty() && marks_.front().frame <= complete_) {
    marks.push_back(marks_.front());
    marks_.pop_front();
  }
  return marks;
}

std::vector<ShotMark> Observer::mark_through(int64_t frame) {
  shots_.decide_through(frame);
  return marks();
}

void Observer::follow(const std::vector<FollowWish>& wishes) {
  if (subjects_ == nullptr) {
    throw Error(SMARTCROP_ERROR_INTERNAL, "the sources of this run can follow nobody");
  }
  subjects_->follow(wishes);
}

std::string Observer::not_met() const { return subjects_ == nullptr ? "" : subjects_->not_met(); }

void Observer::reset() {
  cut_score_.reset();
  aligner_.reset(Reset::kSeek);
  shots_.reset();
  beat_.reset();
  marks_.clear();
  complete_ = -1;
}

}  // namespace smartcrop
