// SPDX-License-Identifier: MIT
#include "stage1_proxy/crop_maker.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

// Samples of a small picture that lie in [0, length) of the frame, along one axis.
struct Inside {
  int first, last;
};
Inside inside_of(double start, double side, int length, int samples) {
  const double step = side / samples;
  const auto index = [&](double at) {
    return static_cast<int>(std::lround(std::clamp((at - start) / step, 0.0, 1.0 * samples)));
  };
  return {index(0), index(length)};
}

}  // namespace

CropMaker::CropMaker(const smartcrop_stream& stream, Size size)
    : picture_{stream.width, stream.height},
      size_(size),
      depth_(stream.format.depth),
      layout_(stream.format),
      colour_(stream, size, ProxyColour::kRgb) {}

// Chroma is taken to be sited as in proxy.cc.
const PlaneScaler& CropMaker::scaler(size_t plane, const Window& part, Origin* origin) {
  const double factor_w = 1 << layout_.shift_w[plane], factor_h = 1 << layout_.shift_h[plane];
  const Region region{part.x / factor_w + (factor_w - 1) / (2 * factor_w), part.y / factor_h,
                      part.width / factor_w, part.height / factor_h};
  const ScaleShape shape = window_of_plane(depth_, ScaleFilter::kBilinear, region, size_, origin);
  std::optional<PlaneScaler>& kept = scalers_[plane];
  if (!kept || !(kept->shape() == shape)) kept.emplace(shape);
  return *kept;
}

void CropMaker::make(const smartcrop_frame& frame, const Window& part,
                     std::array<uint8_t, 3> outside, Proxy* rgb) {
  for (int plane = 0; plane < colour_.planes(); ++plane) {
    Origin origin;
    const PlaneScaler& scale = scaler(static_cast<size_t>(plane), part, &origin);
    scale.run(plane_of(frame, layout_, plane, picture_), origin, colour_.plane(plane), &scratch_);
  }
  colour_.make(&scratch_.graph, rgb);
  const Inside columns = inside_of(part.x, part.width, picture_.width, size_.width);
  const Inside rows = inside_of(part.y, part.height, picture_.height, size_.height);
  for (size_t i = 0; i < rgb->planes.size(); ++i) {
    for (int y = 0; y < size_.height; ++y) {
      const auto row = rgb->planes[i].begin() + static_cast<ptrdiff_t>(y) * size_.width;
      const bool out = y < rows.first || y >= rows.last;
      std::fill(row, row + (out ? size_.width : columns.first), outside[i]);
      if (!out) std::fill(row + columns.last, row + size_.width, outside[i]);
    }
  }
}

}  // namespace smartcrop
