// SPDX-License-Identifier: MIT
// The layer below the panes: fills what they leave free of the output.
#ifndef SMARTCROP_STAGE6_RENDER_BACKGROUND_H_
#define SMARTCROP_STAGE6_RENDER_BACKGROUND_H_

#include <array>
#include <vector>

#include "choices.h"
#include "option_kinds.h"
#include "stage6_render/rectangle.h"
#include "stage6_render/scaler_cache.h"

namespace smartcrop {

class Background {
 public:
  // The colour is used by PadKind::kColour.
  Background(const smartcrop_stream& stream, Size output, PadKind kind, const Colour& colour);

  // Fills the part of a plane, or of one field of it, that lies outside of `first`, where the first
  // pane was drawn. It leaves out the bars beside it that the other panes will cover.
  void fill(int plane, const Plane& to, const Rectangle& first,
            const std::vector<Rectangle>& others);

 private:
  void fill_blur(int plane, const Plane& to, const Rectangle& first,
                 const std::vector<Rectangle>& bars);
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

#endif  // SMARTCROP_STAGE6_RENDER_BACKGROUND_H_
