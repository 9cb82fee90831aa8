// SPDX-License-Identifier: MIT
// Targets to the path of the window.
#ifndef SMARTCROP_STAGE5_PATH_PATH_H_
#define SMARTCROP_STAGE5_PATH_PATH_H_

#include <memory>
#include <vector>

#include "options.h"
#include "types.h"

namespace smartcrop {

// What bounds the motion along one axis, in shares of the picture's side (and seconds).
struct PathLimits {
  double lowest = 0.5, highest = 0.5;  // of the window's centre
  double dead_zone = 0;                // the target may be this far from the centre
  double lean = 0;  // targets are moved towards the middle of the limits, at most by this
  double max_speed = 0.35;
  double max_accel = 0.7;
  double ema_time_s = 0.6;
  double lookahead_s = 1.5;
};

struct PathPoint {
  double time_s = 0;
  double centre = 0.5;             // the target
  double lowest = 0, highest = 1;  // the span in which the centre has to be
  double weight = 1;               // how far the target is trusted; 0: it is not known
  double slack = 1;                // share of the dead zone that it has
};

// One axis of the camera. Implementations are in smoother_*.cc; the window's path is two of them.
class Smoother {
 public:
  virtual ~Smoother() = default;
  // The centre at the first frame of a shot, which may be anywhere. ahead[0] is the frame itself,
  // and the rest is what is known of the future of its shot.
  virtual double jump(const std::vector<PathPoint>& ahead) = 0;
  // The centre at any other frame.
  virtual double step(const std::vector<PathPoint>& ahead) = 0;
  // The centre at each point of a whole track. The first point begins a shot.
  virtual std::vector<double> whole(const std::vector<PathPoint>& track);
  void set_limits(const PathLimits& limits) { limits_ = limits; }

 protected:
  explicit Smoother(const PathLimits& limits) : limits_(limits) {}
  PathLimits limits_;
};

// The calmest path near the targets: see smoother_l1.cc.
std::unique_ptr<Smoother> make_l1_smoother(const PathLimits& limits);
// Exponential moving average, reset at cuts: see smoother_ema.cc.
std::unique_ptr<Smoother> make_ema_smoother(const PathLimits& limits);

// Smooths a track of one axis that is known from its first to its last point, as the options say.
// The window is a share of the picture's side.
std::vector<double> smooth_path(const Options& options, const std::vector<PathPoint>& track,
                                double window);

// The window, frame by frame.
class Path {
 public:
  // The window's share of the picture's width and height.
  struct Shares {
    double width = 1, height = 1;
    bool operator==(const Shares& other) const {
      return width == other.width && height == other.height;
    }
  };
  // window: the run's own.
  Path(const Options& options, Shares window);

  // Takes a track of Chooser::choose(). Returns its first target with the centre and size that the
  // path gives it. A size that changes within a shot is eased.
  Target next(const std::vector<Target>& track);
  void set_options(const Options& options);
  void reset() { started_ = false; }

 private:
  void resize(const Target& target, bool jump);
  void limit();

  Options options_;
  Shares own_, window_;   // of the run, and at present
  Shares from_, to_;      // the two ends of the present change of size
  double changed_s_ = 0;  // when that change began
  std::unique_ptr<Smoother> x_, y_;
  bool started_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_PATH_H_
