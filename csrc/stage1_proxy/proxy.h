// SPDX-License-Identifier: MIT
// A small copy of a full-size frame, whatever its pixel format. Source: zimg.
#ifndef SMARTCROP_STAGE1_PROXY_PROXY_H_
#define SMARTCROP_STAGE1_PROXY_PROXY_H_

#include <memory>

#include "stage1_proxy/small_colour.h"
#include "types.h"

namespace smartcrop {

// The size of the proxy that the evidence is measured on. It has about as many samples as 256 x
// 144, which it is for 16:9. Its pixels are square and its sides are even.
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
