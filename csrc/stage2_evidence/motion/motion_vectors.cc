// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/motion_vectors.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

// No codec has larger blocks, nor more B frames in a row.
constexpr float kLargestBlock = 256;
constexpr int kMostFrames = 16;
// More blocks than this outside the picture: the vectors are of another one, that was scaled or
// turned since.
constexpr double kMostOutside = 0.05;
// What is coded is larger than what is shown: whole macroblocks.
constexpr float kPadding = 16;

}  // namespace

void check_motion_vectors(const SideData& side) {
  const int32_t count = side.vector_count;
  if (count < 0 || count > kMostMotionVectors) {
    throw Error(SMARTCROP_ERROR_ARGUMENT, "the frame has a motion_vector_count of " +
                                              std::to_string(count) + ", not 0 to " +
                                              std::to_string(kMostMotionVectors));
  }
  if (count > 0 && side.vectors == nullptr) {
    throw Error(SMARTCROP_ERROR_ARGUMENT, "the frame has a motion_vector_count of " +
                                              std::to_string(count) + " and no motion_vectors");
  }
}

// Written so that what is no number is refused too.
bool VectorIntake::is_possible(const smartcrop_motion_vector& vector) const {
  const float width = static_cast<float>(picture_.width);
  const float height = static_cast<float>(picture_.height);
  return vector.width > 0 && vector.height > 0 && vector.width <= kLargestBlock &&
         vector.height <= kLargestBlock && vector.x >= 0 && vector.x <= width && vector.y >= 0 &&
         vector.y <= height && std::abs(vector.dx) <= width && std::abs(vector.dy) <= height &&
         vector.direction != 0;
}

MotionFields VectorIntake::take(const SideData& side) {
  MotionFields fields;
  ++since_anchor_;
  since_anchor_ = std::min(since_anchor_, kMostFrames);
  fields.past.frames = since_anchor_;
  fields.future.frames = std::max(1, group_ - since_anchor_);
  const float middle_x = 0.5f * static_cast<float>(picture_.width);
  const float middle_y = 0.5f * static_cast<float>(picture_.height);
  int32_t outside = 0;
  for (int32_t i = 0; i < side.vector_count; ++i) {
    const smartcrop_motion_vector& vector = side.vectors[i];
    const bool inside = vector.x <= 2 * middle_x + kPadding && vector.y <= 2 * middle_y + kPadding;
    outside += inside ? 0 : 1;
    if (!is_possible(vector)) continue;
    const bool past = vector.direction < 0;
    MotionField& field = past ? fields.past : fields.future;
    BlockMotion block{
        vector.x - middle_x, vector.y - middle_y,           vector.width,
        vector.height,       past ? vector.dx : -vector.dx, past ? vector.dy : -vector.dy};
    if (vector.distance > 0 && vector.distance <= kMostFrames) {
      if (!field.stated) field.frames = vector.distance;
      field.stated = true;
      const float share = static_cast<float>(field.frames) / static_cast<float>(vector.distance);
      block.dx *= share;
      block.dy *= share;
    }
    field.blocks.push_back(block);
  }
  if (outside > kMostOutside * side.vector_count) {
    fields.past.blocks.clear();
    fields.future.blocks.clear();
  }
  if (!side.is_bidirectional) {
    group_ = since_anchor_;
    since_anchor_ = 0;
  }
  return fields;
}

}  // namespace smartcrop
