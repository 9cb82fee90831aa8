// SPDX-License-Identifier: MIT
#include "stage6_render/render.h"

#include <algorithm>
#include <cmath>
#include <list>

#include "error.h"
#include "plane_scaler.h"

namespace smartcrop {
namespace {

// Windows are moved to this grid (in luma samples): finer than an eye can see, coarse enough for a
// moving window to meet the same phases again, whose filters are then at hand.
constexpr double kSteps = 16;
// How far a window may leave the picture by the rounding of its sides.
constexpr double kSlack = 1e-3;
// Filters kept: all phases of a window that moves along one axis, in luma and in chroma.
constexpr size_t kMostScalers = 96;

ScaleFilter filter_of(const std::string& name) {
  if (name == "bilinear") return ScaleFilter::kBilinear;
  if (name == "bicubic") return ScaleFilter::kBicubic;
  if (name == "lanczos") return ScaleFilter::kLanczos;
  if (name == "spline36") return ScaleFilter::kSpline36;
  throw Error(SMARTCROP_ERROR_OPTION,
              "unknown scaler \"" + name + "\": use bilinear, bicubic, lanczos or spline36");
}

double to_grid(double position) { return std::round(position * kSteps) / kSteps; }

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
  Impl(const smartcrop_stream& stream, Size output, const std::string& scaler)
      : source_{stream.width, stream.height},
        output_(output),
        depth_(stream.format.depth),
        layout_(stream.format),
        filter_(filter_of(scaler)) {
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
    const Window window = on_grid(wanted);
    const bool fields = (frame.flags & SMARTCROP_FRAME_INTERLACED) != 0 && mixes_fields(window);
    for (int plane = 0; plane < layout_.count; ++plane) {
      const ConstPlane from = plane_of(frame, layout_, plane, source_);
      const Plane to = plane_of(picture, layout_, plane, output_);
      if (!fields) {
        scale(from, to, plane_region(window, plane, to.size));
        continue;
      }
      for (int field = 0; field < 2; ++field) {
        const Plane half = field_of(to, field);
        scale(field_of(from, field), half, field_region(window, plane, field, half.size));
      }
    }
  }

 private:
  Window on_grid(const Window& window) const {
    if (!std::isfinite(window.x) || !std::isfinite(window.y) || !(window.width > 0) ||
        !(window.height > 0) || window.width > source_.width + kSlack ||
        window.height > source_.height + kSlack) {
      throw Error(SMARTCROP_ERROR_ARGUMENT,
                  "the window " + std::to_string(window.width) + "x" +
                      std::to_string(window.height) + " at " + std::to_string(window.x) + "," +
                      std::to_string(window.y) + " is not inside the picture of " +
                      std::to_string(source_.width) + "x" + std::to_string(source_.height));
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

  // True where rows of one field would get into the other, and both fields have rows.
  bool mixes_fields(const Window& window) const {
    const int rows = 2 * step_.height;
    const bool in_place = window.height == output_.height && is_multiple(window.y, rows);
    return !in_place && source_.height >= rows && output_.height >= rows;
  }

  Region plane_region(const Window& window, int plane, Size target) const {
    const int factor_w = 1 << layout_.shift_w[static_cast<size_t>(plane)];
    const int factor_h = 1 << layout_.shift_h[static_cast<size_t>(plane)];
    const Stretch x = horizontal(window, factor_w, target.width);
    const Stretch y = in_plane({window.y, window.height}, factor_h, window.height / output_.height,
                               0, target.height);
    return {x.start, y.start, x.length, y.length};
  }

  // Row k of a field lies at row 2k + field of the frame. So a window from y on begins in the
  // field at (y + shift) / 2, where the shift makes up for the rows of the other field above
  // (source) and below (output) it; chroma of the fields is sited a quarter row up and down.
  Region field_region(const Window& window, int plane, int field, Size target) const {
    const int factor_w = 1 << layout_.shift_w[static_cast<size_t>(plane)];
    const int factor_h = 1 << layout_.shift_h[static_cast<size_t>(plane)];
    const double scale = window.height / output_.height;
    const double top = window.y / 2 + (scale - 1) * (field / 2.0 - 0.25);
    const double sited = factor_h == 1 ? 0 : field / 2.0 - 0.25;
    const Stretch x = horizontal(window, factor_w, target.width);
    const Stretch y = in_plane({top, window.height / 2}, factor_h, scale, sited, target.height);
    return {x.start, y.start, x.length, y.length};
  }

  // Chroma lies on the first luma sample of those that it covers, as in MPEG-2.
  Stretch horizontal(const Window& window, int factor, int target) const {
    return in_plane({window.x, window.width}, factor, window.width / output_.width,
                    (1 - factor) / 2.0, target);
  }

  void scale(const ConstPlane& from, const Plane& to, const Region& region) {
    Origin origin;
    const ScaleShape shape = window_of_plane(depth_, filter_, region, to.size, &origin);
    scaler(shape).run(from, origin, to, &scratch_);
  }

  // The least recently used scaler makes room for a new one.
  const PlaneScaler& scaler(const ScaleShape& shape) {
    const auto found =
        std::find_if(scalers_.begin(), scalers_.end(),
                     [&shape](const PlaneScaler& kept) { return kept.shape() == shape; });
    if (found != scalers_.end()) {
      scalers_.splice(scalers_.begin(), scalers_, found);
    } else {
      scalers_.emplace_front(shape);
      if (scalers_.size() > kMostScalers) scalers_.pop_back();
    }
    return scalers_.front();
  }

  Size source_, output_;
  int depth_;
  PlaneLayout layout_;
  ScaleFilter filter_;
  Size step_{1, 1};
  std::list<PlaneScaler> scalers_;
  ScaleScratch scratch_;
};

Renderer::Renderer(const smartcrop_stream& stream, Size output, const std::string& scaler)
    : impl_(std::make_unique<Impl>(stream, output, scaler)) {}
Renderer::~Renderer() = default;

bool Renderer::is_exact(const Window& window, int* x, int* y) const {
  return impl_->is_exact(window, x, y);
}

void Renderer::render(const Window& window, const smartcrop_frame& frame,
                      const smartcrop_picture& picture) {
  impl_->render(window, frame, picture);
}

}  // namespace smartcrop
