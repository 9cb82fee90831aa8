// SPDX-License-Identifier: MIT
#include "stage1_proxy/small_colour.h"

#include <algorithm>
#include <cstdint>

#include "picture/colour.h"

namespace smartcrop {
namespace {

zimg_color_family_e family_of(const smartcrop_pixel_format& format) {
  if (format.family == SMARTCROP_GREY) return ZIMG_COLOR_GREY;
  return format.family == SMARTCROP_RGB ? ZIMG_COLOR_RGB : ZIMG_COLOR_YUV;
}

// zimg wants R, G, B where frames have G, B, R.
size_t zimg_plane(const smartcrop_pixel_format& format, size_t plane) {
  return format.family == SMARTCROP_RGB ? (plane + 1) % 3 : plane;
}

// Small picture in the source's format to small picture in the proxy's.
ZimgGraph colour_graph(const smartcrop_stream& stream, Size size, ProxyColour colour) {
  zimg_image_format source = zimg_format(size, stream.format.depth);
  source.color_family = family_of(stream.format);
  zimg_image_format target = zimg_format(size, 8);
  target.color_family = source.color_family;
  source.pixel_range = range_of(stream);
  if (source.color_family == ZIMG_COLOR_YUV) {
    source.matrix_coefficients = target.matrix_coefficients = matrix_of(stream);
    if (colour == ProxyColour::kRgb) {
      target.color_family = ZIMG_COLOR_RGB;
      target.matrix_coefficients = ZIMG_MATRIX_RGB;
    }
  } else if (source.color_family == ZIMG_COLOR_RGB) {
    source.matrix_coefficients = target.matrix_coefficients = ZIMG_MATRIX_RGB;
    if (colour == ProxyColour::kYuv) {
      target.color_family = ZIMG_COLOR_YUV;
      target.matrix_coefficients = ZIMG_MATRIX_BT709;
    }
  }
  zimg_graph_builder_params parameters;
  zimg_graph_builder_params_default(&parameters, ZIMG_API_VERSION);
  return ZimgGraph(source, target, parameters);
}

}  // namespace

SmallColour::SmallColour(const smartcrop_stream& stream, Size size, ProxyColour colour)
    : format_(stream.format),
      size_(size),
      colour_(colour),
      planes_(format_.family == SMARTCROP_GREY ? 1 : 3),
      stride_(aligned_row(size.width, PlaneLayout(format_).sample_bytes)),
      out_stride_(aligned_row(size.width, 1)),
      graph_(colour_graph(stream, size, colour)) {}

Plane SmallColour::plane(int plane) {
  AlignedBuffer& samples = small_[static_cast<size_t>(plane)];
  return {samples.reserve(stride_ * static_cast<size_t>(size_.height)),
          static_cast<ptrdiff_t>(stride_), size_};
}

void SmallColour::make(AlignedBuffer* scratch, Proxy* proxy) {
  zimg_image_buffer_const small{ZIMG_API_VERSION, {}};
  zimg_image_buffer result{ZIMG_API_VERSION, {}};
  for (int i = 0; i < planes_; ++i) {
    const auto at = static_cast<size_t>(i);
    const Plane samples = plane(i);
    small.plane[zimg_plane(format_, at)] = {samples.data, samples.stride, ZIMG_BUFFER_MAX};
    result.plane[at] = {result_[at].reserve(out_stride_ * static_cast<size_t>(size_.height)),
                        static_cast<ptrdiff_t>(out_stride_), ZIMG_BUFFER_MAX};
  }
  graph_.process(small, result, scratch, {}, {});
  hand_over(result, proxy);
}

void SmallColour::hand_over(const zimg_image_buffer& result, Proxy* proxy) const {
  proxy->width = size_.width;
  proxy->height = size_.height;
  const size_t samples = static_cast<size_t>(size_.width) * static_cast<size_t>(size_.height);
  for (size_t plane = 0; plane < proxy->planes.size(); ++plane) {
    std::vector<uint8_t>& to = proxy->planes[plane];
    to.resize(samples);
    const bool grey = planes_ == 1;
    if (grey && plane > 0 && colour_ == ProxyColour::kYuv) {
      std::fill(to.begin(), to.end(), uint8_t{128});
      continue;
    }
    const auto& from = result.plane[grey ? 0 : plane];
    const ConstPlane rows{static_cast<const uint8_t*>(from.data), from.stride, size_};
    copy_rows(rows, 0, 0, {to.data(), size_.width, size_}, 1);
  }
}

}  // namespace smartcrop
