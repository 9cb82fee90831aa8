// SPDX-License-Identifier: MIT
// Pictures of any planar format for tests, with unreadable memory around each plane, so that a read
// or write out of bounds ends the test.
#ifndef SMARTCROP_TEST_PICTURE_H_
#define SMARTCROP_TEST_PICTURE_H_

#include <functional>
#include <memory>
#include <vector>

#include "picture/planes.h"

namespace smartcrop {

enum class Placement {
  kAligned,  // rows at multiples of 64 bytes
  kTight,    // no bytes between rows, the last row ends where readable memory ends
  kFirst,    // no bytes between rows, the first row begins where readable memory begins
  kOdd,      // data and stride are odd (multiples of a sample and of nothing more)
  kUpwards,  // tight, the last row comes first in memory
};
constexpr Placement kPlacements[] = {Placement::kAligned, Placement::kTight, Placement::kFirst,
                                     Placement::kOdd, Placement::kUpwards};

class TestPicture {
 public:
  TestPicture(const smartcrop_pixel_format& format, Size size,
              Placement placement = Placement::kAligned);

  const PlaneLayout& layout() const { return layout_; }
  int planes() const { return layout_.count; }
  Size size(int plane) const { return layout_.size(plane, size_); }

  double get(int plane, int x, int y) const;
  void set(int plane, int x, int y, double value);  // rounded unless the format is float
  // value(x, y) of every sample.
  void fill(int plane, const std::function<double(int, int)>& value);
  void fill_all(const std::function<double(int, int)>& value);

  smartcrop_frame frame(uint32_t flags = 0) const;
  smartcrop_picture picture() const;
  // True while no byte beside the rows was written.
  bool is_padding_intact() const;

 private:
  class Memory;
  struct Rows {
    std::shared_ptr<Memory> memory;
    uint8_t* data = nullptr;
    ptrdiff_t stride = 0;
  };
  Rows place(int plane, Placement placement) const;

  smartcrop_pixel_format format_;
  Size size_;
  PlaneLayout layout_;
  std::vector<Rows> rows_;
};

smartcrop_pixel_format grey(int depth);
smartcrop_pixel_format rgb(int depth, int alpha = 0);
smartcrop_pixel_format yuv(int subsampling_w, int subsampling_h, int depth, int alpha = 0);
// One of each kind, in all depths that differ.
std::vector<smartcrop_pixel_format> many_formats();

smartcrop_stream stream_of(const smartcrop_pixel_format& format, Size size);
// The largest sample; 1 for floats.
double peak(const smartcrop_pixel_format& format);

}  // namespace smartcrop

#endif  // SMARTCROP_TEST_PICTURE_H_
