// SPDX-License-Identifier: MIT
#include "stage5_path/path.h"

#include <algorithm>

#include "stage5_path/movement.h"

namespace smartcrop {
namespace {

PathLimits limits_of(const Options& options, double window) {
  PathLimits limits;
  limits.lowest = window / 2;
  limits.highest = 1 - window / 2;
  limits.dead_zone = options.dead_zone * window / 2;
  limits.lean = movement::kLean * window;
  limits.max_speed = options.max_speed;
  limits.max_accel = options.max_accel;
  limits.ema_time_s = options.ema_time;
  limits.lookahead_s = options.lookahead;
  return limits;
}

std::unique_ptr<Smoother> make_smoother(const Options& options, double window) {
  const PathLimits limits = limits_of(options, window);
  return options.smoother == SmootherKind::kEma ? make_ema_smoother(limits)
                                                : make_l1_smoother(limits);
}

std::vector<PathPoint> along(const std::vector<Target>& track, double Target::*side,
                             Span Target::*allowed) {
  std::vector<PathPoint> points;
  points.reserve(track.size());
  for (const Target& target : track) {
    const Span& span = target.*allowed;
    points.push_back(
        {target.time_s, target.*side, span.lowest, span.highest, target.weight, target.slack});
  }
  return points;
}

}  // namespace

std::vector<double> Smoother::whole(const std::vector<PathPoint>& track) {
  std::vector<double> centres;
  centres.reserve(track.size());
  for (const PathPoint& point : track) {
    centres.push_back(centres.empty() ? jump({point}) : step({point}));
  }
  return centres;
}

std::vector<double> smooth_path(const Options& options, const std::vector<PathPoint>& track,
                                double window) {
  return make_smoother(options, window)->whole(track);
}

Path::Path(const Options& options, Shares window)
    : options_(options),
      own_(window),
      window_(window),
      from_(window),
      to_(window),
      x_(make_smoother(options, window.width)),
      y_(make_smoother(options, window.height)) {}

void Path::set_options(const Options& options) {
  options_ = options;
  limit();
}

void Path::limit() {
  x_->set_limits(limits_of(options_, window_.width));
  y_->set_limits(limits_of(options_, window_.height));
}

void Path::resize(const Target& target, bool jump) {
  const Shares wanted = target.width > 0 ? Shares{target.width, target.height} : own_;
  if (!(wanted == to_)) {
    from_ = window_;
    to_ = wanted;
    changed_s_ = target.time_s;
  }
  if (jump) from_ = to_;
  const double done = std::clamp((target.time_s - changed_s_) / movement::kResize_s, 0.0, 1.0);
  const double share = done * done * (3 - 2 * done);
  const auto between = [share](double from, double to) {
    return share < 1 ? from + share * (to - from) : to;
  };
  const Shares now{between(from_.width, to_.width), between(from_.height, to_.height)};
  if (now == window_) return;
  window_ = now;
  limit();
}

Target Path::next(const std::vector<Target>& track) {
  Target target = track.front();
  target.wanted_x = target.x;
  target.wanted_y = target.y;
  const std::vector<PathPoint> x = along(track, &Target::x, &Target::span_x);
  const std::vector<PathPoint> y = along(track, &Target::y, &Target::span_y);
  const bool jump = target.start || target.jump || !started_;
  started_ = true;
  resize(target, jump);
  target.width = window_.width;
  target.height = window_.height;
  target.x = jump ? x_->jump(x) : x_->step(x);
  target.y = jump ? y_->jump(y) : y_->step(y);
  return target;
}

}  // namespace smartcrop
