// SPDX-License-Identifier: MIT
#include "picture/plane_scaler.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace smartcrop {
namespace {

zimg_resample_filter_e zimg_filter(ScaleFilter filter) {
  switch (filter) {
    case ScaleFilter::kBilinear:
      return ZIMG_RESIZE_BILINEAR;
    case ScaleFilter::kBicubic:
      return ZIMG_RESIZE_BICUBIC;
    case ScaleFilter::kLanczos:
      return ZIMG_RESIZE_LANCZOS;
    case ScaleFilter::kSpline36:
      break;
  }
  return ZIMG_RESIZE_SPLINE36;
}

// How far from its centre a filter reaches, in samples of the coarser grid.
double support(ScaleFilter filter) {
  if (filter == ScaleFilter::kBilinear) return 1;
  return filter == ScaleFilter::kBicubic ? 2 : 3;
}

constexpr double kPhases = 1024;

struct Axis {
  int origin = 0, size = 0;
  double phase = 0;
};

// The samples that a stretch of one axis needs. Where they are the target's own there is no margin,
// so that zimg sees that nothing is to be done along this axis.
Axis axis_of(double exact_start, double length, int target, double reach) {
  // On a fine grid, so that equal phases of different positions compare equal.
  const double start = std::round(exact_start * kPhases) / kPhases;
  const double whole = std::floor(start);
  const int origin = static_cast<int>(whole);
  const double phase = start - whole;
  if (phase == 0 && length == target) return {origin, target, 0};
  const int margin = static_cast<int>(std::ceil(reach * std::max(1.0, length / target))) + 1;
  // One sample more than the phase needs: the size must not depend on the phase's rounding.
  return {origin - margin, static_cast<int>(std::ceil(length)) + 1 + 2 * margin, margin + phase};
}

// True where zimg may work on the rows themselves. They must be whole vectors, too: on some
// processors it writes a whole vector where less of it is left, which beside a window into a larger
// picture is no padding.
bool is_whole_vectors(const uint8_t* data, ptrdiff_t stride, int width, int sample_bytes) {
  const uintptr_t row = static_cast<uintptr_t>(width) * static_cast<uintptr_t>(sample_bytes);
  return (reinterpret_cast<uintptr_t>(data) | static_cast<uintptr_t>(stride) | row) %
             kZimgAlignment ==
         0;
}

size_t ring_rows(unsigned mask, int height) {
  return mask == ZIMG_BUFFER_MAX ? static_cast<size_t>(height) : static_cast<size_t>(mask) + 1;
}

}  // namespace

// Brings rows of any address into zimg's ring of aligned rows, with the plane's edges drawn out.
struct PlaneScaler::Unpacker {
  ConstPlane plane;
  Origin origin;
  int sample_bytes;
  uint8_t* ring;
  ptrdiff_t ring_stride;
  unsigned mask;
  int ring_width = 0;  // samples of a row of the ring; 0: has no more bytes than samples

  static int callback(void* user, unsigned row, unsigned left, unsigned right) {
    static_cast<const Unpacker*>(user)->unpack(row, static_cast<int>(left),
                                               static_cast<int>(right));
    return 0;
  }

  void unpack(unsigned row, int left, int right) const {
    const int y = std::clamp(origin.y + static_cast<int>(row), 0, plane.size.height - 1);
    uint8_t* const to = ring + static_cast<ptrdiff_t>(row & mask) * ring_stride;
    const uint8_t* const from = plane.row(y);
    // Columns of the ring that the plane has samples for.
    const int begin = std::clamp(-origin.x, left, right);
    const int end = std::clamp(plane.size.width - origin.x, begin, right);
    for (int x = left; x < begin; ++x) copy(from, 0, to, x, 1);
    if (end > begin) copy(from, begin + origin.x, to, begin, end - begin);
    for (int x = end; x < right; ++x) copy(from, plane.size.width - 1, to, x, 1);
    // What the last vector holds beside the row is multiplied by 0, which a NaN survives.
    if (right == ring_width) {
      const ptrdiff_t used = static_cast<ptrdiff_t>(right) * sample_bytes;
      std::memset(to + used, 0, static_cast<size_t>(ring_stride - used));
    }
  }

  void copy(const uint8_t* from, int from_x, uint8_t* to, int to_x, int count) const {
    std::memcpy(to + static_cast<ptrdiff_t>(to_x) * sample_bytes,
                from + static_cast<ptrdiff_t>(from_x) * sample_bytes,
                static_cast<size_t>(count) * static_cast<size_t>(sample_bytes));
  }
};

// Takes zimg's aligned rows to where the caller wants them.
struct PlaneScaler::Packer {
  Plane plane;
  int sample_bytes;
  const uint8_t* ring;
  ptrdiff_t ring_stride;
  unsigned mask;

  static int callback(void* user, unsigned row, unsigned left, unsigned right) {
    const Packer& self = *static_cast<const Packer*>(user);
    const size_t offset = static_cast<size_t>(left) * static_cast<size_t>(self.sample_bytes);
    std::memcpy(self.plane.row(static_cast<int>(row)) + offset,
                self.ring + static_cast<ptrdiff_t>(row & self.mask) * self.ring_stride + offset,
                static_cast<size_t>(right - left) * static_cast<size_t>(self.sample_bytes));
    return 0;
  }
};

bool ScaleShape::operator==(const ScaleShape& other) const {
  return depth == other.depth && filter == other.filter && source.width == other.source.width &&
         source.height == other.source.height && region.left == other.region.left &&
         region.top == other.region.top && region.width == other.region.width &&
         region.height == other.region.height && target.width == other.target.width &&
         target.height == other.target.height;
}

ScaleShape whole_plane(int depth, ScaleFilter filter, Size plane, const Region& region,
                       Size target) {
  return {depth, filter, plane, region, target};
}

ScaleShape window_of_plane(int depth, ScaleFilter filter, const Region& region, Size target,
                           Origin* origin) {
  const double reach = support(filter);
  const Axis x = axis_of(region.left, region.width, target.width, reach);
  const Axis y = axis_of(region.top, region.height, target.height, reach);
  *origin = {x.origin, y.origin};
  return {depth, filter, {x.size, y.size}, {x.phase, y.phase, region.width, region.height}, target};
}

PlaneScaler::PlaneScaler(const ScaleShape& shape)
    : shape_(shape),
      sample_bytes_(shape.depth == 8    ? 1
                    : shape.depth == 32 ? 4
                                        : 2) {
  if (is_copy()) return;
  zimg_image_format source = zimg_format(shape.source, shape.depth);
  source.active_region.left = shape.region.left;
  source.active_region.top = shape.region.top;
  source.active_region.width = shape.region.width;
  source.active_region.height = shape.region.height;
  const zimg_image_format target = zimg_format(shape.target, shape.depth);
  zimg_graph_builder_params parameters;
  zimg_graph_builder_params_default(&parameters, ZIMG_API_VERSION);
  parameters.resample_filter = zimg_filter(shape.filter);
  if (shape.filter == ScaleFilter::kBicubic) {
    // Catmull-Rom, which keeps a sample that it falls on: the default softens it, and a window
    // that moves would seem to go in and out of focus.
    parameters.filter_param_a = 0;
    parameters.filter_param_b = 0.5;
  }
  graph_ = std::make_unique<ZimgGraph>(source, target, parameters);
}

bool PlaneScaler::is_copy() const {
  return shape_.source.width == shape_.target.width &&
         shape_.source.height == shape_.target.height && shape_.region.left == 0 &&
         shape_.region.top == 0 && shape_.region.width == shape_.target.width &&
         shape_.region.height == shape_.target.height;
}

void PlaneScaler::run(const ConstPlane& source, Origin origin, const Plane& target,
                      ScaleScratch* scratch) const {
  const bool inside = origin.x >= 0 && origin.y >= 0 &&
                      origin.x + shape_.source.width <= source.size.width &&
                      origin.y + shape_.source.height <= source.size.height;
  if (graph_ == nullptr && inside) {
    copy_rows(source, origin.x, origin.y, target, sample_bytes_);
    return;
  }
  Unpacker unpacker{source, origin, sample_bytes_, target.data, target.stride, ZIMG_BUFFER_MAX};
  if (graph_ == nullptr) {
    for (int y = 0; y < target.size.height; ++y) {
      unpacker.unpack(static_cast<unsigned>(y), 0, target.size.width);
    }
    return;
  }

  ZimgGraph::Callback unpack;
  const zimg_image_buffer_const in = input(inside, &unpacker, &unpack, scratch);
  Packer packer{target, sample_bytes_, nullptr, 0, graph_->output_mask()};
  ZimgGraph::Callback pack;
  const zimg_image_buffer out = output(&packer, &pack, scratch);
  graph_->process(in, out, &scratch->graph, unpack, pack);
}

zimg_image_buffer_const PlaneScaler::input(bool inside, Unpacker* unpacker,
                                           ZimgGraph::Callback* unpack,
                                           ScaleScratch* scratch) const {
  zimg_image_buffer_const buffer{ZIMG_API_VERSION, {}};
  const ConstPlane& plane = unpacker->plane;
  // On some processors 16-bit rows are read two bytes beyond their end, which after the last row
  // need not be readable.
  if (inside && sample_bytes_ != 2) {
    const uint8_t* const corner =
        plane.row(unpacker->origin.y) + static_cast<ptrdiff_t>(unpacker->origin.x) * sample_bytes_;
    if (is_whole_vectors(corner, plane.stride, shape_.source.width, sample_bytes_)) {
      buffer.plane[0] = {corner, plane.stride, ZIMG_BUFFER_MAX};
      return buffer;
    }
  }
  const size_t stride = aligned_row(shape_.source.width, sample_bytes_);
  unpacker->mask = graph_->input_mask();
  unpacker->ring = scratch->input.reserve(ring_rows(unpacker->mask, shape_.source.height) * stride);
  unpacker->ring_stride = static_cast<ptrdiff_t>(stride);
  unpacker->ring_width = shape_.source.width;
  buffer.plane[0] = {unpacker->ring, unpacker->ring_stride, unpacker->mask};
  *unpack = {Unpacker::callback, unpacker};
  return buffer;
}

zimg_image_buffer PlaneScaler::output(Packer* packer, ZimgGraph::Callback* pack,
                                      ScaleScratch* scratch) const {
  zimg_image_buffer buffer{ZIMG_API_VERSION, {}};
  const Plane& plane = packer->plane;
  if (is_whole_vectors(plane.data, plane.stride, plane.size.width, sample_bytes_)) {
    buffer.plane[0] = {plane.data, plane.stride, ZIMG_BUFFER_MAX};
    return buffer;
  }
  const size_t stride = aligned_row(shape_.target.width, sample_bytes_);
  uint8_t* const ring =
      scratch->output.reserve(ring_rows(packer->mask, shape_.target.height) * stride);
  packer->ring = ring;
  packer->ring_stride = static_cast<ptrdiff_t>(stride);
  buffer.plane[0] = {ring, packer->ring_stride, packer->mask};
  *pack = {Packer::callback, packer};
  return buffer;
}

}  // namespace smartcrop
