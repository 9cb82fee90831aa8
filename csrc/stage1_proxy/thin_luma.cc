// SPDX-License-Identifier: MIT
#include "stage1_proxy/thin_luma.h"

#include <algorithm>
#include <cstring>

namespace smartcrop {
namespace {

template <typename T>
void thin_row(const uint8_t* row, int factor, float scale, int count, uint8_t* to) {
  for (int x = 0; x < count; ++x) {
    T one, two;
    std::memcpy(&one, row + static_cast<size_t>(x * factor) * sizeof(T), sizeof(T));
    std::memcpy(&two, row + static_cast<size_t>(x * factor + factor / 2) * sizeof(T), sizeof(T));
    const float value = (static_cast<float>(one) + static_cast<float>(two)) * scale;
    to[x] = static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F));
  }
}

template <>
void thin_row<uint8_t>(const uint8_t* row, int factor, float, int count, uint8_t* to) {
  for (int x = 0; x < count; ++x) {
    to[x] = static_cast<uint8_t>((row[x * factor] + row[x * factor + factor / 2] + 1) / 2);
  }
}

}  // namespace

// Only one row of each square is read: letters have several.
void thin_luma(const ConstPlane& luma, int depth, int factor, std::vector<uint8_t>* to) {
  const Size size = thinned_size(luma.size, factor);
  to->resize(static_cast<size_t>(size.width) * static_cast<size_t>(size.height));
  const float peak = depth == 32 ? 1 : static_cast<float>((1 << std::min(depth, 16)) - 1);
  const float scale = 255 / (2 * peak);
  for (int y = 0; y < size.height; ++y) {
    const uint8_t* const row = luma.row(y * factor + factor / 2);
    uint8_t* const thin = to->data() + static_cast<ptrdiff_t>(y) * size.width;
    if (depth == 8) thin_row<uint8_t>(row, factor, scale, size.width, thin);
    if (depth > 8 && depth <= 16) thin_row<uint16_t>(row, factor, scale, size.width, thin);
    if (depth == 32) thin_row<float>(row, factor, scale, size.width, thin);
  }
}

}  // namespace smartcrop
