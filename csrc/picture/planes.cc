// SPDX-License-Identifier: MIT
#include "picture/planes.h"

#include <cstring>

#include "error.h"

namespace smartcrop {
namespace {

// Samples of full-size planes; chroma may have fewer.
bool is_chroma(int family, int plane) { return family == SMARTCROP_YUV && plane > 0 && plane < 3; }

bool is_known(const smartcrop_pixel_format& format) {
  const bool depth = (format.depth >= 8 && format.depth <= 16) || format.depth == 32;
  const bool family = format.family >= SMARTCROP_GREY && format.family <= SMARTCROP_RGB;
  const bool subsampling = format.subsampling_w >= 0 && format.subsampling_w <= 2 &&
                           format.subsampling_h >= 0 && format.subsampling_h <= 2;
  const bool alpha = format.alpha == 0 || format.alpha == 1;
  return depth && family && subsampling && alpha;
}

// What is reserved may come to mean something; until then it is 0.
void check_reserved(const char* what, int32_t value) {
  if (value == 0) return;
  throw Error(SMARTCROP_ERROR_FORMAT, std::string("the ") + what + " has " + std::to_string(value) +
                                          " in a reserved member, which has to be 0");
}

void check_memory(const char* what, int32_t memory, int32_t reserved) {
  check_reserved(what, reserved);
  if (memory == SMARTCROP_MEMORY_HOST) return;
  throw Error(SMARTCROP_ERROR_FORMAT, std::string("the ") + what + " lies in memory of kind " +
                                          std::to_string(memory) +
                                          "; this version reads that of the host alone, kind 0");
}

template <typename P>
P half_of(const P& plane, int field) {
  P half = plane;
  half.data = plane.row(field);
  half.stride = plane.stride * 2;
  half.size.height = (plane.size.height - field + 1) / 2;
  return half;
}

// Throws where no picture can lie at the address that a caller gives for a plane.
void check_plane(const char* what, int plane, const void* data, ptrdiff_t stride, int sample_bytes,
                 Size size) {
  const std::string name = std::string("the ") + what;
  const auto refuse = [](const std::string& sentence) {
    throw Error(SMARTCROP_ERROR_ARGUMENT, sentence);
  };
  if (data == nullptr) {
    refuse(name + " has no plane " + std::to_string(plane) + ": its pointer is NULL");
  }
  const ptrdiff_t row = static_cast<ptrdiff_t>(size.width) * sample_bytes;
  // Written so that the most negative stride, which has no positive twin, is compared too.
  if (stride > -row && stride < row) {
    refuse(name + " has rows of " + std::to_string(row) + " bytes in plane " +
           std::to_string(plane) + ", but a stride of " + std::to_string(stride) +
           ": rows would overlap");
  }
}

}  // namespace

PlaneLayout::PlaneLayout(const smartcrop_pixel_format& format) {
  for (const int32_t value : format.reserved) check_reserved("pixel format", value);
  if (!is_known(format)) {
    throw Error(
        SMARTCROP_ERROR_FORMAT,
        "unknown pixel format: family " + std::to_string(format.family) + ", depth " +
            std::to_string(format.depth) + ", subsampling " + std::to_string(format.subsampling_w) +
            "," + std::to_string(format.subsampling_h) + ", alpha " + std::to_string(format.alpha) +
            "; planar grey, YUV or RGB of 8 to 16 bits or 32-bit floats is needed");
  }
  count = (format.family == SMARTCROP_GREY ? 1 : 3) + format.alpha;
  sample_bytes = format.depth == 8 ? 1 : format.depth == 32 ? 4 : 2;
  for (int plane = 1; plane < count; ++plane) {
    if (!is_chroma(format.family, plane)) continue;
    shift_w[static_cast<size_t>(plane)] = format.subsampling_w;
    shift_h[static_cast<size_t>(plane)] = format.subsampling_h;
  }
}

Size PlaneLayout::size(int plane, Size picture) const {
  const int w = shift_w[static_cast<size_t>(plane)];
  const int h = shift_h[static_cast<size_t>(plane)];
  return {(picture.width + (1 << w) - 1) >> w, (picture.height + (1 << h) - 1) >> h};
}

std::string describe(const smartcrop_pixel_format& format, Size picture) {
  static const char* const kFamilies[] = {"grey", "yuv", "rgb"};
  std::string text = std::to_string(picture.width) + "x" + std::to_string(picture.height) + " " +
                     kFamilies[format.family];
  if (format.family == SMARTCROP_YUV) {
    static const char* const kSampling[3][3] = {
        {"444", "440", "441"}, {"422", "420", "421"}, {"411", "412", "410"}};
    text += kSampling[format.subsampling_w][format.subsampling_h];
  }
  return text + (format.alpha != 0 ? "+alpha " : " ") + std::to_string(format.depth) + "-bit";
}

ConstPlane plane_of(const smartcrop_frame& frame, const PlaneLayout& layout, int plane,
                    Size picture) {
  const Size size = layout.size(plane, picture);
  check_plane("frame", plane, frame.data[plane], frame.stride[plane], layout.sample_bytes, size);
  return {static_cast<const uint8_t*>(frame.data[plane]), frame.stride[plane], size};
}

Plane plane_of(const smartcrop_picture& picture, const PlaneLayout& layout, int plane, Size whole) {
  const Size size = layout.size(plane, whole);
  check_plane("picture to write", plane, picture.data[plane], picture.stride[plane],
              layout.sample_bytes, size);
  return {static_cast<uint8_t*>(picture.data[plane]), picture.stride[plane], size};
}

void check_planes(const smartcrop_frame& frame, const smartcrop_stream& stream) {
  check_memory("frame", frame.memory, frame.reserved);
  const PlaneLayout layout(stream.format);
  for (int plane = 0; plane < layout.count; ++plane) {
    plane_of(frame, layout, plane, {stream.width, stream.height});
  }
}

void check_planes(const smartcrop_picture& picture, const smartcrop_pixel_format& format,
                  Size size) {
  check_memory("picture to write", picture.memory, picture.reserved);
  const PlaneLayout layout(format);
  for (int plane = 0; plane < layout.count; ++plane) plane_of(picture, layout, plane, size);
}

ConstPlane field_of(const ConstPlane& plane, int field) { return half_of(plane, field); }
Plane field_of(const Plane& plane, int field) { return half_of(plane, field); }

void copy_rows(const ConstPlane& source, int left, int top, const Plane& target, int sample_bytes) {
  const ptrdiff_t offset = static_cast<ptrdiff_t>(left) * sample_bytes;
  const size_t bytes = static_cast<size_t>(target.size.width) * static_cast<size_t>(sample_bytes);
  for (int y = 0; y < target.size.height; ++y) {
    std::memcpy(target.row(y), source.row(top + y) + offset, bytes);
  }
}

}  // namespace smartcrop
