// SPDX-License-Identifier: MIT
#include "stage2_evidence/motion/camera_motion.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace smartcrop {
namespace {

constexpr int kCoarsestWidth = 16;
constexpr int kFinestWidth = 64;
constexpr int kSteps = 4;
// Samples flatter than this many levels of brightness a sample carry no motion.
constexpr float kLeastGradient = 4.0f;
// Of 4 x 4 tiles of the picture, how many must hold structure.
constexpr int kTiles = 4;
constexpr int kLeastTiles = 6;
constexpr size_t kMostAnchors = 1000;
// Below this the residual is noise of the camera and the coder, whatever its spread.
constexpr float kLeastScale = 1.0f;
// Of the structure, the share that must lie inside both pictures.
constexpr float kLeastOverlap = 0.3f;

// Unknowns of one step: shift x and y, zoom, rotation, brightness.
constexpr size_t kUnknowns = 5;
using Vector = std::array<float, kUnknowns>;
using Matrix = std::array<Vector, kUnknowns>;

struct Normal {
  Matrix matrix = {};
  Vector right = {};
};

// A sample of the earlier picture with structure in it.
struct Anchor {
  float x, y;  // position from the centre, in samples
  float value;
  float gradient_x, gradient_y;
  float magnitude;    // of the gradient
  float from_centre;  // distance, as a share of half the width
};

GreyImage halve(const GreyImage& image) {
  GreyImage half;
  half.size = {std::max(1, image.size.width / 2), std::max(1, image.size.height / 2)};
  half.values.reserve(static_cast<size_t>(half.size.width) * static_cast<size_t>(half.size.height));
  for (int y = 0; y < half.size.height; ++y) {
    const int top = 2 * y, bottom = std::min(2 * y + 1, image.size.height - 1);
    const float* upper = &image.values[static_cast<size_t>(top * image.size.width)];
    const float* lower = &image.values[static_cast<size_t>(bottom * image.size.width)];
    for (int x = 0; x < half.size.width; ++x) {
      const int left = 2 * x, right = std::min(2 * x + 1, image.size.width - 1);
      half.values.push_back(0.25f * (upper[left] + upper[right] + lower[left] + lower[right]));
    }
  }
  return half;
}

// Anchors of one level of the pyramid, so that the steps touch only samples that say something; of
// too many, an even selection.
std::vector<Anchor> find_anchors(const GreyImage& image) {
  std::vector<Anchor> anchors;
  const int width = image.size.width;
  const float centre_x = 0.5f * static_cast<float>(width - 1);
  const float centre_y = 0.5f * static_cast<float>(image.size.height - 1);
  for (int y = 1; y + 1 < image.size.height; ++y) {
    const float* row = &image.values[static_cast<size_t>(y * width)];
    for (int x = 1; x + 1 < width; ++x) {
      const float gradient_x = 0.5f * (row[x + 1] - row[x - 1]);
      const float gradient_y = 0.5f * (row[x + width] - row[x - width]);
      if (std::abs(gradient_x) + std::abs(gradient_y) < kLeastGradient) continue;
      anchors.push_back({static_cast<float>(x) - centre_x, static_cast<float>(y) - centre_y, row[x],
                         gradient_x, gradient_y, 0, 0});
    }
  }
  const size_t stride = 1 + anchors.size() / kMostAnchors;
  size_t kept = 0;
  for (size_t i = 0; i < anchors.size(); i += stride) anchors[kept++] = anchors[i];
  anchors.resize(kept);
  for (Anchor& anchor : anchors) {
    anchor.magnitude =
        std::sqrt(anchor.gradient_x * anchor.gradient_x + anchor.gradient_y * anchor.gradient_y);
    anchor.from_centre = std::sqrt(anchor.x * anchor.x + anchor.y * anchor.y) / centre_x;
  }
  return anchors;
}

// True where the anchors lie all over the picture. Structure in one place is a subject in front of
// a plain background, which would pass for the camera.
bool cover_picture(const std::vector<Anchor>& anchors, Size size) {
  std::array<bool, kTiles* kTiles> seen = {};
  const float width = static_cast<float>(size.width), height = static_cast<float>(size.height);
  for (const Anchor& anchor : anchors) {
    const int column = static_cast<int>((anchor.x / width + 0.5f) * kTiles);
    const int row = static_cast<int>((anchor.y / height + 0.5f) * kTiles);
    seen[static_cast<size_t>(row * kTiles + column)] = true;
  }
  return std::count(seen.begin(), seen.end(), true) >= kLeastTiles;
}

// No camera moves like this from one picture to the next; a fit that does went astray.
bool plausible(const CameraMotion& motion) {
  const float zoom = std::hypot(motion.a, motion.b);
  return zoom > 0.5f && zoom < 2.0f && std::abs(motion.b) < 0.5f && std::abs(motion.x) < 0.6f &&
         std::abs(motion.y) < 0.6f;
}

// Residual of each anchor under the motion; outside marks those that left the picture.
constexpr float kOutside = 1e9f;

void measure_residuals(const std::vector<Anchor>& anchors, const GreyImage& after,
                       const CameraMotion& motion, std::vector<float>* residuals) {
  const float width = static_cast<float>(after.size.width);
  const float last_x = static_cast<float>(after.size.width - 1);
  const float last_y = static_cast<float>(after.size.height - 1);
  const float shift_x = motion.x * width + 0.5f * last_x;
  const float shift_y = motion.y * width + 0.5f * last_y;
  residuals->resize(anchors.size());
  for (size_t i = 0; i < anchors.size(); ++i) {
    const Anchor& anchor = anchors[i];
    const float x = motion.a * anchor.x - motion.b * anchor.y + shift_x;
    const float y = motion.b * anchor.x + motion.a * anchor.y + shift_y;
    const bool inside = x >= 0 && y >= 0 && x <= last_x && y <= last_y;
    (*residuals)[i] = inside ? after.sample(x, y) - anchor.value : kOutside;
  }
}

struct Spread {
  float median = 0;     // of the residuals: the change of brightness
  float deviation = 0;  // median distance from it
  float inside = 0;     // share of the anchors
};

Spread measure_spread(const std::vector<float>& residuals, std::vector<float>* scratch) {
  scratch->clear();
  for (const float residual : residuals) {
    if (residual != kOutside) scratch->push_back(residual);
  }
  Spread spread;
  if (scratch->empty()) return spread;
  spread.inside = static_cast<float>(scratch->size()) / static_cast<float>(residuals.size());
  const auto middle = scratch->begin() + static_cast<std::ptrdiff_t>(scratch->size() / 2);
  std::nth_element(scratch->begin(), middle, scratch->end());
  spread.median = *middle;
  for (float& value : *scratch) value = std::abs(value - spread.median);
  std::nth_element(scratch->begin(), middle, scratch->end());
  spread.deviation = *middle;
  return spread;
}

Normal build_normal(const std::vector<Anchor>& anchors, const std::vector<float>& residuals,
                    const Spread& spread) {
  Normal normal;
  const float scale = std::max(kLeastScale, 6 * spread.deviation);
  for (size_t i = 0; i < anchors.size(); ++i) {
    if (residuals[i] == kOutside) continue;
    const Anchor& anchor = anchors[i];
    const float off = (residuals[i] - spread.median) / scale;
    const float root = 1 / (1 + off * off);
    const float weight = root * root * anchor.from_centre;
    const std::array<float, kUnknowns> row = {
        anchor.gradient_x, anchor.gradient_y,
        anchor.gradient_x * anchor.x + anchor.gradient_y * anchor.y,
        anchor.gradient_y * anchor.x - anchor.gradient_x * anchor.y, 1.0f};
    for (size_t j = 0; j < kUnknowns; ++j) {
      const float weighted = weight * row[j];
      for (size_t k = j; k < kUnknowns; ++k) normal.matrix[j][k] += weighted * row[k];
      normal.right[j] += weighted * residuals[i];
    }
  }
  return normal;
}

// Cholesky. The diagonal is raised a little, so that what the picture does not determine stays 0.
bool solve(Normal normal, Vector* answer) {
  Matrix& m = normal.matrix;
  for (size_t j = 0; j < kUnknowns; ++j) m[j][j] += 1e-4f * m[j][j] + 1e-3f;
  for (size_t j = 0; j < kUnknowns; ++j) {
    for (size_t k = 0; k < j; ++k) {
      for (size_t i = j; i < kUnknowns; ++i) m[j][i] -= m[k][j] * m[k][i];
    }
    if (!(m[j][j] > 0)) return false;
    const float root = std::sqrt(m[j][j]);
    for (size_t i = j; i < kUnknowns; ++i) m[j][i] /= root;
  }
  Vector& b = normal.right;
  for (size_t j = 0; j < kUnknowns; ++j) {
    for (size_t k = 0; k < j; ++k) b[j] -= m[k][j] * b[k];
    b[j] /= m[j][j];
  }
  for (size_t j = kUnknowns; j-- > 0;) {
    for (size_t k = j + 1; k < kUnknowns; ++k) b[j] -= m[j][k] * b[k];
    b[j] /= m[j][j];
  }
  *answer = b;
  return true;
}

// The share of the structure inside both pictures whose residual the motion explains: small beside
// what its own gradient makes of half a sample.
float explained(const std::vector<Anchor>& anchors, const std::vector<float>& residuals,
                float brightness) {
  float good = 0, all = 0;
  for (size_t i = 0; i < anchors.size(); ++i) {
    if (residuals[i] == kOutside) continue;
    const float gradient = anchors[i].magnitude;
    all += gradient;
    if (std::abs(residuals[i] - brightness) < 0.35f * gradient + kLeastScale) good += gradient;
  }
  return all > 0 ? good / all : 0.0f;
}

}  // namespace

CameraMotion CameraMotion::then(const CameraMotion& later) const {
  CameraMotion both;
  both.a = later.a * a - later.b * b;
  both.b = later.b * a + later.a * b;
  both.x = later.a * x - later.b * y + later.x;
  both.y = later.b * x + later.a * y + later.y;
  both.trust = std::min(trust, later.trust);
  return both;
}

GreyImage make_grey(const Proxy& proxy) {
  GreyImage base;
  base.size = {std::max(1, proxy.width / 2), std::max(1, proxy.height / 2)};
  base.values.reserve(static_cast<size_t>(base.size.width) * static_cast<size_t>(base.size.height));
  const uint8_t* luma = proxy.planes[0].data();
  for (int y = 0; y < base.size.height; ++y) {
    const uint8_t* upper = luma + static_cast<ptrdiff_t>(2 * y) * proxy.width;
    const uint8_t* lower = 2 * y + 1 < proxy.height ? upper + proxy.width : upper;
    for (int x = 0; x < base.size.width; ++x) {
      const int left = 2 * x, right = std::min(2 * x + 1, proxy.width - 1);
      base.values.push_back(
          0.25f * static_cast<float>(upper[left] + upper[right] + lower[left] + lower[right]));
    }
  }
  return base;
}

GreyPyramid make_pyramid(const Proxy& proxy) {
  GreyPyramid pyramid{make_grey(proxy)};
  while (pyramid.back().size.width >= 2 * kCoarsestWidth &&
         std::min(pyramid.back().size.width, pyramid.back().size.height) >= 8) {
    pyramid.push_back(halve(pyramid.back()));
  }
  return pyramid;
}

// One level. A step that makes the fit worse is taken back.
void refine_camera_motion(const GreyImage& before, const GreyImage& after, CameraMotion* motion) {
  const std::vector<Anchor> anchors = find_anchors(before);
  if (anchors.size() < 2 * kUnknowns || !cover_picture(anchors, before.size)) return;
  const float width = static_cast<float>(before.size.width);
  std::vector<float> residuals, scratch;
  CameraMotion best = *motion;
  float best_deviation = kOutside;
  for (int step = 0; step <= kSteps; ++step) {
    measure_residuals(anchors, after, *motion, &residuals);
    const Spread spread = measure_spread(residuals, &scratch);
    if (spread.inside < kLeastOverlap || spread.deviation >= best_deviation) break;
    best = *motion;
    best_deviation = spread.deviation;
    best.trust = explained(anchors, residuals, spread.median);
    Vector change;
    if (step == kSteps || !solve(build_normal(anchors, residuals, spread), &change)) break;
    // The step explains the residual as a motion of the earlier picture, so it is undone first.
    const CameraMotion undo = {-change[0] / width, -change[1] / width, 1 - change[2], -change[3],
                               0.0f};
    *motion = undo.then(*motion);
    if (!plausible(*motion)) break;
    if (std::hypot(change[0], change[1]) + 0.5f * width * std::hypot(change[2], change[3]) <
        0.02f) {
      break;
    }
  }
  *motion = best;
}

CameraMotion estimate_camera_motion(const GreyPyramid& before, const GreyPyramid& after,
                                    const CameraMotion& guess) {
  CameraMotion motion = guess;
  motion.trust = 0;
  for (size_t level = before.size(); level-- > 0;) {
    const bool finest = level == 0 || before[level - 1].size.width > kFinestWidth * 3 / 2;
    refine_camera_motion(before[level], after[level], &motion);
    if (finest) break;
  }
  return motion;
}

}  // namespace smartcrop
