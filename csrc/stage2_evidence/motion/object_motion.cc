// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/object_motion.h"

#include <algorithm>
#include <cmath>

#include "picture/integral_image.h"

namespace smartcrop {
namespace {

constexpr size_t kSeenFrames = 9;
// Vectors are quarters of a pixel, and chosen for what they cost as much as for what they show.
constexpr float kNoise = 0.3f;
constexpr float kNoiseShare = 0.1f;  // of the camera's motion
// A block may have been predicted from a frame further away than the others.
constexpr float kMostFrames = 8;
// Samples of the small picture that a camera has to move by, over the distance, to measure it.
constexpr float kLeastShift = 0.25f;
constexpr float kLeastTrust = 0.4f;

// Whether a block moved as the camera does over so many frames.
bool goes_along(const BlockMotion& block, float camera_x, float camera_y, float frames) {
  const float off = length(block.dx - frames * camera_x, block.dy - frames * camera_y);
  return off <= kNoise + kNoiseShare * frames * length(camera_x, camera_y);
}

// Takes the camera out of the blocks of one side.
void subtract_camera(const MotionField& field, const VectorCamera& camera, ObjectMotion* motion) {
  const auto frames = static_cast<float>(field.frames);
  motion->blocks.reserve(motion->blocks.size() + field.blocks.size());
  for (const BlockMotion& block : field.blocks) {
    const float x = camera.dx(block), y = camera.dy(block);
    // Where the camera rests, only the distance of all counts: slow is not still.
    const float most = x * x + y * y >= kNoise * kNoise ? kMostFrames : 0;
    bool still = goes_along(block, x, y, frames);
    for (float n = 1; n <= most && !still; ++n) still = goes_along(block, x, y, n);
    BlockMotion left = block;
    left.dx = still ? 0.0f : block.dx / frames - x;
    left.dy = still ? 0.0f : block.dy / frames - y;
    motion->blocks.push_back(left);
  }
}

// Mean difference of two small pictures of which the later one is explained by the camera.
float difference(const GreyImage& before, const GreyImage& after, const VectorCamera& camera) {
  const float scale = camera.width / static_cast<float>(after.size.width);
  const float last_x = static_cast<float>(after.size.width - 1);
  const float last_y = static_cast<float>(after.size.height - 1);
  float sum = 0;
  int count = 0;
  for (int y = 0; y < after.size.height; y += 2) {
    for (int x = y / 2 % 2; x < after.size.width; x += 2) {
      BlockMotion at;
      at.x = (static_cast<float>(x) - 0.5f * last_x) * scale;
      at.y = (static_cast<float>(y) - 0.5f * last_y) * scale;
      const float from_x = static_cast<float>(x) - camera.dx(at) / scale;
      const float from_y = static_cast<float>(y) - camera.dy(at) / scale;
      if (from_x < 0 || from_y < 0 || from_x > last_x || from_y > last_y) continue;
      const float off = std::abs(after.values[static_cast<size_t>(y * after.size.width + x)] -
                                 before.sample(from_x, from_y));
      sum += std::min(off, 24.0f);  // a subject that moves otherwise must not decide
      ++count;
    }
  }
  return count > 0 ? sum / static_cast<float>(count) : 255.0f;
}

float largest_shift(const VectorCamera& camera) {
  float largest = length(camera.x[0], camera.y[0]);
  for (const float side : {-0.5f, 0.5f}) {
    BlockMotion edge;
    edge.x = side * camera.width;
    largest = std::max(largest, length(camera.dx(edge), camera.dy(edge)));
  }
  return largest;
}

}  // namespace

void ObjectMotionFinder::reset() {
  intake_.reset();
  seen_.clear();
}

// The earlier picture that the camera's motion explains best.
int ObjectMotionFinder::measured_distance(const VectorCamera& camera, int most) const {
  int best = most;
  float least = 1e9f;
  const GreyImage& present = seen_.front();
  for (int frames = 1; frames <= most && static_cast<size_t>(frames) < seen_.size(); ++frames) {
    const float off = difference(seen_[static_cast<size_t>(frames)], present, camera);
    if (off < least) {
      least = off;
      best = frames;
    }
  }
  return best;
}

ObjectMotion ObjectMotionFinder::find(const SideData& side, const GreyImage* small) {
  if (small != nullptr) {
    if (!seen_.empty() && seen_.front().values.size() != small->values.size()) seen_.clear();
    seen_.push_front(*small);
    if (seen_.size() > kSeenFrames) seen_.pop_back();
  }
  MotionFields fields = intake_.take(side);
  ObjectMotion motion;
  motion.camera.width = static_cast<float>(picture_.width);
  if (fields.empty()) return motion;
  const VectorCamera past = fit_camera(fields.past.blocks, picture_);
  const VectorCamera future = fit_camera(fields.future.blocks, picture_);
  const float sample =
      seen_.empty() ? 1e9f : motion.camera.width / static_cast<float>(seen_.front().size.width);
  const bool measurable = past.trust >= kLeastTrust && largest_shift(past) > kLeastShift * sample;
  if (measurable && !fields.past.stated && fields.past.frames > 1) {
    fields.past.frames = measured_distance(past, fields.past.frames);
  }
  if (past.trust > 0 || future.trust == 0) {
    motion.camera = past.over(static_cast<float>(fields.past.frames));
  } else {
    motion.camera = future.over(static_cast<float>(fields.future.frames));
  }
  // What both sides say of the camera tells how far the later frame is.
  const float shift = largest_shift(motion.camera);
  if (!fields.future.stated && past.trust > 0 && future.trust >= kLeastTrust && shift > kNoise) {
    fields.future.frames =
        static_cast<int>(std::clamp(std::round(largest_shift(future) / shift), 1.0f, kMostFrames));
  }
  subtract_camera(fields.past, motion.camera, &motion);
  subtract_camera(fields.future, motion.camera, &motion);
  return motion;
}

MotionCells gather(const std::vector<BlockMotion>& blocks, Size picture, Size grid) {
  MotionCells cells;
  cells.grid = grid;
  const size_t count = static_cast<size_t>(grid.width) * static_cast<size_t>(grid.height);
  for (auto* sums : {&cells.dx, &cells.dy, &cells.speed, &cells.area}) sums->assign(count, 0.0f);
  const float cell_width = static_cast<float>(picture.width) / static_cast<float>(grid.width);
  const float cell_height = static_cast<float>(picture.height) / static_cast<float>(grid.height);
  for (const BlockMotion& block : blocks) {
    const float left = (block.x + 0.5f * (static_cast<float>(picture.width) - block.width));
    const float top = (block.y + 0.5f * (static_cast<float>(picture.height) - block.height));
    const float right = left + block.width, bottom = top + block.height;
    const int last_column = std::min(grid.width - 1, static_cast<int>(right / cell_width));
    const int last_row = std::min(grid.height - 1, static_cast<int>(bottom / cell_height));
    const float speed = length(block.dx, block.dy);
    for (int row = std::max(0, static_cast<int>(top / cell_height)); row <= last_row; ++row) {
      const float row_top = static_cast<float>(row) * cell_height;
      const float high = std::min(bottom, row_top + cell_height) - std::max(top, row_top);
      for (int column = std::max(0, static_cast<int>(left / cell_width)); column <= last_column;
           ++column) {
        const float column_left = static_cast<float>(column) * cell_width;
        const float wide = std::min(right, column_left + cell_width) - std::max(left, column_left);
        if (!(wide > 0 && high > 0)) continue;
        const size_t i = static_cast<size_t>(row * grid.width + column);
        const float area = wide * high;
        cells.area[i] += area;
        cells.dx[i] += area * block.dx;
        cells.dy[i] += area * block.dy;
        cells.speed[i] += area * speed;
      }
    }
  }
  return cells;
}

std::vector<float> coherent_speed(const MotionCells& cells) {
  const std::vector<float> dx = box_filter(cells.dx, cells.grid, 1);
  const std::vector<float> dy = box_filter(cells.dy, cells.grid, 1);
  const std::vector<float> speed = box_filter(cells.speed, cells.grid, 1);
  const std::vector<float> area = box_filter(cells.area, cells.grid, 1);
  std::vector<float> coherent(cells.speed.size(), 0.0f);
  for (size_t i = 0; i < coherent.size(); ++i) {
    if (!(area[i] > 0 && speed[i] > 0)) continue;
    const float together = length(dx[i], dy[i]) / speed[i];
    coherent[i] = together * speed[i] / area[i];
  }
  return coherent;
}

}  // namespace smartcrop
