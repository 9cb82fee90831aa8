// SPDX-License-Identifier: MIT
#include "geometry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

constexpr int kLongestSide = 32768;
// A size in whole or even numbers is less than this off the exact shape, whichever way it was
// rounded.
constexpr double kRoundingPx = 2;

// The fraction with parts from 1 to 65535 that is nearest to value (continued fractions).
void nearest_fraction(double value, int* num, int* den) {
  value = std::clamp(value, 1.0 / 65535, 65535.0);
  double p0 = 0, q0 = 1, p1 = 1, q1 = 0, rest = value;
  for (int i = 0; i < 32; ++i) {
    const double whole = std::floor(rest);
    const double p2 = whole * p1 + p0, q2 = whole * q1 + q0;
    if (p2 > 65535 || q2 > 65535) break;
    p0 = p1, q0 = q1, p1 = p2, q1 = q2;
    if (std::abs(value - p1 / q1) < 1e-9 * value) break;
    rest = 1 / (rest - whole);
  }
  *num = static_cast<int>(p1);
  *den = static_cast<int>(q1);
}

std::string shape_text(double aspect) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, std::end(buffer), aspect).ptr);
}

// Nearest multiple of step that fits; encoders of subsampled formats want even sides.
int fitted_side(double side, int limit, int step) {
  const int most = limit / step * step;
  const int nearest = static_cast<int>(std::lround(side / step)) * step;
  return std::clamp(nearest, 0, most);
}

void check_stream(const smartcrop_stream& stream) {
  const smartcrop_pixel_format& format = stream.format;
  const std::string size = std::to_string(stream.width) + "x" + std::to_string(stream.height);
  if (stream.width < 1 || stream.height < 1 || stream.width > kLongestSide ||
      stream.height > kLongestSide) {
    throw Error(SMARTCROP_ERROR_FORMAT,
                "a picture of " + size + " cannot be cropped; sides go from 1 to 32768");
  }
  const bool known =
      format.family >= SMARTCROP_GREY && format.family <= SMARTCROP_RGB &&
      ((format.depth >= 8 && format.depth <= 16) || format.depth == 32) &&
      format.subsampling_w >= 0 && format.subsampling_w <= 2 && format.subsampling_h >= 0 &&
      format.subsampling_h <= 2 &&
      (format.family == SMARTCROP_YUV || (format.subsampling_w == 0 && format.subsampling_h == 0));
  if (!known) {
    throw Error(
        SMARTCROP_ERROR_FORMAT,
        "unknown pixel format; planar YUV, RGB and grey of 8 to 16 bits or floats are read");
  }
  if (stream.time_base_num <= 0 || stream.time_base_den <= 0) {
    throw Error(SMARTCROP_ERROR_ARGUMENT, "the time base must be above 0");
  }
}

double place_side(double centre, double window, int source, int step) {
  const double slack = std::max(0.0, source - window);
  double at = std::clamp(centre * source - window / 2, 0.0, slack);
  if (step == 0) return at;
  at = std::round(at / step) * step;
  return at > slack ? std::floor(slack / step) * step : at;
}

}  // namespace

Shape shape_of(const Options& options) {
  Shape shape;
  shape.aspect = options.aspect.value();
  shape.output = options.size;
  shape.subpixel = options.subpixel;
  if (shape.aspect > 0)
    check_same_shape("aspect " + text_of(options.aspect), shape.aspect, shape.output);
  return shape;
}

void check_same_shape(const std::string& what, double aspect, Size size) {
  if (size.width == 0) return;
  const double width = size.height * aspect, height = size.width / aspect;
  if (std::abs(width - size.width) < kRoundingPx || std::abs(height - size.height) < kRoundingPx) {
    return;
  }
  std::string sentence = what + " and size " + std::to_string(size.width) + "x" +
                         std::to_string(size.height) +
                         " are two different shapes; leave one of them out";
  if (height >= 1 && height <= kLongestSide) {
    sentence += ", or ask for size " + std::to_string(size.width) + "x" +
                std::to_string(fitted_side(height, kLongestSide, 2));
  }
  throw Error(SMARTCROP_ERROR_OPTION, sentence);
}

double sample_aspect(const smartcrop_stream& stream) {
  const bool known = stream.sar_num > 0 && stream.sar_den > 0;
  return known ? static_cast<double>(stream.sar_num) / stream.sar_den : 1.0;
}

Geometry make_geometry(const Shape& wanted, const smartcrop_stream& stream) {
  check_stream(stream);
  Geometry geometry;
  geometry.source_width = stream.width;
  geometry.source_height = stream.height;
  geometry.output = wanted.output;
  const bool sized = wanted.output.width > 0;
  double aspect = wanted.aspect;
  if (aspect == 0) {
    aspect = sized ? static_cast<double>(wanted.output.width) / wanted.output.height : 9.0 / 16;
  }
  const double shape = aspect / sample_aspect(stream);  // of the window, in pixels
  double width = stream.width, height = stream.height;
  if (width > height * shape) {
    width = height * shape;
  } else {
    height = width / shape;
  }

  const int chroma_x = 1 << stream.format.subsampling_w;
  const int chroma_y = 1 << stream.format.subsampling_h;
  const int whole_width =
      fitted_side(width, stream.width, stream.width > 1 ? std::max(2, chroma_x) : 1);
  const int whole_height =
      fitted_side(height, stream.height, stream.height > 1 ? std::max(2, chroma_y) : 1);
  if (whole_width < 1 || whole_height < 1) {
    throw Error(SMARTCROP_ERROR_FORMAT,
                "a window of shape " + shape_text(aspect) + " in a picture of " +
                    std::to_string(stream.width) + "x" + std::to_string(stream.height) +
                    " has no pixels; ask for a shape nearer to the picture's");
  }
  const bool scaled =
      sized && (geometry.output.width != whole_width || geometry.output.height != whole_height);
  if (scaled) {
    geometry.window_width = width;
    geometry.window_height = height;
    const double out_sar = aspect * geometry.output.height / geometry.output.width;
    // The rounding of an output side to whole pixels is no reason to tag odd pixel shapes.
    const double rounding = 1.0 / std::min(geometry.output.width, geometry.output.height);
    geometry.sar_num = geometry.sar_den = 1;
    if (std::abs(out_sar - 1) > rounding) {
      nearest_fraction(out_sar, &geometry.sar_num, &geometry.sar_den);
    }
    return geometry;
  }
  geometry.window_width = whole_width;
  geometry.window_height = whole_height;
  geometry.output = {whole_width, whole_height};
  const bool has_sar = stream.sar_num > 0 && stream.sar_den > 0;
  geometry.sar_num = has_sar ? stream.sar_num : 0;
  geometry.sar_den = has_sar ? stream.sar_den : 1;
  if (!wanted.subpixel) {
    geometry.step_x = chroma_x;
    geometry.step_y = 2 * chroma_y;  // keeps the fields of interlaced video in place
  }
  return geometry;
}

Position place_window(const Geometry& geometry, double centre_x, double centre_y) {
  return {place_side(centre_x, geometry.window_width, geometry.source_width, geometry.step_x),
          place_side(centre_y, geometry.window_height, geometry.source_height, geometry.step_y)};
}

}  // namespace smartcrop
