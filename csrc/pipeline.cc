// SPDX-License-Identifier: MIT
#include "pipeline.h"

#include <utility>

namespace smartcrop {

Pipeline::Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
                   const Log& log)
    : observer_(options, stream, log), director_(options, geometry) {}

Pipeline::Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
                   Observer::Sources sources)
    : observer_(options, stream, std::move(sources)), director_(options, geometry) {}

void Pipeline::observe(const smartcrop_frame& picture, int64_t frame, double time_s) {
  take(observer_.observe(picture, frame, time_s));
}

void Pipeline::finish() { take(observer_.finish()); }

void Pipeline::take(const std::vector<Scene>& scenes) {
  for (const Scene& scene : scenes) {
    director_.take(scene);
    known_s_ = scene.time_s;
  }
}

Target Pipeline::decide() {
  if (!director_.next_is_marked()) {
    director_.take(observer_.mark_through(director_.next_frame()));
  }
  return director_.decide();
}

// What the observer goes by is fixed when it is made.
void Pipeline::set_options(const Options& options) { director_.set_options(options); }

void Pipeline::reset() {
  observer_.reset();
  director_.reset();
  known_s_ = 0;
}

}  // namespace smartcrop
