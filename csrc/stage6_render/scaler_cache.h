// SPDX-License-Identifier: MIT
// Keeps scalers for later, since making one takes as long as running it.
#ifndef SMARTCROP_STAGE6_RENDER_SCALER_CACHE_H_
#define SMARTCROP_STAGE6_RENDER_SCALER_CACHE_H_

#include <algorithm>
#include <list>

#include "picture/plane_scaler.h"

namespace smartcrop {

class ScalerCache {
 public:
  void run(const ScaleShape& shape, const ConstPlane& source, Origin origin, const Plane& target) {
    scaler(shape).run(source, origin, target, &scratch_);
  }

 private:
  // So many are kept: enough for all phases of a window that moves along one axis, in luma and
  // chroma.
  static constexpr size_t kMost = 96;

  // The least recently used scaler makes room for a new one.
  const PlaneScaler& scaler(const ScaleShape& shape) {
    const auto found =
        std::find_if(scalers_.begin(), scalers_.end(),
                     [&shape](const PlaneScaler& kept) { return kept.shape() == shape; });
    if (found != scalers_.end()) {
      scalers_.splice(scalers_.begin(), scalers_, found);
    } else {
      scalers_.emplace_front(shape);
      if (scalers_.size() > kMost) scalers_.pop_back();
    }
    return scalers_.front();
  }

  std::list<PlaneScaler> scalers_;
  ScaleScratch scratch_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_SCALER_CACHE_H_
