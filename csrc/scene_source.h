// SPDX-License-Identifier: MIT
// Scenes that were observed before: those of an analysis file, or those that a plan's points make.
#ifndef SMARTCROP_SCENE_SOURCE_H_
#define SMARTCROP_SCENE_SOURCE_H_

#include <cstdint>
#include <vector>

#include "types.h"

namespace smartcrop {

class SceneSource {
 public:
  virtual ~SceneSource() = default;
  // The next frame, with the marks that became known with it; false at the end.
  virtual bool next(Scene* scene, int64_t* pts) = 0;
  // The marks up to this frame, one of those given.
  virtual std::vector<ShotMark> mark_through(int64_t frame) = 0;
  // Back to the first frame.
  virtual void rewind() = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_SCENE_SOURCE_H_
