// SPDX-License-Identifier: MIT
// Motion vectors with known answers.
#ifndef SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_MOTION_VECTOR_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_MOTION_VECTOR_FIXTURE_H_

#include <functional>
#include <vector>

#include "stage1_proxy/pictures.h"

namespace smartcrop::vectors {

inline constexpr Size kPicture = {640, 360};
using List = std::vector<smartcrop_motion_vector>;

struct Motion {
  float dx, dy;
};
// What the content of the block at (x, y), pixels from the top left, moves by in one frame.
using Field = std::function<Motion(float x, float y)>;

// Blocks of 16 x 16 that point `frames` back, or forward where it is negative, as FFmpeg exports
// them: without saying how far.
inline List blocks(const Field& field, int frames) {
  List list;
  for (float y = 8; y < static_cast<float>(kPicture.height); y += 16) {
    for (float x = 8; x < static_cast<float>(kPicture.width); x += 16) {
      const Motion motion = field(x, y);
      const auto n = static_cast<float>(frames);
      list.push_back({x, y, 16, 16, n * motion.dx, n * motion.dy, frames > 0 ? -1 : 1, 0});
    }
  }
  return list;
}

inline smartcrop_frame frame_of(const List& list, bool bidirectional = false) {
  smartcrop_frame frame{};
  frame.struct_size = sizeof frame;
  frame.flags = bidirectional ? SMARTCROP_FRAME_BIDIRECTIONAL : 0;
  frame.motion_vectors = list.data();
  frame.motion_vector_size = sizeof(smartcrop_motion_vector);
  frame.motion_vector_count = static_cast<int32_t>(list.size());
  return frame;
}

inline SideData side_of(const List& list, bool bidirectional = false) {
  return side_data_of(frame_of(list, bidirectional));
}

// A camera that moves by `camera`, and a square of 96 pixels whose top left is at (left, top) and
// that moves by `own`.
inline Field square(float left, float top, Motion camera, Motion own) {
  return [=](float x, float y) {
    const bool inside = x >= left && x < left + 96 && y >= top && y < top + 96;
    return inside ? own : camera;
  };
}

}  // namespace smartcrop::vectors

#endif  // SMARTCROP_TESTS_UNIT_STAGE2_EVIDENCE_MOTION_VECTOR_FIXTURE_H_
