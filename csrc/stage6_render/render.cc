// SPDX-License-Identifier: MIT
#include "stage6_render/render.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

#include "error.h"
#include "stage6_render/pad.h"

namespace smartcrop {
namespace {

// Windows are moved to this grid, in luma samples. It is finer than viewers can see. It is so
// coarse that a moving window meets the same phases again, whose filters are kept.
constexpr double kSteps = 16;
// How far a window may leave the picture by the rounding of its sides.
constexpr double kSlack = 1e-3;
// Windows this small (in luma samples) show one sample; smaller ones have filters of no length.
constexpr double kLeastSide = 1e-3;
// If the bars beside a window would take less than this share of the output, the window is
// stretched over them. Nobody sees that, but viewers see a line of padding.
constexpr double kStretch = 0.01;

double to_grid(double position) { return std::round(position * kSteps) / kSteps; }

std::string number_text(double value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, std::end(buffer), value).ptr);
}

// The comparisons are false for a value that is not a number.
bool is_inside(double start, double length, int picture) {
  return length >= kLeastSide && start >= -kSlack && start + length <= picture + kSlack;
}

bool is_multiple(double position, int step) { return std::fmod(position, step) == 0; }

// Where a stretch of luma lies in a plane that holds 1 / factor as many samples. The scaled-up
// samples keep their siting: sited is how far a plane's sample lies from the middle of the luma
// samples that it covers, in luma samples.
struct Stretch {
  double start, length;
};
Stretch in_plane(Stretch luma, int factor, double scale, double sited, int target) {
  return {luma.start / factor + sited * (scale - 1) / factor, scale * target};
}

}  // namespace

class Renderer::Impl {
 public:
  Impl(const smartcrop_stream& stream, Size output, const RenderOptions& options)
      : source_{stream.width, stream.height},
        output_(output),
        depth_(stream.format.depth),
        layout_(stream.format),
        filter_(options.scaler),
        shape_(options.shape) {
    if (stream.width < 1 || stream.height < 1 || output.width < 1 || output.height < 1) {
      throw Error(SMARTCROP_ERROR_FORMAT,
                  "cannot render " + std::to_string(output.width) + "x" +
                      std::to_string(output.height) + " out of a picture of " +
                      std::to_string(stream.width) + "x" + std::to_string(stream.height) +
                      ": both need at least one sample");
    }
    for (int plane = 0; plane < layout_.count; ++plane) {
      step_.width = std::max(step_.width, 1 << layout_.shift_w[static_cast<size_t>(plane)]);
      step_.height = std::max(step_.height, 1 << layout_.shift_h[static_cast<size_t>(plane)]);
    }
    if (shape_ == 0) shape_ = static_cast<double>(output.width) / output.height;
    padder_ = std::make_unique<Padder>(stream, output, options.pad, options.pad_colour);
  }

  bool is_exact(const Window& wanted, int* x, int* y) const {
    const Window window = on_grid(wanted);
    if (!is_unscaled(window) || !fits()) return false;
    // Fields stay in place, chroma's too, for an even number of rows of every plane.
    if (!is_multiple(window.x, step_.width) || !is_multiple(window.y, 2 * step_.height)) {
      return false;
    }
    if (x != nullptr) *x = static_cast<int>(window.x);
    if (y != nullptr) *y = static_cast<int>(window.y);
    return true;
  }

  void render(const Window& wanted, const smartcrop_frame& frame,
              const smartcrop_picture& picture) {
    const Placed placed = place(on_grid(wanted));
    const bool interlaced = (frame.flags & SMARTCROP_FRAME_INTERLACED) != 0;
    const bool fields = interlaced && mixes_fields(placed);
    for (int plane = 0; plane < layout_.count; ++plane) {
      const ConstPlane from = plane_of(frame, layout_, plane, source_);
      const Plane to = plane_of(picture, layout_, plane, output_);
      if (!fields) {
        draw(from, to, placed, {plane, -1});
        continue;
      }
      for (int field = 0; field < 2; ++field) {
        draw(field_of(from, field), field_of(to, field), placed, {plane, field});
      }
    }
  }

 private:
  // A window, and where in the output it is shown (luma samples).
  struct Placed {
    Window window;
    Rectangle inner;
  };
  // A plane, or with field >= 0 one field of it.
  struct Part {
    int plane, field;
  };

  Window on_grid(const Window& window) const {
    if (!is_inside(window.x, window.width, source_.width) ||
        !is_inside(window.y, window.height, source_.height)) {
      throw Error(SMARTCROP_ERROR_ARGUMENT,
                  "the window " + number_text(window.width) + "x" + number_text(window.height) +
                      " at " + number_text(window.x) + "," + number_text(window.y) +
                      " is not inside the picture of " + std::to_string(source_.width) + "x" +
                      std::to_string(source_.height));
    }
    Window inside = window;
    inside.x = to_grid(std::clamp(window.x, 0.0, std::max(0.0, source_.width - window.width)));
    inside.y = to_grid(std::clamp(window.y, 0.0, std::max(0.0, source_.height - window.height)));
    return inside;
  }

  bool is_unscaled(const Window& window) const {
    return window.width == output_.width && window.height == output_.height;
  }

  bool fits() const { return output_.width <= source_.width && output_.height <= source_.height; }

  // The part of the output that the window fills. Bars are whole chroma samples and whole pairs of
  // rows, so that copies stay copies and fields stay in place.
  Placed place(const Window& window) const {
    const double shape = window.width / window.height / shape_;
    Placed placed{window, {0, 0, output_.width, output_.height}};
    const double bars_x = std::max(0.0, output_.width * (1 - shape)) / 2;
    const double bars_y = std::max(0.0, output_.height * (1 - 1 / shape)) / 2;
    if (2 * bars_x > kStretch * output_.width) {
      const int bar = whole_bar(bars_x, output_.width, step_.width);
      placed.inner.left = bar;
      placed.inner.right -= bar;
    }
    if (2 * bars_y > kStretch * output_.height) {
      const int bar = whole_bar(bars_y, output_.height, 2 * step_.height);
      placed.inner.top = bar;
      placed.inner.bottom -= bar;
    }
    return placed;
  }

  // The nearest multiple of step that leaves room for a step of the window.
  static int whole_bar(double bar, int side, int step) {
    const int most = std::max(0, (side - step) / 2 / step * step);
    return std::min(static_cast<int>(std::lround(bar / step)) * step, most);
  }

  // True where rows of one field would get into the other, and both fields have rows.
  bool mixes_fields(const Placed& placed) const {
    const int rows = 2 * step_.height, height = placed.inner.height();
    const bool is_padded = height < output_.height || placed.inner.width() < output_.width;
    const bool in_place =
        placed.window.height == height && is_multiple(placed.window.y, rows) && !is_padded;
    return !in_place && source_.height >= rows && height >= rows;
  }

  // The part of a plane that the window goes to.
  Rectangle inner_of(const Placed& placed, const Part& part) const {
    const int w = layout_.shift_w[static_cast<size_t>(part.plane)];
    const int h = layout_.shift_h[static_cast<size_t>(part.plane)];
    const auto samples = [](int luma, int shift) { return (luma + (1 << shift) - 1) >> shift; };
    Rectangle inner{placed.inner.left >> w, placed.inner.top >> h, samples(placed.inner.right, w),
                    samples(placed.inner.bottom, h)};
    if (part.field < 0) return inner;
    inner.top = (inner.top - part.field + 1) / 2;
    inner.bottom = (inner.bottom - part.field + 1) / 2;
    return inner;
  }

  void draw(const ConstPlane& from, const Plane& to, const Placed& placed, const Part& part) {
    const Rectangle inner = inner_of(placed, part);
    const Plane target = part_of(to, inner, layout_.sample_bytes);
    const Region region = part.field < 0 ? plane_region(placed, part, target.size)
                                         : field_region(placed, part, target.size);
    Origin origin;
    const ScaleShape shape = window_of_plane(depth_, filter_, region, target.size, &origin);
    scalers_.run(shape, from, origin, target);
    const bool is_full = inner.width() == to.size.width && inner.height() == to.size.height;
    if (!is_full) padder_->fill(part.plane, to, inner);
  }

  Region plane_region(const Placed& placed, const Part& part, Size target) const {
    const Window& window = placed.window;
    const int factor_h = 1 << layout_.shift_h[static_cast<size_t>(part.plane)];
    const double scale = window.height / placed.inner.height();
    const Stretch x = horizontal(placed, part, target.width);
    const Stretch y = in_plane({window.y, window.height}, factor_h, scale, 0, target.height);
    return {x.start, y.start, x.length, y.length};
  }

  // Row k of a field lies at row 2k + field of the frame. So a window from y on begins in the
  // field at (y + shift) / 2, where the shift makes up for the rows of the other field above
  // (source) and below (output) it; chroma of the fields is sited a quarter row up and down.
  Region field_region(const Placed& placed, const Part& part, Size target) const {
    const Window& window = placed.window;
    const int factor_h = 1 << layout_.shift_h[static_cast<size_t>(part.plane)];
    const double scale = window.height / placed.inner.height();
    const double top = window.y / 2 + (scale - 1) * (part.field / 2.0 - 0.25);
    const double sited = factor_h == 1 ? 0 : part.field / 2.0 - 0.25;
    const Stretch x = horizontal(placed, part, target.width);
    const Stretch y = in_plane({top, window.height / 2}, factor_h, scale, sited, target.height);
    return {x.start, y.start, x.length, y.length};
  }

  // Chroma lies on the first luma sample of those that it covers, as in MPEG-2.
  Stretch horizontal(const Placed& placed, const Part& part, int target) const {
    const int factor = 1 << layout_.shift_w[static_cast<size_t>(part.plane)];
    const Window& window = placed.window;
    return in_plane({window.x, window.width}, factor, window.width / placed.inner.width(),
                    (1 - factor) / 2.0, target);
  }

  Size source_, output_;
  int depth_;
  PlaneLayout layout_;
  ScaleFilter filter_;
  double shape_;
  Size step_{1, 1};
  ScalerCache scalers_;
  std::unique_ptr<Padder> padder_;
};

Renderer::Renderer(const smartcrop_stream& stream, Size output, const RenderOptions& options)
    : impl_(std::make_unique<Impl>(stream, output, options)) {}
Renderer::~Renderer() = default;

bool Renderer::is_exact(const Window& window, int* x, int* y) const {
  return impl_->is_exact(window, x, y);
}

void Renderer::render(const Window& window, const smartcrop_frame& frame,
                      const smartcrop_picture& picture) {
  impl_->render(window, frame, picture);
}

}  // namespace smartcrop
