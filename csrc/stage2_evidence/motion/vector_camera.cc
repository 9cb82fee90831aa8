// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/vector_camera.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

// More blocks than this say no more; of too many, an even selection.
constexpr size_t kMostBlocks = 600;
constexpr size_t kLeastBlocks = 12;
// The least share of the picture that blocks have to cover: a few beside intra blocks could be
// anything.
constexpr double kLeastCover = 0.15;
constexpr int kSteps = 4;
// Pixels off the fit that a block of the scene may be, and the share of its motion.
constexpr float kTolerance = 0.5f;
constexpr float kToleranceShare = 0.1f;

using Vector3 = std::array<double, 3>;

struct Sums {
  std::array<Vector3, 3> matrix = {};
  Vector3 right_x = {}, right_y = {};
};

std::vector<BlockMotion> select(const std::vector<BlockMotion>& blocks) {
  const size_t stride = 1 + blocks.size() / kMostBlocks;
  std::vector<BlockMotion> some;
  for (size_t i = 0; i < blocks.size(); i += stride) some.push_back(blocks[i]);
  return some;
}

float median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

VectorCamera median_shift(const std::vector<BlockMotion>& blocks, float width) {
  std::vector<float> dx, dy;
  for (const BlockMotion& block : blocks) {
    dx.push_back(block.dx);
    dy.push_back(block.dy);
  }
  VectorCamera camera;
  camera.width = width;
  camera.x[0] = median(std::move(dx));
  camera.y[0] = median(std::move(dy));
  return camera;
}

float distance_from(const VectorCamera& camera, const BlockMotion& block) {
  return length(block.dx - camera.dx(block), block.dy - camera.dy(block));
}

Sums add_up(const std::vector<BlockMotion>& blocks, const VectorCamera& camera, float scale) {
  Sums sums;
  for (const BlockMotion& block : blocks) {
    const float off = distance_from(camera, block) / scale;
    const float root = 1 / (1 + off * off);
    // What stands in the middle is more often a subject.
    const float from_middle = length(block.x, block.y) / camera.width;
    const double weight =
        static_cast<double>(block.width * block.height * root * root * (0.2f + from_middle));
    const Vector3 row = {1.0, static_cast<double>(block.x / camera.width),
                         static_cast<double>(block.y / camera.width)};
    for (size_t i = 0; i < 3; ++i) {
      for (size_t j = 0; j < 3; ++j) sums.matrix[i][j] += weight * row[i] * row[j];
      sums.right_x[i] += weight * row[i] * static_cast<double>(block.dx);
      sums.right_y[i] += weight * row[i] * static_cast<double>(block.dy);
    }
  }
  return sums;
}

double determinant(const std::array<Vector3, 3>& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
         m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

// Cramer's rule; the matrix was made regular.
std::array<float, 3> solve(const std::array<Vector3, 3>& matrix, const Vector3& right) {
  const double whole = determinant(matrix);
  std::array<float, 3> answer = {};
  for (size_t column = 0; column < 3; ++column) {
    std::array<Vector3, 3> replaced = matrix;
    for (size_t row = 0; row < 3; ++row) replaced[row][column] = right[row];
    answer[column] = static_cast<float>(determinant(replaced) / whole);
  }
  return answer;
}

// Slopes that the blocks do not determine stay 0.
bool make_regular(std::array<Vector3, 3>* matrix) {
  const double weight = (*matrix)[0][0];
  if (!(weight > 0)) return false;
  (*matrix)[1][1] += 1e-3 * weight;
  (*matrix)[2][2] += 1e-3 * weight;
  return std::isfinite(determinant(*matrix)) && determinant(*matrix) > 1e-12 * weight;
}

float median_distance(const std::vector<BlockMotion>& blocks, const VectorCamera& camera) {
  std::vector<float> distances;
  for (const BlockMotion& block : blocks) distances.push_back(distance_from(camera, block));
  return median(std::move(distances));
}

float trust_in(const VectorCamera& camera, const std::vector<BlockMotion>& blocks) {
  float good = 0, all = 0;
  for (const BlockMotion& block : blocks) {
    const float area = block.width * block.height;
    const float motion = length(camera.dx(block), camera.dy(block));
    all += area;
    if (distance_from(camera, block) <= kTolerance + kToleranceShare * motion) good += area;
  }
  return all > 0 ? good / all : 0.0f;
}

}  // namespace

VectorCamera VectorCamera::over(float frames) const {
  VectorCamera part = *this;
  for (size_t i = 0; i < 3; ++i) {
    part.x[i] /= frames;
    part.y[i] /= frames;
  }
  return part;
}

VectorCamera fit_camera(const std::vector<BlockMotion>& blocks, Size picture) {
  VectorCamera still;
  still.width = static_cast<float>(picture.width);
  double area = 0;
  for (const BlockMotion& block : blocks) {
    area += static_cast<double>(block.width) * static_cast<double>(block.height);
  }
  const double cover = area / picture.width / picture.height;
  if (blocks.size() < kLeastBlocks || cover < kLeastCover) return still;
  const std::vector<BlockMotion> some = select(blocks);
  VectorCamera camera = median_shift(some, still.width);
  for (int step = 0; step < kSteps; ++step) {
    const float scale = std::max(kTolerance, 3 * median_distance(some, camera));
    Sums sums = add_up(some, camera, scale);
    if (!make_regular(&sums.matrix)) break;
    camera.x = solve(sums.matrix, sums.right_x);
    camera.y = solve(sums.matrix, sums.right_y);
  }
  camera.trust = trust_in(camera, some);
  return camera;
}

}  // namespace smartcrop
