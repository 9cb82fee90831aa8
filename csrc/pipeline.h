// SPDX-License-Identifier: MIT
// The order of the stages: proxy -> evidence -> shots, which is the observer, then crop -> path,
// which is the director. (Rendering a window is the host's own wish, see session.h.)
#ifndef SMARTCROP_PIPELINE_H_
#define SMARTCROP_PIPELINE_H_

#include <vector>

#include "director.h"
#include "geometry.h"
#include "log.h"
#include "observer.h"
#include "options.h"

namespace smartcrop {

// Sees every frame once, in order, and decides each one later, in order: what was observed by then
// is what the decision knows.
class Pipeline {
 public:
  Pipeline(const Options& options, const smartcrop_stream& stream, const Geometry& geometry,
           const Log& log);

  void observe(const smartcrop_frame& picture, int64_t frame, double time_s);
  // Of the oldest frame that is not decided yet: see director.h.
  bool shot_is_complete() const { return director_.shot_is_complete(); }
  Target decide();
  // Of the frame decided last: see director.h.
  HeatMap map() const { return director_.map(); }
  std::vector<RegionOfInterest> regions() const { return director_.regions(); }

  void set_options(const Options& options);
  void reset();

 private:
  Observer observer_;
  Director director_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PIPELINE_H_
