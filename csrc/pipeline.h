// SPDX-License-Identifier: MIT
// The order of the stages: proxy -> evidence -> shots, which is the observer, then crop -> path,
// which is the director. Scenes that were observed before may stand in for the observer. (Rendering
// a window is the host's own wish, see session.h.)
#ifndef SMARTCROP_PIPELINE_H_
#define SMARTCROP_PIPELINE_H_

#include <deque>
#include <memory>
#include <vector>

#include "director.h"
#include "geometry.h"
#include "log.h"
#include "observer.h"
#include "options.h"
#include "plan/analysis_writer.h"
#include "scene_source.h"
#include "stage2_evidence/subjects/asked_subject.h"

namespace smartcrop {

// Sees every frame once, in order, and decides each one later, in order: what was observed by then
// is what the decision knows.
class Pipeline {
 public:
  Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
           const Log& log);
  // With these sources instead of those that the options ask for.
  Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
           Observer::Sources sources);
  // Over scenes that were observed before; of an analysis, options_to_solve() merged the options.
  Pipeline(const Options& options, const Geometry& geometry, std::unique_ptr<SceneSource> observed);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void observe(const smartcrop_frame& picture, int64_t frame, double time_s);
  // The next of these scenes, in place of observe(); false at their end.
  bool recall(int64_t* frame, int64_t* pts, double* time_s);
  // After the last frame, before the rest is decided.
  void finish();
  // The time of the newest frame of which everything is known that sources find: the newest that
  // was observed, or, where sources answer late, one before it.
  double known_s() const { return known_s_; }
  // Everything is known of a frame that is not decided yet.
  bool has_frame() const { return director_.has_frame(); }
  // Of the oldest such frame: see director.h.
  bool shot_is_complete() const { return director_.shot_is_complete(); }
  Target decide();
  // Of the frame decided last: see director.h.
  HeatMap map() const { return director_.map(); }
  std::vector<Subject> regions() const { return director_.regions(); }

  // Everything is decided: ends the file of the option keep.
  void end();
  void set_options(const Options& options);
  void set_wishes(const Wishes& wishes) { director_.set_wishes(wishes); }
  // See observer.h.
  void follow(const std::vector<FollowWish>& wishes);
  void reset();

 private:
  void take(const std::vector<Scene>& scenes);
  void take(const Scene& scene);
  std::vector<ShotMark> mark_through(int64_t frame);

  Log log_;
  std::unique_ptr<Observer> observer_;     // either this
  std::unique_ptr<AnalysisWriter> kept_;   // with what it saw
  std::unique_ptr<SceneSource> observed_;  // or that
  AskedSubject asked_{""};                 // over which a person asks for a subject
  std::deque<int64_t> pts_;                // of frames that were observed, without a scene yet
  Director director_;
  double known_s_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PIPELINE_H_
