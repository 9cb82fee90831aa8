// SPDX-License-Identifier: MIT
// Motion vectors of a codec, checked and put in order.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_VECTORS_H_
#define SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_VECTORS_H_

#include <vector>

#include "types.h"

namespace smartcrop {

// A block and how far its content has come over a number of frames, in pixels of the picture. The
// place is the block's middle from the middle of the picture.
struct BlockMotion {
  float x = 0, y = 0;
  float width = 0, height = 0;
  float dx = 0, dy = 0;  // forward in time, whichever frame it was predicted from
};

// Blocks that were predicted from one side in time.
struct MotionField {
  std::vector<BlockMotion> blocks;
  int frames = 1;       // how many lie between this one and the other frame, or the most that may
  bool stated = false;  // the host knows it
};

struct MotionFields {
  MotionField past, future;
  bool empty() const { return past.blocks.empty() && future.blocks.empty(); }
};

constexpr int32_t kMostMotionVectors = 1000000;

// Throws Error(ERROR_ARGUMENT) where a frame's vectors are none: a count without an array.
void check_motion_vectors(const SideData& side);

// FFmpeg says of a vector only whether it points to an earlier or to a later frame. In order of
// display, a P frame is predicted from the last frame that is no B frame, and a B frame from that
// one, from a B frame between, or from the next that is none: so the frames since the last that is
// no B frame are the distance, or the most it can be; of later frames the last group tells as much.
class VectorIntake {
 public:
  explicit VectorIntake(Size picture) : picture_(picture) {}
  void reset() { since_anchor_ = 0, group_ = 1; }
  MotionFields take(const SideData& side);

 private:
  bool is_possible(const smartcrop_motion_vector& vector) const;

  Size picture_;
  int since_anchor_ = 0;  // frames since the last that is no B frame
  int group_ = 1;         // how many there were the time before
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MOTION_MOTION_VECTORS_H_
