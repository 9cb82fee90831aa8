// SPDX-License-Identifier: MIT
#include "points.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "error.h"
#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

constexpr int kColumns = 64, kRows = 36;
// The spread of a spot in cells. Maps are raised to powers up to 6: at this spread the middle of
// the spot stays where the point is, wherever that lies between cells.
constexpr double kSpread = 1.5;

// What a window of that size was zoomed to; the whole picture, where the size is not known.
Subject zoomed_to(const smartcrop_point& point, Size picture) {
  const auto along = [](double centre, double side, int length) {
    const double share = side > 0 ? std::min(1.0, side / length / camera::kSubjectRoom) : 1;
    return std::pair(std::clamp(centre / length - share / 2, 0.0, 1 - share), share);
  };
  const bool known = point.width > 0 && point.height > 0;
  const auto [left, width] = along(point.x, known ? point.width : 0, picture.width);
  const auto [top, height] = along(point.y, known ? point.height : 0, picture.height);
  Subject subject;
  subject.box = {left, top, width, height};
  subject.weight = 0;
  subject.kind = SubjectKind::kCaller;
  return subject;
}

[[noreturn]] void refuse(size_t index, const std::string& what) {
  throw Error(SMARTCROP_ERROR_ARGUMENT, "point " + std::to_string(index) + ": " + what);
}

void check_point(const std::vector<smartcrop_point>& points, size_t i) {
  const smartcrop_point& point = points[i];
  if (!std::isfinite(point.time) || !std::isfinite(point.x) || !std::isfinite(point.y)) {
    refuse(i, "its time and its place have to be finite numbers");
  }
  if (!std::isfinite(point.width) || !std::isfinite(point.height) ||
      std::min(point.width, point.height) < 0) {
    refuse(i, "the sides of its window have to be finite numbers, 0 or more");
  }
  if (!(point.confidence >= 0 && point.confidence <= 1)) refuse(i, "its confidence is 0 to 1");
  if (point.shot < 0) refuse(i, "shot " + std::to_string(point.shot) + " is below 0");
  if (i == 0) return;
  if (point.time < points[i - 1].time) refuse(i, "its time is before that of the point before");
  if (point.shot < points[i - 1].shot) refuse(i, "its shot is before that of the point before");
}

// A spot's share in each cell along one axis, of the whole.
std::vector<double> spread_along(double place, int cells) {
  std::vector<double> shares(static_cast<size_t>(cells));
  double sum = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    const double away = (static_cast<double>(i) + 0.5 - place * cells) / kSpread;
    sum += shares[i] = std::exp(-away * away / 2);
  }
  for (double& share : shares) share /= sum;
  return shares;
}

HeatMap spot_at(double x, double y, double confidence) {
  const std::vector<double> columns = spread_along(std::clamp(x, 0.0, 1.0), kColumns);
  const std::vector<double> rows = spread_along(std::clamp(y, 0.0, 1.0), kRows);
  HeatMap map{kColumns, kRows, {}, static_cast<float>(confidence)};
  map.values.reserve(columns.size() * rows.size());
  for (const double row : rows) {
    for (const double column : columns) map.values.push_back(static_cast<float>(row * column));
  }
  return map;
}

}  // namespace

PointScenes::PointScenes(const Options& options, Size picture, std::vector<smartcrop_point> points)
    : picture_(picture), points_(std::move(points)), beat_(1 / options.analysis_fps) {
  if (points_.empty()) throw Error(SMARTCROP_ERROR_ARGUMENT, "there are no points to decide from");
  for (size_t i = 0; i < points_.size(); ++i) check_point(points_, i);
}

bool PointScenes::next(Scene* scene, int64_t* pts) {
  if (at_ == points_.size()) return false;
  const smartcrop_point& point = points_[at_];
  const bool begins = at_ == 0 || point.shot != points_[at_ - 1].shot;
  if (begins) beat_.reset();
  *pts = SMARTCROP_NO_PTS;
  *scene = {};
  scene->frame = static_cast<int64_t>(at_++);
  scene->time_s = point.time;
  scene->marks = {{scene->frame, point.shot, begins && (point.flags & SMARTCROP_SHOT_START) != 0,
                   /*transition=*/false}};
  scene->analysed = beat_.strikes(point.time);
  if (!scene->analysed) return true;
  scene->evidence.frame = scene->frame;
  scene->evidence.time_s = point.time;
  scene->evidence.map =
      spot_at(point.x / picture_.width, point.y / picture_.height, point.confidence);
  scene->evidence.subjects.push_back(zoomed_to(point, picture_));
  return true;
}

std::vector<ShotMark> PointScenes::mark_through(int64_t frame) {
  (void)frame;
  return {};
}

void PointScenes::rewind() {
  at_ = 0;
  beat_.reset();
}

bool PointScenes::has_shot(int32_t shot) const {
  return std::any_of(points_.begin(), points_.end(),
                     [shot](const smartcrop_point& point) { return point.shot == shot; });
}

}  // namespace smartcrop
