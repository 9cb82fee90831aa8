// SPDX-License-Identifier: MIT
// A part of a full-size frame as a small RGB picture, whatever its pixel format. Source: zimg.
#ifndef SMARTCROP_STAGE1_PROXY_CROP_MAKER_H_
#define SMARTCROP_STAGE1_PROXY_CROP_MAKER_H_

#include <array>
#include <cstdint>
#include <optional>

#include "picture/plane_scaler.h"
#include "stage1_proxy/small_colour.h"
#include "types.h"

namespace smartcrop {

class CropMaker {
 public:
  // Of pictures of this size. Throws Error(ERROR_FORMAT) for a stream that it cannot read.
  CropMaker(const smartcrop_stream& stream, Size size);

  Size size() const { return size_; }
  // The part is in pixels of the frame; what lies outside of the frame becomes the colour.
  void make(const smartcrop_frame& frame, const Window& part, std::array<uint8_t, 3> outside,
            Proxy* rgb);

 private:
  const PlaneScaler& scaler(size_t plane, const Window& part, Origin* origin);

  Size picture_, size_;
  int depth_;
  PlaneLayout layout_;
  SmallColour colour_;
  std::array<std::optional<PlaneScaler>, 3> scalers_;  // of the part before
  ScaleScratch scratch_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE1_PROXY_CROP_MAKER_H_
