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
  double lean = 0;                     // so much nearer to the middle is wanted than targets say
  double max_speed = 0.35;
  double max_accel = 0.7;
  double ema_time_s = 0.6;
  double lookahead_s = 1.5;
};

struct PathPoint {
  double time_s = 0;
  double centre = 0.5;             // the target
  double lowest = 0, highest = 1;  // where the centre has to be
  double weight = 1;               // how much the target is to be trusted; 0: it is not known
};

// One axis of the camera. Implementations are in smoother_*.cc; the window's path is two of them.
class Smoother {
 public:
  virtual ~Smoother() = default;
  // The first frame of a shot: the centre may be anywhere. ahead[0] is the frame itself, the rest
  // what is known of the future of its shot.
  virtual double jump(const std::vector<PathPoint>& ahead) = 0;
  // Any other frame.
  virtual double step(const std::vector<PathPoint>& ahead) = 0;
  // A whole track at once: the centre at each of its points, the first of which begins a shot.
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

// A track of one axis, known from its first to its last point, smoothed as the options say; the
// window is that share of the picture's side.
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

  // track as Chooser::choose() gives it; the answer is the target with its centre and size moved. A
  // size that changes within a shot is eased.
  Target next(const std::vector<Target>& track);
  void set_options(const Options& options);
  void reset() { started_ = false; }

 private:
  void resize(const Target& target, bool jump);
  void limit();

  Options options_;
  Shares own_, window_;   // the run's, and the present one
  Shares from_, to_;      // of the present change of size
  double changed_s_ = 0;  // when it began
  std::unique_ptr<Smoother> x_, y_;
  bool started_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_PATH_H_
