// SPDX-License-Identifier: MIT
// A proxy is made in two steps. First each plane is scaled to the proxy's size, in its own depth
// and range, by a bilinear filter that is as wide as a proxy sample. Then the small picture is
// turned into 8 bits and its colours (small_colour.h).
#include "stage1_proxy/proxy.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "error.h"
#include "picture/plane_scaler.h"

namespace smartcrop {
namespace {

constexpr double kArea = 256.0 * 144.0;
constexpr double kShortestSide = 16;
constexpr double kLongestSide = kArea / kShortestSide;

// If rows are skipped, at least so many source rows are read for each proxy row. The filter
// averages over twice as many, so that a detail of one row flickers little as it moves.
constexpr double kRowsKept = 1.25;

int even(double side) {
  return 2 * static_cast<int>(std::lround(std::clamp(side, kShortestSide, kLongestSide) / 2));
}

// The distance between the rows of a plane that are read, and the first of them.
struct RowStep {
  int step = 1, first = 0;
};

RowStep row_step(int rows, int proxy_rows) {
  const int most = std::max(1, static_cast<int>(rows / (kRowsKept * proxy_rows)));
  const int step = most - (most + 1) % 2;  // odd, to read both fields of interlaced pictures
  return {step, step / 2};
}

ConstPlane skip_rows(const ConstPlane& plane, RowStep rows) {
  ConstPlane kept = plane;
  kept.data = plane.row(rows.first);
  kept.stride = plane.stride * rows.step;
  kept.size.height = (plane.size.height - rows.first + rows.step - 1) / rows.step;
  return kept;
}

// A decoded frame is seldom in the cache any more. If rows are skipped, the processor does not
// guess which one is next. Asking for all of them at once saves the wait for each.
void fetch(const ConstPlane& plane, int sample_bytes) {
  constexpr int kCacheLine = 64;
  for (int y = 0; y < plane.size.height; ++y) {
    const uint8_t* const row = plane.row(y);
    for (int x = 0; x < plane.size.width * sample_bytes; x += kCacheLine) {
      __builtin_prefetch(row + x);
    }
  }
}

// The part of a plane with rows skipped that is the whole picture, in its own samples. Chroma is
// taken to be sited as in MPEG-2: on the first luma sample of its row, between those of its column.
Region whole_picture(const PlaneLayout& layout, size_t plane, Size picture, RowStep rows) {
  const double factor_w = 1 << layout.shift_w[plane];
  const double factor_h = 1 << layout.shift_h[plane];
  Region region;
  region.left = (factor_w - 1) / (2 * factor_w);
  region.width = picture.width / factor_w;
  region.top = (0 - rows.first - 0.5) / rows.step + 0.5;
  region.height = picture.height / factor_h / rows.step;
  return region;
}

}  // namespace

Size proxy_size(const smartcrop_stream& stream) {
  double shape = static_cast<double>(std::max(1, stream.width)) / std::max(1, stream.height);
  if (stream.sar_num > 0 && stream.sar_den > 0) {
    shape *= static_cast<double>(stream.sar_num) / stream.sar_den;
  }
  const double height = std::sqrt(kArea / shape);
  return {even(height * shape), even(height)};
}

class ProxyMaker::Impl {
 public:
  Impl(const smartcrop_stream& stream, Size size, ProxyColour colour)
      : picture_{stream.width, stream.height}, size_(size), layout_(stream.format) {
    if (size.width < 1 || size.height < 1 || stream.width < 1 || stream.height < 1) {
      throw Error(SMARTCROP_ERROR_FORMAT, "a picture of " + std::to_string(stream.width) + "x" +
                                              std::to_string(stream.height) +
                                              " has no samples to analyse");
    }
    colour_.emplace(stream, size, colour);
    for (int plane = 0; plane < colour_->planes(); ++plane) {
      add_plane(static_cast<size_t>(plane), stream.format.depth);
    }
  }

  void make(const smartcrop_frame& frame, Proxy* proxy) {
    for (size_t plane = 0; plane < scalers_.size(); ++plane) {
      const ConstPlane full = plane_of(frame, layout_, static_cast<int>(plane), picture_);
      const ConstPlane kept = skip_rows(full, rows_[plane]);
      fetch(kept, layout_.sample_bytes);
      scalers_[plane].run(kept, {0, 0}, colour_->plane(static_cast<int>(plane)), &scratch_);
    }
    colour_->make(&scratch_.graph, proxy);
  }

 private:
  void add_plane(size_t plane, int depth) {
    const Size full = layout_.size(static_cast<int>(plane), picture_);
    const RowStep rows = row_step(full.height, size_.height);
    const Size kept = skip_rows({nullptr, 0, full}, rows).size;
    const Region region = whole_picture(layout_, plane, picture_, rows);
    scalers_.emplace_back(whole_plane(depth, ScaleFilter::kBilinear, kept, region, size_));
    rows_.push_back(rows);
  }

  Size picture_, size_;
  PlaneLayout layout_;
  std::vector<PlaneScaler> scalers_;
  std::vector<RowStep> rows_;
  std::optional<SmallColour> colour_;
  ScaleScratch scratch_;
};

ProxyMaker::ProxyMaker(const smartcrop_stream& stream, Size size, ProxyColour colour)
    : impl_(std::make_unique<Impl>(stream, size, colour)) {}
ProxyMaker::~ProxyMaker() = default;

void ProxyMaker::make(const smartcrop_frame& frame, Proxy* proxy) { impl_->make(frame, proxy); }

}  // namespace smartcrop
