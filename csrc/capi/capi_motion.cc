// SPDX-License-Identifier: MIT
// The C interface: where a clip moves.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "capi/capi.h"
#include "clip_motion/clip_motion.h"
#include "clip_motion/densest_box.h"
#include "smartcrop/clip_motion.h"
#include "stage1_proxy/pictures.h"

using smartcrop::Error;
using smartcrop::GivenFrame;
using smartcrop::guarded;
using smartcrop::require;
using smartcrop::take;

struct smartcrop_clip_motion {
  smartcrop::ClipMotion motion;
  smartcrop::Size picture;
  mutable std::vector<smartcrop_motion_vector> last;  // what was lent
  mutable std::vector<unsigned char> lent;            // the same in elements of another size
};

namespace {

constexpr int kMostPixels = 1 << 16;  // along a side
constexpr int kMostCells = 256;
constexpr int kMostSamples = 100000000;

void require_in(const char* what, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return;
  throw Error(SMARTCROP_ERROR_ARGUMENT, std::string(what) + " is " + std::to_string(value) +
                                            ", not " + std::to_string(least) + " to " +
                                            std::to_string(most));
}

smartcrop::Size grid_of(int rows, int columns) {
  require_in("the number of rows", rows, 1, kMostCells);
  require_in("the number of columns", columns, 1, kMostCells);
  return {columns, rows};
}

std::vector<float> take_values(const float* values, smartcrop::Size grid) {
  const std::vector<float> taken(values, values + grid.width * grid.height);
  for (size_t i = 0; i < taken.size(); ++i) {
    if (std::isfinite(taken[i]) && taken[i] >= 0) continue;
    throw Error(SMARTCROP_ERROR_ARGUMENT, "value " + std::to_string(i) + " of the density is " +
                                              std::to_string(taken[i]) +
                                              "; none may be below 0 or infinite");
  }
  return taken;
}

std::vector<float> density_of(const smartcrop::ClipMotion& motion,
                              const smartcrop_density_settings& settings) {
  const smartcrop::Size grid = grid_of(settings.rows, settings.columns);
  require_in("the number of samples", settings.samples, 0, kMostSamples);
  require_in("what is reserved", settings.reserved, 0, 0);
  return motion.density(grid, settings.samples, settings.seed);
}

void read_last(const smartcrop_clip_motion& clip) {
  const float middle_x = 0.5f * static_cast<float>(clip.picture.width);
  const float middle_y = 0.5f * static_cast<float>(clip.picture.height);
  clip.last.clear();
  for (const smartcrop::BlockMotion& block : clip.motion.last().blocks) {
    clip.last.push_back({block.x + middle_x, block.y + middle_y, block.width, block.height,
                         block.dx, block.dy, -1, 1});
  }
}

}  // namespace

extern "C" {

int smartcrop_clip_motion_open(smartcrop_clip_motion** clip, int width, int height) {
  if (clip != nullptr) *clip = nullptr;
  return guarded([=] {
    require(clip != nullptr, "clip_motion_open needs a place for the clip");
    require_in("the picture's width", width, 1, kMostPixels);
    require_in("the picture's height", height, 1, kMostPixels);
    const smartcrop::Size picture = {width, height};
    *clip = new smartcrop_clip_motion{smartcrop::ClipMotion(picture), picture, {}, {}};
    return SMARTCROP_OK;
  });
}

void smartcrop_clip_motion_close(smartcrop_clip_motion** clip) {
  if (clip == nullptr) return;
  delete *clip;
  *clip = nullptr;
}

int smartcrop_clip_motion_add(smartcrop_clip_motion* clip, const smartcrop_frame* frame) {
  return guarded([=] {
    require(clip != nullptr && frame != nullptr, "clip_motion_add needs a clip and a frame");
    const GivenFrame given(frame);
    clip->motion.add(smartcrop::side_data_of(*given));
    return SMARTCROP_OK;
  });
}

int smartcrop_clip_motion_counts(const smartcrop_clip_motion* clip, int64_t* frames,
                                 int64_t* vectors) {
  return guarded([=] {
    require(clip != nullptr && frames != nullptr && vectors != nullptr,
            "clip_motion_counts needs a clip and places for its answer");
    *frames = clip->motion.frames();
    *vectors = clip->motion.vectors();
    return SMARTCROP_OK;
  });
}

int smartcrop_clip_motion_last(const smartcrop_clip_motion* clip, size_t block_size,
                               const smartcrop_motion_vector** blocks, int* count,
                               float camera[6]) {
  return guarded([=] {
    require(clip != nullptr && blocks != nullptr && count != nullptr && camera != nullptr,
            "clip_motion_last needs a clip and places for its answer");
    read_last(*clip);
    *blocks = smartcrop::lend_array(clip->last, block_size, &clip->lent);
    *count = static_cast<int>(clip->last.size());
    const smartcrop::VectorCamera& moved = clip->motion.last().camera;
    std::copy(moved.x.begin(), moved.x.end(), camera);
    std::copy(moved.y.begin(), moved.y.end(), camera + 3);
    return SMARTCROP_OK;
  });
}

int smartcrop_clip_motion_density(const smartcrop_clip_motion* clip,
                                  const smartcrop_density_settings* settings, float* values) {
  return guarded([=] {
    require(clip != nullptr && values != nullptr,
            "clip_motion_density needs a clip and room for its answer");
    const std::vector<float> density = density_of(clip->motion, take(settings));
    std::copy(density.begin(), density.end(), values);
    return density.empty() ? SMARTCROP_AGAIN : SMARTCROP_OK;
  });
}

int smartcrop_densest_box(const float* values, int rows, int columns, double area, int box[4]) {
  return guarded([=] {
    require(values != nullptr && box != nullptr, "densest_box needs values and room for a box");
    require(area > 0 && area <= 1, "area is a share of the picture: above 0, at most 1");
    const smartcrop::Size grid = grid_of(rows, columns);
    const smartcrop::CellBox found = smartcrop::densest_box(take_values(values, grid), grid, area);
    box[0] = found.left;
    box[1] = found.top;
    box[2] = found.width;
    box[3] = found.height;
    return SMARTCROP_OK;
  });
}

}  // extern "C"
