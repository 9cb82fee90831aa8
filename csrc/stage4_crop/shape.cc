// SPDX-License-Identifier: MIT
#include "stage4_crop/shape.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

// The largest window of the run's shape within the content.
ShotShape largest(const Box& content, const Geometry& geometry) {
  const double width = geometry.window_width / geometry.source_width;
  const double height = geometry.window_height / geometry.source_height;
  const double scale = std::min({1.0, content.width / width, content.height / height});
  // Without borders the window keeps its whole pixels.
  return {content, width * scale, height * scale, false, false, ""};
}

void widen(ShotShape* shape, Axis axis, double needed, const char* why) {
  const Span content = along(shape->content, axis);
  double& side = axis == Axis::kX ? shape->width : shape->height;
  if (needed <= side) return;
  side = std::min(needed + 2 * camera::kMargin, content.highest - content.lowest);
  shape->fit = true;
  shape->why = why;
}

// Borders are found more exactly from frame to frame. Within a shot only a large change is taken.
Box content_of(const std::deque<Sample>& samples, const ShotShape* before) {
  const Box now = samples.empty() ? Box() : samples.back().content;
  if (before == nullptr) return now;
  const Box& old = before->content;
  const double change = std::max({std::abs(now.x - old.x), std::abs(now.y - old.y),
                                  std::abs(now.x + now.width - old.x - old.width),
                                  std::abs(now.y + now.height - old.y - old.height)});
  return change < camera::kSameBorders ? old : now;
}

// The longest span that the required boxes of one sample take.
double longest_required(const std::deque<Sample>& samples, Axis axis) {
  double needed = 0;
  for (const Sample& sample : samples) {
    const Span span = required_span(sample, axis);
    needed = std::max(needed, span.highest - span.lowest);
  }
  return needed;
}

// The span of a sample's text, if there is enough of it that the shot is about the text; else 0.
double page_of(const Sample& sample, Axis axis) {
  double area = 0;
  for (const Subject& region : sample.regions) {
    if (region.kind == SubjectKind::kText) area += region.box.width * region.box.height;
  }
  if (area < camera::kTextArea) return 0;
  const Span span = span_of(
      sample, axis, [](const Subject& region) { return region.kind == SubjectKind::kText; });
  return span.highest - span.lowest;
}

bool asks_for_subject(const Sample& sample) {
  return std::any_of(sample.regions.begin(), sample.regions.end(),
                     [](const Subject& region) { return region.followed; });
}

// The longest such span, if there is text in enough of the samples; else 0.
double longest_page(const std::deque<Sample>& samples, Axis axis) {
  // Who asks for a subject does not ask for the text.
  if (std::any_of(samples.begin(), samples.end(), asks_for_subject)) return 0;
  double needed = 0, seen_s = 0, all_s = 1e-9;
  for (const Sample& sample : samples) {
    const double page = page_of(sample, axis);
    if (page > 0) seen_s += sample.length_s;
    all_s += sample.length_s;
    needed = std::max(needed, page);
  }
  return seen_s >= camera::kOftenEnough * all_s ? needed : 0;
}

void fit_what_is_wide(const std::deque<Sample>& samples, ShotShape* shape) {
  for (const Axis axis : {Axis::kX, Axis::kY}) {
    widen(shape, axis, longest_required(samples, axis),
          "the required boxes do not fit into the window");
    const double text = longest_page(samples, axis);
    if (camera::kLegible * text <= shape->window(axis)) continue;
    widen(shape, axis, text, "the text does not fit into the window");
    shape->shows_text = true;
  }
}

// The length of the shortest part of a profile that holds this share of it.
double shortest_stretch(const std::vector<float>& profile, double share) {
  const size_t cells = profile.size() - 1;
  size_t shortest = cells, end = 0;
  for (size_t begin = 0; begin < cells; ++begin) {
    while (end < cells && profile[end] - profile[begin] < share) ++end;
    if (profile[end] - profile[begin] < share) break;
    shortest = std::min(shortest, end - begin);
  }
  return static_cast<double>(shortest) / static_cast<double>(cells);
}

// The share of the side that a window needs for the subjects of a sample; 1 if that is not known.
double needed_by(const Sample& sample, Axis axis) {
  const bool asked = asks_for_subject(sample);
  const Span boxes = span_of(sample, axis, [asked](const Subject& region) {
    return asked ? region.followed : region.kind != SubjectKind::kText;
  });
  if (boxes.highest > boxes.lowest) return camera::kSubjectRoom * (boxes.highest - boxes.lowest);
  if (sample.confidence < camera::kZoomTrusts) return 1;
  return camera::kZoomRoom * shortest_stretch(sample.profile.along(axis), camera::kZoomHolds);
}

// The zoom at which the subject is still seen in nearly all of the samples.
double zoom_for(const std::deque<Sample>& samples, const ShotShape& shape, double most) {
  std::vector<double> zooms;
  for (const Sample& sample : samples) {
    const double x = shape.width / needed_by(sample, Axis::kX);
    const double y = shape.height / needed_by(sample, Axis::kY);
    zooms.push_back(std::min(x, y));
  }
  if (zooms.empty()) return 1;
  const double missed = camera::kZoomMisses * static_cast<double>(zooms.size());
  const auto chosen = zooms.begin() + static_cast<std::ptrdiff_t>(missed);
  std::nth_element(zooms.begin(), chosen, zooms.end());
  return std::clamp(*chosen, 1.0, most);
}

}  // namespace

bool ShotShape::operator==(const ShotShape& other) const {
  return content.x == other.content.x && content.y == other.content.y &&
         content.width == other.content.width && content.height == other.content.height &&
         width == other.width && height == other.height && fit == other.fit &&
         shows_text == other.shows_text;
}

ShotShape choose_shape(const std::deque<Sample>& samples, const Geometry& geometry,
                       const Options& options, const ShotShape* before) {
  const Box content = content_of(samples, before);
  ShotShape shape = largest(content, geometry);
  if (options.strategy == StrategyChoice::kFit) {
    return {content, content.width, content.height, true, false, "the option strategy asks for it"};
  }
  if (options.strategy == StrategyChoice::kAuto) {
    fit_what_is_wide(samples, &shape);
    if (before != nullptr && before->fit) {
      shape.shows_text = shape.shows_text || before->shows_text;
      widen(&shape, Axis::kX, before->width - 2 * camera::kMargin, before->why);
      widen(&shape, Axis::kY, before->height - 2 * camera::kMargin, before->why);
    }
  }
  if (shape.fit || options.zoom <= 1) return shape;
  double zoom = 1;
  if (before == nullptr) {
    zoom = zoom_for(samples, shape, options.zoom);
  } else if (!before->fit) {
    zoom = std::clamp(shape.width / before->width, 1.0, options.zoom);
  }
  shape.width /= zoom;
  shape.height /= zoom;
  return shape;
}

}  // namespace smartcrop
