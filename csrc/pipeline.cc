// SPDX-License-Identifier: MIT
#include "pipeline.h"

namespace smartcrop {

Pipeline::Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
                   const Log& log)
    : observer_(options, stream, log), director_(options, geometry) {}

void Pipeline::observe(const smartcrop_frame& picture, int64_t frame, double time_s) {
  director_.take(observer_.observe(picture, frame, time_s));
}

Target Pipeline::decide() {
  if (!director_.next_is_marked()) {
    director_.take(observer_.mark_through(director_.next_frame()));
  }
  return director_.decide();
}

void Pipeline::set_options(const Options& options) {
  observer_.set_options(options);
  director_.set_options(options);
}

void Pipeline::reset() {
  observer_.reset();
  director_.reset();
}

}  // namespace smartcrop
