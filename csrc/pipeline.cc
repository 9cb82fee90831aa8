// SPDX-License-Identifier: MIT
#include "pipeline.h"

#include <string>
#include <utility>

#include "error.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/evidence.h"

namespace smartcrop {
namespace {

std::unique_ptr<AnalysisWriter> open_kept(const Options& options, const smartcrop_stream& stream) {
  if (options.keep.empty()) return nullptr;
  const AnalysisHeader header{stream, evidence_grid(proxy_size(stream)), options};
  return std::make_unique<AnalysisWriter>(options.keep, header);
}

}  // namespace

Pipeline::Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
                   const Log& log)
    : log_(log),
      observer_(std::make_unique<Observer>(options, stream, log)),
      kept_(open_kept(options, stream)),
      director_(options, geometry) {}

Pipeline::Pipeline(const Options& options, const Geometry& geometry,
                   std::unique_ptr<SceneSource> observed)
    : observed_(std::move(observed)), asked_(options.follow), director_(options, geometry) {}

Pipeline::~Pipeline() {
  try {
    end();
  } catch (const std::exception& error) {
    log_.warning(error.what());
  }
}

Pipeline::Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
                   Observer::Sources sources)
    : observer_(std::make_unique<Observer>(options, stream, std::move(sources))),
      director_(options, geometry) {}

void Pipeline::observe(const smartcrop_frame& picture, int64_t frame, double time_s) {
  pts_.push_back(picture.pts);
  take(observer_->observe(picture, frame, time_s));
}

void Pipeline::finish() {
  if (observer_ == nullptr) return;
  take(observer_->finish());
  const std::string missed = observer_->not_met();
  if (missed.empty()) return;
  log_.warning(missed);
}

void Pipeline::take(const std::vector<Scene>& scenes) {
  for (const Scene& scene : scenes) {
    if (kept_ != nullptr) kept_->write(scene, pts_.front());
    pts_.pop_front();
    take(scene);
  }
}

void Pipeline::take(const Scene& scene) {
  director_.take(scene);
  known_s_ = scene.time_s;
}

bool Pipeline::recall(int64_t* frame, int64_t* pts, double* time_s) {
  Scene scene;
  if (!observed_->next(&scene, pts)) return false;
  *frame = scene.frame;
  *time_s = scene.time_s;
  asked_.mark(&scene);
  take(scene);
  return true;
}

std::vector<ShotMark> Pipeline::mark_through(int64_t frame) {
  if (observed_ != nullptr) return observed_->mark_through(frame);
  const std::vector<ShotMark> marks = observer_->mark_through(frame);
  if (kept_ != nullptr) kept_->write(marks);
  return marks;
}

Target Pipeline::decide() {
  if (!director_.next_is_marked()) director_.take(mark_through(director_.next_frame()));
  return director_.decide();
}

// Frames that nobody waited for are marked as if they had been decided now.
void Pipeline::end() {
  if (kept_ == nullptr || kept_->ended()) return;
  mark_through(kept_->frames() - 1);
  kept_->end();
}

// What the observer goes by is fixed when it is made.
void Pipeline::set_options(const Options& options) { director_.set_options(options); }

void Pipeline::follow(const std::vector<FollowWish>& wishes) {
  if (observer_ == nullptr) {
    throw Error(SMARTCROP_ERROR_ARGUMENT,
                "a run over an analysis or points has no frames to follow a subject in");
  }
  observer_->follow(wishes);
}

// The file is that of the frames before until another frame comes.
void Pipeline::reset() {
  end();
  if (observer_ != nullptr) observer_->reset();
  if (observed_ != nullptr) observed_->rewind();
  asked_.reset();
  director_.reset();
  pts_.clear();
  known_s_ = 0;
}

}  // namespace smartcrop
