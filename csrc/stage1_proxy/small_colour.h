// SPDX-License-Identifier: MIT
// The last step to a small picture: planes that were scaled down in their own format, depth and
// range become 8-bit full range YUV or RGB. So the arithmetic of colours is done for few samples.
#ifndef SMARTCROP_STAGE1_PROXY_SMALL_COLOUR_H_
#define SMARTCROP_STAGE1_PROXY_SMALL_COLOUR_H_

#include <array>
#include <cstddef>

#include "picture/planes.h"
#include "picture/zimg_graph.h"
#include "types.h"

namespace smartcrop {

enum class ProxyColour { kYuv, kRgb };

class SmallColour {
 public:
  // Of pictures of this size. Throws Error(ERROR_FORMAT) for a stream that it cannot read.
  SmallColour(const smartcrop_stream& stream, Size size, ProxyColour colour);

  // How many planes have to be filled.
  int planes() const { return planes_; }
  // Where the scaled samples of a plane go.
  Plane plane(int plane);
  void make(AlignedBuffer* scratch, Proxy* proxy);

 private:
  void hand_over(const zimg_image_buffer& result, Proxy* proxy) const;

  smartcrop_pixel_format format_;
  Size size_;
  ProxyColour colour_;
  int planes_;
  size_t stride_, out_stride_;
  ZimgGraph graph_;
  std::array<AlignedBuffer, 3> small_, result_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE1_PROXY_SMALL_COLOUR_H_
