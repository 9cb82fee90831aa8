// SPDX-License-Identifier: MIT
// The layer of the panes: where each part of the source goes in the output, and how it is drawn.
#ifndef SMARTCROP_STAGE6_RENDER_PANES_H_
#define SMARTCROP_STAGE6_RENDER_PANES_H_

#include <string>
#include <vector>

#include "choices.h"
#include "picture/planes.h"
#include "stage6_render/rectangle.h"
#include "stage6_render/scaler_cache.h"
#include "types.h"

namespace smartcrop {

constexpr int32_t kMostPanes = 64;

// The panes of a decision. Throws Error(ERROR_ARGUMENT) where their count or their array is none.
std::vector<Pane> panes_of(const smartcrop_decision& decision);

// A pane, with its place in the output in whole samples of luma.
struct PlacedPane {
  Window from;
  Rectangle to;
};

// A plane, or with field >= 0 one field of it.
struct Part {
  int plane = 0;
  int field = -1;
};

// Brings panes to places that every plane and both fields have: whole chroma samples, whole pairs
// of rows, and the end of the output.
class PaneLayout {
 public:
  // shape: see RenderOptions. Throws Error(ERROR_FORMAT) where there is no sample to show.
  PaneLayout(const smartcrop_stream& stream, Size output, double shape);

  // A window in the middle of the output, as large as fits. Throws Error(ERROR_ARGUMENT) where the
  // window is not inside the picture.
  PlacedPane fit(const Window& window) const;
  // Panes where they say. Their shape is theirs: a window of another shape than its place is
  // stretched. Throws Error(ERROR_ARGUMENT), also for a pane that is not inside the output.
  std::vector<PlacedPane> place(const std::vector<Pane>& panes) const;

  bool is_full(const PlacedPane& pane) const;
  // True if the window of a full pane is the output, sample by sample, on every plane and in every
  // field.
  bool is_exact(const PlacedPane& pane) const;
  // True where rows of one field would get into the other, and both fields have rows.
  bool mixes_fields(const PlacedPane& pane) const;
  // The samples of a plane or field that a pane goes to.
  Rectangle in_part(const PlacedPane& pane, const Part& part) const;

 private:
  Window on_grid(const Window& window, const std::string& owner) const;

  Size source_, output_;
  PlaneLayout planes_;
  double shape_;
  Size step_{1, 1};  // samples of luma of the largest chroma sample
};

class PanePainter {
 public:
  PanePainter(const smartcrop_pixel_format& format, ScaleFilter filter)
      : depth_(format.depth), planes_(format), filter_(filter) {}

  // Copies the pane's samples where they fall on those of the target, else resamples them. The
  // target is the place of the pane in the part.
  void draw(const PlacedPane& pane, const Part& part, const ConstPlane& from, const Plane& target);

 private:
  Region region_of(const PlacedPane& pane, const Part& part, Size target) const;

  int depth_;
  PlaneLayout planes_;
  ScaleFilter filter_;
  ScalerCache scalers_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_PANES_H_
