// SPDX-License-Identifier: MIT
// The exponential moving average of the targets, in time rather than in frames: after t seconds a
// share 1 - exp(-t / ema_time) of a step is taken; a target of half the weight that sure evidence
// has counts half the time.
#include <algorithm>
#include <cmath>

#include "stage4_crop/camera.h"
#include "stage5_path/path.h"

namespace smartcrop {
namespace {

class EmaSmoother : public Smoother {
 public:
  explicit EmaSmoother(const PathLimits& limits) : Smoother(limits) {}

  double jump(const std::vector<PathPoint>& ahead) override {
    time_s_ = ahead[0].time_s;
    centre_ = allowed(ahead[0], ahead[0].centre);
    return centre_;
  }

  double step(const std::vector<PathPoint>& ahead) override {
    const double elapsed = std::max(0.0, ahead[0].time_s - time_s_);
    time_s_ = ahead[0].time_s;
    const double trusted = elapsed * std::min(1.0, ahead[0].weight / camera::kSureWeight);
    const double target = allowed(ahead[0], ahead[0].centre);
    centre_ += (1 - std::exp(-trusted / limits_.ema_time_s)) * (target - centre_);
    centre_ = allowed(ahead[0], centre_);
    return centre_;
  }

 private:
  double allowed(const PathPoint& point, double centre) const {
    const double place = std::max(point.lowest, std::min(point.highest, centre));
    return std::clamp(place, limits_.lowest, limits_.highest);
  }

  double time_s_ = 0;
  double centre_ = 0.5;
};

}  // namespace

std::unique_ptr<Smoother> make_ema_smoother(const PathLimits& limits) {
  return std::make_unique<EmaSmoother>(limits);
}

}  // namespace smartcrop
