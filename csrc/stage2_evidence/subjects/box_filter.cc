// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/box_filter.h"

#include <algorithm>
#include <cmath>

#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

// No side is smaller, whatever the filter extrapolates: a thousandth of the picture.
constexpr double kLeastSide = 1e-3;

double squared(double value) { return value * value; }

SteadyAxis start(double at, double unit, double noise, double speed_noise) {
  SteadyAxis axis;
  axis.at = at;
  axis.at_at = squared(noise * unit);
  axis.speed_speed = squared(speed_noise * unit);
  return axis;
}

}  // namespace

void SteadyAxis::move_on(double seconds, double density) {
  at += seconds * speed;
  at_at += seconds * (2 * at_speed + seconds * speed_speed) + density * std::pow(seconds, 3) / 3;
  at_speed += seconds * speed_speed + density * squared(seconds) / 2;
  speed_speed += seconds * density;
}

void SteadyAxis::correct(double found, double variance) {
  const double off = found - at;
  const double share = at_at / (at_at + variance), speed_share = at_speed / (at_at + variance);
  at += share * off;
  speed += speed_share * off;
  speed_speed -= speed_share * at_speed;
  at_speed *= 1 - share;
  at_at *= 1 - share;
}

void SteadyAxis::scale(double factor) {
  at *= factor;
  speed *= factor;
  for (double* variance : {&at_at, &at_speed, &speed_speed}) *variance *= squared(factor);
}

BoxFilter::BoxFilter(const Box& found, double aspect) : aspect_(aspect) {
  width_.at = found.width;
  height_.at = found.height;
  const double across = size(), down = across * aspect_;
  using namespace following;
  x_ = start(found.x + found.width / 2, across, kFoundNoise, kStartSpeed);
  y_ = start(found.y + found.height / 2, down, kFoundNoise, kStartSpeed);
  width_ = start(found.width, across, kFoundSideNoise, kSideStartSpeed);
  height_ = start(found.height, down, kFoundSideNoise, kSideStartSpeed);
}

double BoxFilter::size() const {
  return std::sqrt(std::max(kLeastSide, width_.at) * std::max(kLeastSide, height_.at) / aspect_);
}

void BoxFilter::move_on(double seconds) {
  const double across = size(), down = across * aspect_;
  x_.move_on(seconds, squared(following::kPush * across));
  y_.move_on(seconds, squared(following::kPush * down));
  width_.move_on(seconds, squared(following::kSidePush * across));
  height_.move_on(seconds, squared(following::kSidePush * down));
}

void BoxFilter::correct(const Box& found) {
  const double across = size(), down = across * aspect_;
  x_.correct(found.x + found.width / 2, squared(following::kFoundNoise * across));
  y_.correct(found.y + found.height / 2, squared(following::kFoundNoise * down));
  width_.correct(found.width, squared(following::kFoundSideNoise * across));
  height_.correct(found.height, squared(following::kFoundSideNoise * down));
}

// The camera turns and zooms about the middle of the picture, in widths of it.
void BoxFilter::move_with(const CameraMotion& camera) {
  const double cosine = camera.a, sine = camera.b, zoom = std::hypot(cosine, sine);
  const double x = x_.at - 0.5, y = (y_.at - 0.5) / aspect_;
  const double speed_x = x_.speed, speed_y = y_.speed / aspect_;
  for (SteadyAxis* axis : {&x_, &y_, &width_, &height_}) axis->scale(zoom);
  x_.at = 0.5 + cosine * x - sine * y + camera.x;
  y_.at = 0.5 + aspect_ * (sine * x + cosine * y + camera.y);
  x_.speed = cosine * speed_x - sine * speed_y;
  y_.speed = aspect_ * (sine * speed_x + cosine * speed_y);
}

Box BoxFilter::box_after(double seconds) const {
  const double width = std::max(kLeastSide, width_.at), height = std::max(kLeastSide, height_.at);
  return {x_.at + seconds * x_.speed - width / 2, y_.at + seconds * y_.speed - height / 2, width,
          height};
}

}  // namespace smartcrop
