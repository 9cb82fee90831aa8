// SPDX-License-Identifier: MIT
// The planes of a picture: how many, how large, and where their rows lie.
#ifndef SMARTCROP_PICTURE_PLANES_H_
#define SMARTCROP_PICTURE_PLANES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "types.h"

namespace smartcrop {

// Samples of one plane, read only. Rows may lie at any address and run upwards (stride < 0).
struct ConstPlane {
  const uint8_t* data = nullptr;
  ptrdiff_t stride = 0;
  Size size;

  const uint8_t* row(int y) const { return data + y * stride; }
};

struct Plane {
  uint8_t* data = nullptr;
  ptrdiff_t stride = 0;
  Size size;

  uint8_t* row(int y) const { return data + y * stride; }
};

struct PlaneLayout {
  int count = 0;
  int sample_bytes = 1;
  std::array<int, 4> shift_w{};  // log2 of the subsampling
  std::array<int, 4> shift_h{};

  // Throws Error(ERROR_FORMAT) where the format is none that smartcrop.h describes.
  explicit PlaneLayout(const smartcrop_pixel_format& format);
  // An odd side has one more chroma sample.
  Size size(int plane, Size picture) const;
};

// "1919x1079 yuv420p10", for messages.
std::string describe(const smartcrop_pixel_format& format, Size picture);

// Throws Error(ERROR_ARGUMENT) where a plane is missing, or its stride is shorter than a row.
ConstPlane plane_of(const smartcrop_frame& frame, const PlaneLayout& layout, int plane,
                    Size picture);
Plane plane_of(const smartcrop_picture& picture, const PlaneLayout& layout, int plane, Size size);
// The same for every plane of the format, alpha too, whether a stage reads it or not.
void check_planes(const smartcrop_frame& frame, const smartcrop_stream& stream);
void check_planes(const smartcrop_picture& picture, const smartcrop_pixel_format& format,
                  Size size);

// One field of a plane, 0 the upper: every second row. ceil or floor of half of them.
ConstPlane field_of(const ConstPlane& plane, int field);
Plane field_of(const Plane& plane, int field);

// Fills target with the samples of source from (left, top) on, which must hold them.
void copy_rows(const ConstPlane& source, int left, int top, const Plane& target, int sample_bytes);

}  // namespace smartcrop

#endif  // SMARTCROP_PICTURE_PLANES_H_
