// SPDX-License-Identifier: MIT
// Fills the output beside a window of another shape.
#ifndef SMARTCROP_STAGE6_RENDER_PAD_H_
#define SMARTCROP_STAGE6_RENDER_PAD_H_

#include <array>

#include "choices.h"
#include "option_kinds.h"
#include "picture/planes.h"
#include "stage6_render/scaler_cache.h"

namespace smartcrop {

// Samples [left, right) x [top, bottom) of a plane.
struct Rectangle {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

// A part of a plane. The rectangle has to lie inside of the plane.
Plane part_of(const Plane& plane, const Rectangle& part, int sample_bytes);

class Padder {
 public:
  // The colour is used by PadKind::kColour.
  Padder(const smartcrop_stream& stream, Size output, PadKind kind, const Colour& colour);

  // Fills the part of a plane, or of one field of it, that lies outside of `inner`. The window was
  // drawn inside.
  void fill(int plane, const Plane& whole, const Rectangle& inner);

 private:
  void fill_blur(int plane, const Plane& whole, const Rectangle& inner);
  void fill_edge(const Plane& whole, const Rectangle& inner, const Rectangle& bar);
  Size small_size(Size samples, Size whole, double side) const;

  PadKind kind_;
  int depth_;
  int sample_bytes_;
  int alpha_plane_;  // -1: none
  Size output_;
  std::array<double, 4> colour_, black_;
  ScalerCache scalers_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_PAD_H_
