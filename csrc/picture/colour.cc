// SPDX-License-Identifier: MIT
#include "picture/colour.h"

#include <cstring>

#include "picture/zimg_graph.h"

namespace smartcrop {
namespace {

double read_sample(const uint8_t* memory, int depth) {
  if (depth == 8) return *memory;
  if (depth == 32) {
    float value;
    std::memcpy(&value, memory, sizeof(value));
    return static_cast<double>(value);
  }
  uint16_t value;
  std::memcpy(&value, memory, sizeof(value));
  return value;
}

}  // namespace

zimg_matrix_coefficients_e matrix_of(const smartcrop_stream& stream) {
  switch (stream.matrix) {
    case ZIMG_MATRIX_BT709:
    case ZIMG_MATRIX_FCC:
    case ZIMG_MATRIX_BT470_BG:
    case ZIMG_MATRIX_ST170_M:
    case ZIMG_MATRIX_ST240_M:
    case ZIMG_MATRIX_YCGCO:
    case ZIMG_MATRIX_BT2020_NCL:
      return static_cast<zimg_matrix_coefficients_e>(stream.matrix);
    case ZIMG_MATRIX_BT2020_CL:
    case ZIMG_MATRIX_ICTCP:
      return ZIMG_MATRIX_BT2020_NCL;
    default:
      return stream.height >= 720 ? ZIMG_MATRIX_BT709 : ZIMG_MATRIX_ST170_M;
  }
}

zimg_pixel_range_e range_of(const smartcrop_stream& stream) {
  const bool full = stream.format.family == SMARTCROP_RGB || stream.full_range == 1;
  return full ? ZIMG_RANGE_FULL : ZIMG_RANGE_LIMITED;
}

std::array<double, 4> samples_of(const Colour& colour, const smartcrop_stream& stream) {
  const smartcrop_pixel_format& format = stream.format;
  zimg_image_format source = zimg_format({1, 1}, 8), target = zimg_format({1, 1}, format.depth);
  source.color_family = ZIMG_COLOR_RGB;
  source.matrix_coefficients = target.matrix_coefficients = ZIMG_MATRIX_RGB;
  target.color_family = ZIMG_COLOR_RGB;
  target.pixel_range = range_of(stream);
  if (format.family != SMARTCROP_RGB) {
    // Of grey the Y is taken: a grey target would leave the matrix to zimg.
    target.color_family = ZIMG_COLOR_YUV;
    target.matrix_coefficients = matrix_of(stream);
  }
  zimg_graph_builder_params parameters;
  zimg_graph_builder_params_default(&parameters, ZIMG_API_VERSION);
  const ZimgGraph graph(source, target, parameters);

  std::array<AlignedBuffer, 3> in, out;
  AlignedBuffer scratch;
  zimg_image_buffer_const from{ZIMG_API_VERSION, {}};
  zimg_image_buffer to{ZIMG_API_VERSION, {}};
  constexpr ptrdiff_t kRow = kZimgAlignment;
  for (size_t i = 0; i < 3; ++i) {
    uint8_t* const sample = in[i].reserve(kRow);
    std::memset(sample, colour[i], kRow);
    from.plane[i] = {sample, kRow, ZIMG_BUFFER_MAX};
    to.plane[i] = {out[i].reserve(kRow), kRow, ZIMG_BUFFER_MAX};
  }
  graph.process(from, to, &scratch, {}, {});

  std::array<double, 4> samples{};
  for (size_t i = 0; i < 3; ++i) {
    // zimg has R, G, B where frames have G, B, R.
    const size_t plane = format.family == SMARTCROP_RGB ? (i + 2) % 3 : i;
    samples[plane] = read_sample(static_cast<const uint8_t*>(to.plane[i].data), format.depth);
  }
  if (format.alpha != 0) {
    const size_t plane = format.family == SMARTCROP_GREY ? 1 : 3;
    samples[plane] = format.depth == 32 ? 1 : (1 << format.depth) - 1;
  }
  return samples;
}

}  // namespace smartcrop
