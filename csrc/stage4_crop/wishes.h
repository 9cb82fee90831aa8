// SPDX-License-Identifier: MIT
// What a person asks of shots: a strategy, the place of a still window, key frames.
#ifndef SMARTCROP_STAGE4_CROP_WISHES_H_
#define SMARTCROP_STAGE4_CROP_WISHES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "options.h"
#include "types.h"

namespace smartcrop {

// The window's centre is there at that time. Shares of the picture; no y leaves y to the camera.
struct KeyFrame {
  double time_s = 0;
  double x = 0.5;
  std::optional<double> y;
};

// What is asked of one shot.
struct ShotWish {
  std::optional<smartcrop_strategy> strategy;  // none: that of the options
  std::optional<double> x, y;                  // where the centre of a still window stands
  std::vector<KeyFrame> keys;                  // in the order of time
};

// The wishes of a run, by the numbers of the shots.
class Wishes {
 public:
  // A later wish takes the place of an earlier one for the same shot; its key frames stay. A
  // later key frame takes the place of one at the same time. Both throw Error(ERROR_ARGUMENT) for
  // what cannot be. strategy: a smartcrop_strategy, from whoever may know no such number.
  void ask(int32_t shot, std::optional<int> strategy, std::optional<double> x,
           std::optional<double> y);
  void ask(int32_t shot, const KeyFrame& key);

  // nullptr where nothing is asked.
  const ShotWish* of(int32_t shot) const;

 private:
  std::map<int32_t, ShotWish> shots_;
};

// The options of a run, with the strategy that is asked of one shot.
Options options_for(const Options& options, const ShotWish* wish);

// The first and the last target that the camera itself has for a shot.
struct ShotEnds {
  Target first, last;
};

// Puts a target of a shot where its wish has it: a still window at its place, and a pan on the way
// from key frame to key frame. A pan with a single one has it as the end of the move that it is
// nearer to; its other end is the camera's own, so nothing is changed while the ends are not known.
// What the wish does not say stays as it is. options: of this shot.
void move_to_wish(const ShotWish& wish, const Options& options, const ShotEnds* ends,
                  Target* target);

// Adds the key frames of a shot that does not pan to the track of its targets, so that the path
// meets them. track[0] is the frame to decide. reach_s: those after this time are left out.
void add_keys(const ShotWish& wish, const Options& options, double reach_s,
              std::vector<Target>* track);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_WISHES_H_
