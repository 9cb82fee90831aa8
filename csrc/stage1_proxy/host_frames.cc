// SPDX-License-Identifier: MIT
// The small pictures of frames that lie in host memory.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <list>
#include <numeric>

#include "stage1_proxy/crop_maker.h"
#include "stage1_proxy/pictures.h"
#include "stage1_proxy/proxy.h"
#include "stage1_proxy/thin_luma.h"

namespace smartcrop {
namespace {

template <typename T>
float value_of(const uint8_t* sample) {
  T value;
  std::memcpy(&value, sample, sizeof(value));
  return static_cast<float>(value);
}

float value_of(const uint8_t* sample, int sample_bytes) {
  if (sample_bytes == 1) return value_of<uint8_t>(sample);
  return sample_bytes == 2 ? value_of<uint16_t>(sample) : value_of<float>(sample);
}

class HostFrames : public FrameReader {
 public:
  explicit HostFrames(const smartcrop_stream& stream)
      : stream_(stream),
        picture_{stream.width, stream.height},
        layout_(stream.format),
        to_8_bit_(stream.format.depth == 32
                      ? 255.0F
                      : 255.0F / static_cast<float>((1 << stream.format.depth) - 1)) {
    scaled_.emplace_back(stream, proxy_size(stream), ProxyColour::kYuv);
  }

  void show(const smartcrop_frame& frame) override {
    frame_ = frame;
    for (Scaled& each : scaled_) each.is_made = false;
    thin_factor_ = 0;
  }

  const Proxy& proxy() override { return make(&scaled_.front()); }

  // Networks of one input size share a picture.
  const Proxy& rgb(Size size) override {
    for (Scaled& each : scaled_) {
      const bool same = each.size.width == size.width && each.size.height == size.height;
      if (same && each.colour == ProxyColour::kRgb) return make(&each);
    }
    scaled_.emplace_back(stream_, size, ProxyColour::kRgb);
    return make(&scaled_.back());
  }

  const Proxy& rgb_of(const Window& part, Size size) override {
    Part& found = part_of(size);
    found.maker.make(frame_, part, mean_colour(), &found.picture);
    return found.picture;
  }

  const std::vector<uint8_t>& thin_luma(int factor) override {
    if (factor != thin_factor_) {
      smartcrop::thin_luma(luma(), stream_.format.depth, factor, &thin_);
    }
    thin_factor_ = factor;
    return thin_;
  }

  std::vector<float> luma_of(const LumaLines& lines) override {
    const ConstPlane plane = luma();
    std::vector<float> samples;
    samples.reserve(lines.lines.size() * static_cast<size_t>(lines.samples()));
    for (const int line : lines.lines) {
      for (int i = lines.from; i < lines.to; i += lines.step) {
        const uint8_t* const row = plane.row(lines.are_rows ? line : i);
        const ptrdiff_t column = lines.are_rows ? i : line;
        const float value = value_of(row + column * layout_.sample_bytes, layout_.sample_bytes);
        samples.push_back(value * to_8_bit_);
      }
    }
    return samples;
  }

 private:
  // A scaled copy of the frame.
  struct Scaled {
    Scaled(const smartcrop_stream& stream, Size wanted, ProxyColour wanted_colour)
        : size(wanted), colour(wanted_colour), maker(stream, wanted, wanted_colour) {}

    Size size;
    ProxyColour colour;
    ProxyMaker maker;
    Proxy picture;
    bool is_made = false;  // of the frame that is shown
  };

  struct Part {
    Part(const smartcrop_stream& stream, Size size) : maker(stream, size) {}

    CropMaker maker;
    Proxy picture;
  };
  Part& part_of(Size size) {
    for (Part& each : parts_) {
      const Size own = each.maker.size();
      if (own.width == size.width && own.height == size.height) return each;
    }
    return parts_.emplace_back(stream_, size);
  }

  // Of the frame, by its proxy. R, G, B, as ITU-R BT.709 has them in full range.
  std::array<uint8_t, 3> mean_colour() {
    std::array<double, 3> mean{};
    const Proxy& small = proxy();
    for (size_t i = 0; i < mean.size(); ++i) {
      const std::vector<uint8_t>& plane = small.planes[i];
      mean[i] =
          std::accumulate(plane.begin(), plane.end(), 0.0) / static_cast<double>(plane.size());
    }
    const double y = mean[0], u = mean[1] - 128, v = mean[2] - 128;
    const auto sample = [](double value) {
      return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
    };
    return {sample(y + 1.5748 * v), sample(y - 0.1873 * u - 0.4681 * v), sample(y + 1.8556 * u)};
  }

  const Proxy& make(Scaled* scaled) {
    if (!scaled->is_made) scaled->maker.make(frame_, &scaled->picture);
    scaled->is_made = true;
    return scaled->picture;
  }
  ConstPlane luma() const { return plane_of(frame_, layout_, 0, picture_); }

  smartcrop_stream stream_;
  Size picture_;
  PlaneLayout layout_;
  float to_8_bit_;            // what luma is multiplied by
  smartcrop_frame frame_{};   // its samples are borrowed
  std::list<Scaled> scaled_;  // the proxy first; in a list, those that were given out stay in place
  std::list<Part> parts_;
  std::vector<uint8_t> thin_;
  int thin_factor_ = 0;  // 0: thin_ is of an earlier frame
};

}  // namespace

std::unique_ptr<FrameReader> open_frames(const smartcrop_stream& stream) {
  return std::make_unique<HostFrames>(stream);
}

SideData side_data_of(const smartcrop_frame& frame) {
  SideData side;
  side.vectors = frame.motion_vectors;
  side.vector_count = frame.motion_vector_count;
  side.is_bidirectional = (frame.flags & SMARTCROP_FRAME_BIDIRECTIONAL) != 0;
  side.boxes = frame.boxes;
  side.box_count = frame.box_count;
  return side;
}

}  // namespace smartcrop
