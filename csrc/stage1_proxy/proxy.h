// SPDX-License-Identifier: MIT
// A small copy of a full-size frame, whatever its pixel format. Source: zimg.
#ifndef SMARTCROP_STAGE1_PROXY_PROXY_H_
#define SMARTCROP_STAGE1_PROXY_PROXY_H_

#include <memory>

#include "types.h"

namespace smartcrop {

enum class ProxyColour { kYuv, kRgb };

// The size of the proxy that the evidence works on: about 256 x 144 samples for a display shape of
// 16:9, as many for any other shape, square pixels, even sides.
Size proxy_size(const smartcrop_stream& stream);

class ProxyMaker {
 public:
  // Throws Error(ERROR_FORMAT) for a stream that it cannot read.
  ProxyMaker(const smartcrop_stream& stream, Size size, ProxyColour colour);
  ~ProxyMaker();
  void make(const smartcrop_frame& frame, Proxy* proxy);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE1_PROXY_PROXY_H_
