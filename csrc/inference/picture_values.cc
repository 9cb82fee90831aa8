// SPDX-License-Identifier: MIT
#include "inference/picture_values.h"

#include <algorithm>

namespace smartcrop {

PictureValues::PictureValues(const ModelInput& input) : bgr_(input.bgr) {
  for (size_t channel = 0; channel < 3; ++channel) {
    for (size_t sample = 0; sample < 256; ++sample) {
      const double value = static_cast<double>(sample) * input.range / 255;
      tables_[channel][sample] =
          static_cast<float>((value - input.mean[channel]) / input.std[channel]);
    }
  }
}

void PictureValues::fill(const Proxy& rgb, std::vector<float>* values) const {
  const size_t count = static_cast<size_t>(rgb.width) * static_cast<size_t>(rgb.height);
  values->resize(3 * count);
  for (size_t channel = 0; channel < 3; ++channel) {
    const std::vector<uint8_t>& plane = rgb.planes[bgr_ ? 2 - channel : channel];
    const std::array<float, 256>& table = tables_[channel];
    std::transform(plane.begin(), plane.begin() + static_cast<ptrdiff_t>(count),
                   values->begin() + static_cast<ptrdiff_t>(channel * count),
                   [&](uint8_t sample) { return table[sample]; });
  }
}

Proxy grey_picture(Size size) {
  Proxy grey;
  grey.width = size.width;
  grey.height = size.height;
  const size_t count = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
  for (auto& plane : grey.planes) plane.assign(count, 128);
  return grey;
}

}  // namespace smartcrop
