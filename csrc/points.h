// SPDX-License-Identifier: MIT
// Points of a plan to scenes: what can be known of a video when no analysis of it is left.
#ifndef SMARTCROP_POINTS_H_
#define SMARTCROP_POINTS_H_

#include <cstddef>
#include <vector>

#include "beat.h"
#include "options.h"
#include "scene_source.h"

namespace smartcrop {

// The evidence of a point is a small round spot where the centre of the window was wanted, and a
// box of no weight that says how far to zoom. As many points are analysed as analysis_fps asks for,
// and the first of each shot.
class PointScenes : public SceneSource {
 public:
  // Throws Error(ERROR_ARGUMENT) for points that cannot be. Times are as the points have them.
  PointScenes(const Options& options, Size picture, std::vector<smartcrop_point> points);

  bool next(Scene* scene, int64_t* pts) override;
  // Each mark is given with its frame, so none is left to ask for.
  std::vector<ShotMark> mark_through(int64_t frame) override;
  void rewind() override;
  // A point is in this shot.
  bool has_shot(int32_t shot) const;

 private:
  Size picture_;
  std::vector<smartcrop_point> points_;
  Beat beat_;
  size_t at_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_POINTS_H_
