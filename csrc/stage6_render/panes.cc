// SPDX-License-Identifier: MIT
#include "stage6_render/panes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

// Windows are moved to this grid, in luma samples. It is finer than viewers can see. It is so
// coarse that a moving window meets the same phases again, whose filters are kept.
constexpr double kSteps = 16;
// How far a window may leave the picture by the rounding of its sides.
constexpr double kSlack = 1e-3;
// Windows this small (in luma samples) show one sample; smaller ones have filters of no length.
constexpr double kLeastSide = 1e-3;
// If the bars beside a window would take less than this share of the output, the window is
// stretched over them. Nobody sees that, but viewers see a line of padding.
constexpr double kStretch = 0.01;

double to_grid(double position) { return std::round(position * kSteps) / kSteps; }

std::string number_text(double value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, std::end(buffer), value).ptr);
}

std::string text_of(const Window& window) {
  return number_text(window.width) + "x" + number_text(window.height) + " at " +
         number_text(window.x) + "," + number_text(window.y);
}

std::string text_of(Size size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(SMARTCROP_ERROR_ARGUMENT, sentence);
}

// The comparisons are false for a value that is not a number.
bool is_inside(double start, double length, int picture) {
  return length >= kLeastSide && start >= -kSlack && start + length <= picture + kSlack;
}

bool is_inside(const Window& window, Size picture) {
  return is_inside(window.x, window.width, picture.width) &&
         is_inside(window.y, window.height, picture.height);
}

bool is_multiple(double position, int step) { return std::fmod(position, step) == 0; }

// The nearest multiple of step that leaves room for a step of the window.
int whole_bar(double bar, int side, int step) {
  const int most = std::max(0, (side - step) / 2 / step * step);
  return std::min(static_cast<int>(std::lround(bar / step)) * step, most);
}

// A side of a pane: both ends on the nearest steps, or at the end of the output; a step at least.
struct Ends {
  int first, last;
};
Ends whole_steps(double start, double length, int side, int step) {
  const auto nearest = [=](double at) {
    if (at >= side - kSlack) return side;
    return std::clamp(static_cast<int>(std::lround(at / step)) * step, 0, side);
  };
  Ends ends{nearest(start), nearest(start + length)};
  if (ends.first < ends.last) return ends;
  ends.first = std::min(ends.first, (side - 1) / step * step);
  return {ends.first, std::min(ends.first + step, side)};
}

// Where a stretch of luma lies in a plane that holds 1 / factor as many samples. The scaled-up
// samples keep their siting: sited is how far a plane's sample lies from the middle of the luma
// samples that it covers, in luma samples.
struct Stretch {
  double start, length;
};
Stretch in_plane(Stretch luma, int factor, double scale, double sited, int target) {
  return {luma.start / factor + sited * (scale - 1) / factor, scale * target};
}

}  // namespace

std::vector<Pane> panes_of(const smartcrop_decision& decision) {
  const int32_t count = decision.pane_count;
  if (count < 0 || count > kMostPanes) {
    refuse("the decision has a pane_count of " + std::to_string(count) + ", not 0 to " +
           std::to_string(kMostPanes));
  }
  if (count > 0 && decision.panes == nullptr) {
    refuse("the decision has a pane_count of " + std::to_string(count) + " and no panes");
  }
  std::vector<Pane> panes;
  for (int32_t i = 0; i < count; ++i) {
    const smartcrop_pane& pane = decision.panes[i];
    panes.push_back({{pane.x, pane.y, pane.width, pane.height},
                     {pane.to_x, pane.to_y, pane.to_width, pane.to_height}});
  }
  return panes;
}

PaneLayout::PaneLayout(const smartcrop_stream& stream, Size output, double shape)
    : source_{stream.width, stream.height}, output_(output), planes_(stream.format), shape_(shape) {
  if (stream.width < 1 || stream.height < 1 || output.width < 1 || output.height < 1) {
    throw Error(SMARTCROP_ERROR_FORMAT, "cannot render " + text_of(output) +
                                            " out of a picture of " + text_of(source_) +
                                            ": both need at least one sample");
  }
  for (int plane = 0; plane < planes_.count; ++plane) {
    step_.width = std::max(step_.width, 1 << planes_.shift_w[static_cast<size_t>(plane)]);
    step_.height = std::max(step_.height, 1 << planes_.shift_h[static_cast<size_t>(plane)]);
  }
  if (shape_ == 0) shape_ = static_cast<double>(output.width) / output.height;
}

Window PaneLayout::on_grid(const Window& window, const std::string& owner) const {
  if (!is_inside(window, source_)) {
    refuse("the window " + owner + text_of(window) + " is not inside the picture of " +
           text_of(source_));
  }
  Window inside = window;
  inside.x = to_grid(std::clamp(window.x, 0.0, std::max(0.0, source_.width - window.width)));
  inside.y = to_grid(std::clamp(window.y, 0.0, std::max(0.0, source_.height - window.height)));
  return inside;
}

PlacedPane PaneLayout::fit(const Window& wanted) const {
  const Window window = on_grid(wanted, "");
  const double shape = window.width / window.height / shape_;
  PlacedPane placed{window, whole(output_)};
  const double bars_x = std::max(0.0, output_.width * (1 - shape)) / 2;
  const double bars_y = std::max(0.0, output_.height * (1 - 1 / shape)) / 2;
  if (2 * bars_x > kStretch * output_.width) {
    const int bar = whole_bar(bars_x, output_.width, step_.width);
    placed.to.left = bar;
    placed.to.right -= bar;
  }
  if (2 * bars_y > kStretch * output_.height) {
    const int bar = whole_bar(bars_y, output_.height, 2 * step_.height);
    placed.to.top = bar;
    placed.to.bottom -= bar;
  }
  return placed;
}

std::vector<PlacedPane> PaneLayout::place(const std::vector<Pane>& panes) const {
  std::vector<PlacedPane> placed;
  for (const Pane& pane : panes) {
    const std::string number = std::to_string(placed.size());
    const Window from = on_grid(pane.from, "of pane " + number + ", ");
    if (!is_inside(pane.to, output_)) {
      refuse("pane " + number + " goes to " + text_of(pane.to) +
             ", which is not inside the output of " + text_of(output_));
    }
    const Ends x = whole_steps(pane.to.x, pane.to.width, output_.width, step_.width);
    const Ends y = whole_steps(pane.to.y, pane.to.height, output_.height, 2 * step_.height);
    placed.push_back({from, {x.first, y.first, x.last, y.last}});
  }
  return placed;
}

bool PaneLayout::is_full(const PlacedPane& pane) const {
  return pane.to.width() == output_.width && pane.to.height() == output_.height;
}

bool PaneLayout::is_exact(const PlacedPane& pane) const {
  const Window& window = pane.from;
  const bool is_unscaled = window.width == output_.width && window.height == output_.height;
  const bool fits = output_.width <= source_.width && output_.height <= source_.height;
  // Fields stay in place, chroma's too, for an even number of rows of every plane.
  return is_unscaled && fits && is_multiple(window.x, step_.width) &&
         is_multiple(window.y, 2 * step_.height);
}

bool PaneLayout::mixes_fields(const PlacedPane& pane) const {
  const int rows = 2 * step_.height, height = pane.to.height();
  const bool in_place =
      pane.from.height == height && is_multiple(pane.from.y, rows) && is_full(pane);
  return !in_place && source_.height >= rows && height >= rows;
}

Rectangle PaneLayout::in_part(const PlacedPane& pane, const Part& part) const {
  const int w = planes_.shift_w[static_cast<size_t>(part.plane)];
  const int h = planes_.shift_h[static_cast<size_t>(part.plane)];
  const auto samples = [](int luma, int shift) { return (luma + (1 << shift) - 1) >> shift; };
  Rectangle to{pane.to.left >> w, pane.to.top >> h, samples(pane.to.right, w),
               samples(pane.to.bottom, h)};
  if (part.field < 0) return to;
  to.top = (to.top - part.field + 1) / 2;
  to.bottom = (to.bottom - part.field + 1) / 2;
  return to;
}

void PanePainter::draw(const PlacedPane& pane, const Part& part, const ConstPlane& from,
                       const Plane& target) {
  const Region region = region_of(pane, part, target.size);
  Origin origin;
  const ScaleShape shape = window_of_plane(depth_, filter_, region, target.size, &origin);
  scalers_.run(shape, from, origin, target);
}

// Chroma lies on the first luma sample of those that it covers, as in MPEG-2.
//
// Row k of a field lies at row 2k + field of the frame. So a window from y on begins in the field
// at (y + shift) / 2, where the shift makes up for the rows of the other field above (source) and
// below (output) it; chroma of the fields is sited a quarter row up and down.
Region PanePainter::region_of(const PlacedPane& pane, const Part& part, Size target) const {
  const Window& window = pane.from;
  const int factor_w = 1 << planes_.shift_w[static_cast<size_t>(part.plane)];
  const int factor_h = 1 << planes_.shift_h[static_cast<size_t>(part.plane)];
  const double scale_x = window.width / pane.to.width();
  const double scale_y = window.height / pane.to.height();
  Stretch rows{window.y, window.height};
  double sited = 0;
  if (part.field >= 0) {
    rows = {window.y / 2 + (scale_y - 1) * (part.field / 2.0 - 0.25), window.height / 2};
    sited = factor_h == 1 ? 0 : part.field / 2.0 - 0.25;
  }
  const Stretch x =
      in_plane({window.x, window.width}, factor_w, scale_x, (1 - factor_w) / 2.0, target.width);
  const Stretch y = in_plane(rows, factor_h, scale_y, sited, target.height);
  return {x.start, y.start, x.length, y.length};
}

}  // namespace smartcrop
