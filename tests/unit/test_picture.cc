// SPDX-License-Identifier: MIT
#include "test_picture.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

namespace smartcrop {
namespace {

constexpr uint8_t kPadding = 0xFF;  // as a float: not a number, which spreads

size_t page() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

size_t up(size_t value, size_t step) { return (value + step - 1) / step * step; }

}  // namespace

// Readable pages between two that are not.
class TestPicture::Memory {
 public:
  explicit Memory(size_t bytes) : bytes_(up(bytes, page())) {
    void* const mapped =
        mmap(nullptr, bytes_ + 2 * page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    base_ = static_cast<uint8_t*>(mapped);
    if (mprotect(begin(), bytes_, PROT_READ | PROT_WRITE) != 0) std::abort();
    std::memset(begin(), kPadding, bytes_);
  }
  ~Memory() { munmap(base_, bytes_ + 2 * page()); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  uint8_t* begin() const { return base_ + page(); }
  uint8_t* end() const { return begin() + bytes_; }

 private:
  size_t bytes_;
  uint8_t* base_;
};

TestPicture::TestPicture(const smartcrop_pixel_format& format, Size size, Placement placement)
    : format_(format), size_(size), layout_(format) {
  for (int plane = 0; plane < layout_.count; ++plane) rows_.push_back(place(plane, placement));
}

TestPicture::Rows TestPicture::place(int plane, Placement placement) const {
  const Size samples = size(plane);
  const size_t sample = static_cast<size_t>(layout_.sample_bytes);
  const size_t row = static_cast<size_t>(samples.width) * sample;
  const size_t height = static_cast<size_t>(samples.height);
  size_t stride = row;
  if (placement == Placement::kAligned) stride = up(row, 64);
  if (placement == Placement::kOdd) stride = row + 3 * sample;
  const size_t used = (height - 1) * stride + row;
  Rows rows;
  rows.memory = std::make_shared<Memory>(used + 128);
  rows.stride = static_cast<ptrdiff_t>(stride);
  rows.data = rows.memory->end() - used;
  if (placement == Placement::kFirst) rows.data = rows.memory->begin();
  if (placement == Placement::kOdd) rows.data = rows.memory->begin() + sample;
  if (placement == Placement::kAligned) {
    // The row after the last begins where readable memory ends.
    rows.data = rows.memory->end() - height * stride;
  }
  if (placement == Placement::kUpwards) {
    rows.data += (height - 1) * stride;
    rows.stride = -rows.stride;
  }
  return rows;
}

double TestPicture::get(int plane, int x, int y) const {
  const Rows& rows = rows_[static_cast<size_t>(plane)];
  const uint8_t* const at = rows.data + y * rows.stride + x * layout_.sample_bytes;
  if (layout_.sample_bytes == 1) return *at;
  if (layout_.sample_bytes == 4) {
    float value;
    std::memcpy(&value, at, sizeof(value));
    return static_cast<double>(value);
  }
  uint16_t value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

void TestPicture::set(int plane, int x, int y, double value) {
  Rows& rows = rows_[static_cast<size_t>(plane)];
  uint8_t* const at = rows.data + y * rows.stride + x * layout_.sample_bytes;
  if (layout_.sample_bytes == 1) {
    *at = static_cast<uint8_t>(std::lround(value));
  } else if (layout_.sample_bytes == 4) {
    const float sample = static_cast<float>(value);
    std::memcpy(at, &sample, sizeof(sample));
  } else {
    const uint16_t sample = static_cast<uint16_t>(std::lround(value));
    std::memcpy(at, &sample, sizeof(sample));
  }
}

void TestPicture::fill(int plane, const std::function<double(int, int)>& value) {
  const Size samples = size(plane);
  for (int y = 0; y < samples.height; ++y) {
    for (int x = 0; x < samples.width; ++x) set(plane, x, y, value(x, y));
  }
}

void TestPicture::fill_all(const std::function<double(int, int)>& value) {
  for (int plane = 0; plane < planes(); ++plane) fill(plane, value);
}

smartcrop_frame TestPicture::frame(uint32_t flags) const {
  smartcrop_frame frame{};
  frame.struct_size = sizeof(frame);
  for (size_t plane = 0; plane < rows_.size(); ++plane) {
    frame.data[plane] = rows_[plane].data;
    frame.stride[plane] = rows_[plane].stride;
  }
  frame.flags = flags;
  return frame;
}

smartcrop_picture TestPicture::picture() const {
  smartcrop_picture picture{};
  picture.struct_size = sizeof(picture);
  for (size_t plane = 0; plane < rows_.size(); ++plane) {
    picture.data[plane] = rows_[plane].data;
    picture.stride[plane] = rows_[plane].stride;
  }
  return picture;
}

bool TestPicture::is_padding_intact() const {
  for (int plane = 0; plane < planes(); ++plane) {
    const Rows& rows = rows_[static_cast<size_t>(plane)];
    const Size samples = size(plane);
    std::vector<bool> is_row(static_cast<size_t>(rows.memory->end() - rows.memory->begin()));
    for (int y = 0; y < samples.height; ++y) {
      const ptrdiff_t at = rows.data + y * rows.stride - rows.memory->begin();
      for (int i = 0; i < samples.width * layout_.sample_bytes; ++i) {
        is_row[static_cast<size_t>(at + i)] = true;
      }
    }
    for (size_t i = 0; i < is_row.size(); ++i) {
      if (!is_row[i] && rows.memory->begin()[i] != kPadding) return false;
    }
  }
  return true;
}

smartcrop_pixel_format grey(int depth) { return {SMARTCROP_GREY, depth, 0, 0, 0}; }

smartcrop_pixel_format rgb(int depth, int alpha) { return {SMARTCROP_RGB, depth, 0, 0, alpha}; }

smartcrop_pixel_format yuv(int subsampling_w, int subsampling_h, int depth, int alpha) {
  return {SMARTCROP_YUV, depth, subsampling_w, subsampling_h, alpha};
}

std::vector<smartcrop_pixel_format> many_formats() {
  return {yuv(1, 1, 8), yuv(1, 0, 8),    yuv(0, 0, 8),  yuv(2, 0, 8),  yuv(0, 1, 8),
          yuv(2, 2, 8), yuv(1, 1, 8, 1), yuv(1, 1, 10), yuv(1, 0, 10), yuv(0, 0, 12, 1),
          yuv(1, 1, 9), yuv(1, 1, 16),   yuv(0, 0, 14), yuv(1, 1, 32), grey(8),
          grey(10),     grey(16),        grey(32),      rgb(8),        rgb(8, 1),
          rgb(10),      rgb(12),         rgb(16, 1),    rgb(32),       rgb(32, 1)};
}

smartcrop_stream stream_of(const smartcrop_pixel_format& format, Size size) {
  smartcrop_stream stream{};
  stream.struct_size = sizeof(stream);
  stream.width = size.width;
  stream.height = size.height;
  stream.format = format;
  stream.time_base_num = 1;
  stream.time_base_den = 25;
  stream.sar_num = 0;
  stream.sar_den = 1;
  stream.matrix = stream.transfer = stream.primaries = 2;
  return stream;
}

double peak(const smartcrop_pixel_format& format) {
  return format.depth == 32 ? 1 : (1 << format.depth) - 1;
}

}  // namespace smartcrop
