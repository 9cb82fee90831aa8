// SPDX-License-Identifier: MIT
// Blur and edge are made on a small picture in floats, and scaled up by a smooth filter. So they
// cost little more than writing the bars. All is read from the pane that was drawn first. So
// nothing of the frame beside its window shows, such as borders of the source.
#include "stage6_render/background.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "picture/colour.h"
#include "stage6_render/small_picture.h"

namespace smartcrop {
namespace {

// Samples along the shorter side of the output in the small picture of each kind.
constexpr double kBlurSide = 60;
constexpr double kEdgeSide = 180;
// Standard deviation of the blur, in its samples: a thirtieth of the shorter side.
constexpr double kBlurSigma = 2;
// A blurred picture keeps this share of its light, so that viewers look at the window.
constexpr float kBlurLight = 0.6F;
// This part of the window is averaged into its edge, since one row alone would flicker.
constexpr double kEdgeDepth = 1.0 / 120;

// The largest part of the middle that has the shape of the whole plane.
Region covering(Size inner, Size whole) {
  const double shape = static_cast<double>(whole.width) / whole.height;
  const double width = std::min<double>(inner.width, inner.height * shape);
  const double height = std::min<double>(inner.height, inner.width / shape);
  return {(inner.width - width) / 2, (inner.height - height) / 2, width, height};
}

// Which side of the window a bar lies on.
struct Side {
  bool beside = false;  // left or right of it
  bool before = false;  // left of it or above it
};

Side side_of(const Rectangle& inner, const Rectangle& bar) {
  const bool beside = bar.left >= inner.right || bar.right <= inner.left;
  return {beside, beside ? bar.left < inner.left : bar.top < inner.top};
}

// The outermost samples of the window along a bar.
Rectangle strip_along(const Rectangle& inner, const Side& side) {
  const int across = side.beside ? inner.width() : inner.height();
  const int deep = std::max(1, static_cast<int>(std::lround(across * kEdgeDepth)));
  Rectangle strip = inner;
  if (side.beside) {
    (side.before ? strip.right : strip.left) = side.before ? inner.left + deep : inner.right - deep;
  } else {
    (side.before ? strip.bottom : strip.top) = side.before ? inner.top + deep : inner.bottom - deep;
  }
  return strip;
}

// Draws a line of samples out over a bar. It gets softer with every step away from the window,
// since lines that stay sharp look like a fault of the picture.
Small drawn_out(const Small& line, const Side& side, Size size) {
  static const std::vector<float> kStep = {0.25F, 0.5F, 0.25F};
  Small bar{size, std::vector<float>(static_cast<size_t>(size.width * size.height))};
  std::vector<float> values = line.values, scratch;
  const int count = static_cast<int>(values.size());
  const int steps = side.beside ? size.width : size.height;
  for (int step = 0; step < steps; ++step) {
    const int at = side.before ? steps - 1 - step : step;
    for (int i = 0; i < count; ++i) {
      (side.beside ? bar.at(at, i) : bar.at(i, at)) = values[static_cast<size_t>(i)];
    }
    blur_line(values.data(), count, 1, kStep, &scratch);
  }
  return bar;
}

ConstPlane readable(const Plane& plane) { return {plane.data, plane.stride, plane.size}; }

}  // namespace

Background::Background(const smartcrop_stream& stream, Size output, PadKind kind,
                       const Colour& colour)
    : kind_(kind),
      depth_(stream.format.depth),
      sample_bytes_(PlaneLayout(stream.format).sample_bytes),
      alpha_plane_(stream.format.alpha == 0 ? -1 : PlaneLayout(stream.format).count - 1),
      output_(output),
      colour_(samples_of(colour, stream)),
      black_(samples_of({0, 0, 0}, stream)) {}

void Background::fill(int plane, const Plane& to, const Rectangle& first,
                      const std::vector<Rectangle>& others) {
  std::vector<Rectangle> bars;
  for (const Rectangle& bar : bars_of(whole(to.size), first)) {
    if (!is_covered(bar, others)) bars.push_back(bar);
  }
  if (bars.empty()) return;
  if (kind_ == PadKind::kBlur && plane != alpha_plane_) return fill_blur(plane, to, first, bars);
  for (const Rectangle& bar : bars) {
    if (kind_ == PadKind::kEdge && plane != alpha_plane_) {
      fill_edge(to, first, bar);
    } else {
      const double value = colour_[static_cast<size_t>(plane)];
      fill_plane(part_of(to, bar, sample_bytes_), value, depth_);
    }
  }
}

// The size of the small picture for a part of a plane. It does not depend on the plane's
// subsampling, so that chroma and fields are blurred like luma and frames.
Size Background::small_size(Size samples, Size whole, double side) const {
  const double scale = std::min(1.0, side / std::min(output_.width, output_.height));
  const auto count = [scale](int part, int all, int output) {
    const double share = static_cast<double>(part) / all;
    return std::clamp(static_cast<int>(std::lround(share * output * scale)), 1, part);
  };
  return {count(samples.width, whole.width, output_.width),
          count(samples.height, whole.height, output_.height)};
}

// The window enlarged until it covers the output, strongly blurred and darker.
void Background::fill_blur(int plane, const Plane& to, const Rectangle& first,
                           const std::vector<Rectangle>& bars) {
  const Plane window = part_of(to, first, sample_bytes_);
  Samples small(small_size(to.size, to.size, kBlurSide), depth_);
  const Region cover = covering(window.size, to.size);
  scalers_.run(whole_plane(depth_, ScaleFilter::kBilinear, window.size, cover, small.plane.size),
               readable(window), {0, 0}, small.plane);

  Small values = floats_of(small, depth_);
  static const std::vector<float> kWeights = bell(kBlurSigma);
  blur(&values, kWeights);
  // Light scales with what lies above black in every plane, and so keeps its hue.
  const auto black = static_cast<float>(black_[static_cast<size_t>(plane)]);
  for (float& value : values.values) value = black + (value - black) * kBlurLight;
  small = samples_of_depth(values, depth_);

  const double scale_x = static_cast<double>(values.size.width) / to.size.width;
  const double scale_y = static_cast<double>(values.size.height) / to.size.height;
  for (const Rectangle& bar : bars) {
    const Region region{bar.left * scale_x, bar.top * scale_y, bar.width() * scale_x,
                        bar.height() * scale_y};
    const Plane target = part_of(to, bar, sample_bytes_);
    scalers_.run(whole_plane(depth_, ScaleFilter::kBicubic, values.size, region, target.size),
                 readable(small.plane), {0, 0}, target);
  }
}

void Background::fill_edge(const Plane& whole, const Rectangle& inner, const Rectangle& bar) {
  const Side side = side_of(inner, bar);
  const Plane strip = part_of(whole, strip_along(inner, side), sample_bytes_);
  const Plane target = part_of(whole, bar, sample_bytes_);
  const Size size = small_size(target.size, whole.size, kEdgeSide);
  const Size line_size = side.beside ? Size{1, size.height} : Size{size.width, 1};
  Samples line(line_size, depth_);
  const Region all{0, 0, static_cast<double>(strip.size.width),
                   static_cast<double>(strip.size.height)};
  scalers_.run(whole_plane(depth_, ScaleFilter::kBilinear, strip.size, all, line_size),
               readable(strip), {0, 0}, line.plane);

  const Samples small = samples_of_depth(drawn_out(floats_of(line, depth_), side, size), depth_);
  const Region small_all{0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
  scalers_.run(whole_plane(depth_, ScaleFilter::kBicubic, size, small_all, target.size),
               readable(small.plane), {0, 0}, target);
}

}  // namespace smartcrop
