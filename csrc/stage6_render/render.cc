// SPDX-License-Identifier: MIT
#include "stage6_render/render.h"

#include "stage6_render/background.h"
#include "stage6_render/panes.h"

namespace smartcrop {

using PlacedPanes = std::vector<PlacedPane>;

class Renderer::Impl {
 public:
  Impl(const smartcrop_stream& stream, Size output, const RenderOptions& options)
      : source_{stream.width, stream.height},
        output_(output),
        planes_(stream.format),
        layout_(stream, output, options.shape),
        painter_(stream.format, options.scaler),
        background_(stream, output, options.pad, options.pad_colour) {}

  const PaneLayout& layout() const { return layout_; }

  bool is_exact(const PlacedPane& pane, int* x, int* y) const {
    if (!layout_.is_exact(pane)) return false;
    if (x != nullptr) *x = static_cast<int>(pane.from.x);
    if (y != nullptr) *y = static_cast<int>(pane.from.y);
    return true;
  }

  void render(const PlacedPanes& panes, const smartcrop_frame& frame,
              const smartcrop_picture& picture) {
    const bool interlaced = (frame.flags & SMARTCROP_FRAME_INTERLACED) != 0;
    for (int plane = 0; plane < planes_.count; ++plane) {
      const ConstPlane from = plane_of(frame, planes_, plane, source_);
      const Plane to = plane_of(picture, planes_, plane, output_);
      for (size_t i = 0; i < panes.size(); ++i) {
        if (!interlaced || !layout_.mixes_fields(panes[i])) {
          draw(panes, i, {plane, -1}, from, to);
          continue;
        }
        for (int field = 0; field < 2; ++field) {
          draw(panes, i, {plane, field}, field_of(from, field), field_of(to, field));
        }
      }
    }
  }

 private:
  // Draws a pane. The background is made of the first one, and so follows it; the others cover it.
  void draw(const PlacedPanes& panes, size_t number, const Part& part, const ConstPlane& from,
            const Plane& to) {
    const Rectangle place = layout_.in_part(panes[number], part);
    painter_.draw(panes[number], part, from, part_of(to, place, planes_.sample_bytes));
    if (number > 0 || layout_.is_full(panes[0])) return;
    std::vector<Rectangle> others;
    for (size_t i = 1; i < panes.size(); ++i) others.push_back(layout_.in_part(panes[i], part));
    background_.fill(part.plane, to, place, others);
  }

  Size source_, output_;
  PlaneLayout planes_;
  PaneLayout layout_;
  PanePainter painter_;
  Background background_;
};

Renderer::Renderer(const smartcrop_stream& stream, Size output, const RenderOptions& options)
    : impl_(std::make_unique<Impl>(stream, output, options)) {}
Renderer::~Renderer() = default;

bool Renderer::is_exact(const Window& window, int* x, int* y) const {
  return impl_->is_exact(impl_->layout().fit(window), x, y);
}

bool Renderer::is_exact(const std::vector<Pane>& panes, int* x, int* y) const {
  const PlacedPanes placed = impl_->layout().place(panes);
  const bool is_one = placed.size() == 1 && impl_->layout().is_full(placed[0]);
  return is_one && impl_->is_exact(placed[0], x, y);
}

void Renderer::render(const Window& window, const smartcrop_frame& frame,
                      const smartcrop_picture& picture) {
  impl_->render({impl_->layout().fit(window)}, frame, picture);
}

void Renderer::render(const std::vector<Pane>& panes, const smartcrop_frame& frame,
                      const smartcrop_picture& picture) {
  impl_->render(impl_->layout().place(panes), frame, picture);
}

}  // namespace smartcrop
