// SPDX-License-Identifier: MIT
// Luma thinned by a whole factor: small, and as sharp as letters need.
#ifndef SMARTCROP_STAGE1_PROXY_THIN_LUMA_H_
#define SMARTCROP_STAGE1_PROXY_THIN_LUMA_H_

#include <cstdint>
#include <vector>

#include "picture/planes.h"

namespace smartcrop {

inline Size thinned_size(Size picture, int factor) {
  return {picture.width / factor, picture.height / factor};
}

// Of each square of factor x factor samples, the mean of two from its middle row, in 8 bits. The
// depth is 8 to 16 bits, or 32 for floats.
void thin_luma(const ConstPlane& luma, int depth, int factor, std::vector<uint8_t>* to);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE1_PROXY_THIN_LUMA_H_
