// SPDX-License-Identifier: MIT
// The seam between a full-size frame and those who measure it: small pictures, asked for by name.
//
// Nobody beyond this interface reads a sample of a frame, and nothing in it says where the samples
// lie. Frames in the memory of a GPU will come in as another FrameReader.
#ifndef SMARTCROP_STAGE1_PROXY_PICTURES_H_
#define SMARTCROP_STAGE1_PROXY_PICTURES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "types.h"

namespace smartcrop {

// Lines of luma in the full resolution: rows, or columns. Of each line, every step-th sample of
// [from, to) is read.
struct LumaLines {
  bool are_rows = true;
  std::vector<int> lines;  // their numbers, in any order
  int from = 0, to = 0, step = 1;

  int samples() const { return (to - from + step - 1) / step; }  // of each line
};

// The small pictures of one frame. What is given by reference is valid until the next frame.
class Pictures {
 public:
  virtual ~Pictures() = default;

  // Y, U, V, of proxy_size().
  virtual const Proxy& proxy() = 0;
  // R, G, B, scaled to this size whatever its shape: for a network.
  virtual const Proxy& rgb(Size size) = 0;
  // R, G, B of a part of the frame, which is in its pixels and may reach out of it; what lies
  // outside has the frame's mean colour. Valid until the next part of this size is asked for.
  virtual const Proxy& rgb_of(const Window& part, Size size) = 0;
  // What thin_luma() makes of the frame, rows of thinned_size(): for letters.
  virtual const std::vector<uint8_t>& thin_luma(int factor) = 0;
  // The samples of line after line, in levels of 8-bit luma: for edges.
  virtual std::vector<float> luma_of(const LumaLines& lines) = 0;
};

// What makes them, frame after frame.
class FrameReader : public Pictures {
 public:
  // The frame that is asked for from now on. Its samples are borrowed until the next show().
  virtual void show(const smartcrop_frame& frame) = 0;
};

// For frames in host memory, the only kind so far. Throws Error(ERROR_FORMAT) for a stream that it
// cannot read.
std::unique_ptr<FrameReader> open_frames(const smartcrop_stream& stream);

// What came with a frame beside its samples.
SideData side_data_of(const smartcrop_frame& frame);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE1_PROXY_PICTURES_H_
