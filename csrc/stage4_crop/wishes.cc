// SPDX-License-Identifier: MIT
#include "stage4_crop/wishes.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "error.h"
#include "stage4_crop/candidates.h"

namespace smartcrop {
namespace {

constexpr double kSameTime_s = 1e-3;

struct Stop {
  double time_s = 0, place = 0;
};

[[noreturn]] void refuse(int32_t shot, const std::string& what) {
  throw Error(SMARTCROP_ERROR_ARGUMENT, "wish for shot " + std::to_string(shot) + ": " + what);
}

void check_shot(int32_t shot) {
  if (shot < 0) refuse(shot, "shots are numbered from 0");
}

void check_share(int32_t shot, const char* name, std::optional<double> share) {
  if (!share || (*share >= 0 && *share <= 1)) return;
  refuse(shot, std::string(name) + " is a share of the picture, from 0 to 1");
}

// Key frames move a window; one that rests or shows all does not take them.
void check_moves(int32_t shot, const ShotWish& wish) {
  const bool rests = wish.strategy == SMARTCROP_HOLD || wish.strategy == SMARTCROP_FIT;
  if (wish.keys.empty() || !rests) return;
  refuse(shot, std::string("strategy ") + strategy_name(*wish.strategy) +
                   " takes no key frames; pan and follow do");
}

bool pans(const Options& options) { return options.strategy == StrategyChoice::kPan; }

// The centre is to be at the place, or as near to it as the window can be inside the picture.
void pin(double place, Axis axis, Target* target) {
  const double side = axis == Axis::kX ? target->width : target->height;
  const double at = side < 1 ? std::clamp(place, side / 2, 1 - side / 2) : 0.5;
  (axis == Axis::kX ? target->x : target->y) = at;
  (axis == Axis::kX ? target->span_x : target->span_y) = {at, at};
}

void pin(const KeyFrame& key, Target* target) {
  pin(key.x, Axis::kX, target);
  if (!key.y) return;
  pin(*key.y, Axis::kY, target);
  target->weight = 1;
}

// The places that a pan goes through; fewer than two without ends say nothing.
std::vector<Stop> stops_of(const ShotWish& wish, Axis axis, const ShotEnds* ends) {
  std::vector<Stop> stops;
  for (const KeyFrame& key : wish.keys) {
    if (axis == Axis::kX) stops.push_back({key.time_s, key.x});
    if (axis == Axis::kY && key.y) stops.push_back({key.time_s, *key.y});
  }
  if (stops.size() != 1) return stops;
  if (ends == nullptr) return {};
  const auto stop_at = [axis](const Target& end) {
    return Stop{end.time_s, axis == Axis::kX ? end.x : end.y};
  };
  const double now_s = stops[0].time_s, middle_s = (ends->first.time_s + ends->last.time_s) / 2;
  if (now_s <= middle_s && now_s < ends->last.time_s) {
    stops.push_back(stop_at(ends->last));
  } else if (now_s > ends->first.time_s) {
    stops.insert(stops.begin(), stop_at(ends->first));
  }
  return stops;
}

// Rises from 0 to 1 with neither speed nor acceleration at the ends (the quintic of Perlin).
double eased(double share) { return share * share * share * (10 - 15 * share + 6 * share * share); }

double place_at(const std::vector<Stop>& stops, double time_s) {
  const auto next = std::find_if(stops.begin(), stops.end(),
                                 [time_s](const Stop& stop) { return stop.time_s > time_s; });
  if (next == stops.begin()) return stops.front().place;
  if (next == stops.end()) return stops.back().place;
  const Stop& from = *(next - 1);
  return from.place +
         eased((time_s - from.time_s) / (next->time_s - from.time_s)) * (next->place - from.place);
}

// The target between two others, by the time.
Target between(const Target& a, const Target& b, double time_s) {
  const double share = b.time_s > a.time_s ? (time_s - a.time_s) / (b.time_s - a.time_s) : 0;
  const auto blend = [share](double from, double to) { return from + share * (to - from); };
  Target target = a;
  target.time_s = time_s;
  target.x = blend(a.x, b.x);
  target.y = blend(a.y, b.y);
  target.weight = blend(a.weight, b.weight);
  target.span_x = {blend(a.span_x.lowest, b.span_x.lowest),
                   blend(a.span_x.highest, b.span_x.highest)};
  target.span_y = {blend(a.span_y.lowest, b.span_y.lowest),
                   blend(a.span_y.highest, b.span_y.highest)};
  return target;
}

// Puts a key frame that is still to come into the track.
void insert_key(const KeyFrame& key, std::vector<Target>* track) {
  auto next = std::find_if(track->begin() + 1, track->end(), [&key](const Target& target) {
    return target.time_s > key.time_s - kSameTime_s;
  });
  if (next != track->end() && next->time_s < key.time_s + kSameTime_s) {
    pin(key, &*next);
    return;
  }
  const Target& before = *(next - 1);
  Target target = before;
  if (next != track->end()) target = between(before, *next, key.time_s);
  target.time_s = key.time_s;
  pin(key, &target);
  track->insert(next, target);
}

}  // namespace

void Wishes::ask(int32_t shot, std::optional<int> strategy, std::optional<double> x,
                 std::optional<double> y) {
  check_shot(shot);
  check_share(shot, "x", x);
  check_share(shot, "y", y);
  const bool placed = x || y;
  if (strategy && strategy_name(*strategy) == nullptr) {
    refuse(shot, "strategy " + std::to_string(*strategy) + " is none");
  }
  if (placed && strategy && *strategy != SMARTCROP_HOLD) {
    refuse(shot, "x and y place a still window, so they go with the strategy hold alone");
  }
  if (!placed && !strategy) refuse(shot, "it has neither a strategy nor a place");
  ShotWish wish{placed ? SMARTCROP_HOLD : static_cast<smartcrop_strategy>(*strategy), x, y, {}};
  if (const ShotWish* before = of(shot)) wish.keys = before->keys;
  check_moves(shot, wish);
  shots_[shot] = wish;
}

void Wishes::ask(int32_t shot, const KeyFrame& key) {
  check_shot(shot);
  if (!std::isfinite(key.time_s)) refuse(shot, "the time of a key frame has to be finite");
  check_share(shot, "x", key.x);
  check_share(shot, "y", key.y);
  ShotWish wish;
  if (const ShotWish* before = of(shot)) wish = *before;
  std::vector<KeyFrame>& keys = wish.keys;
  keys.erase(std::remove_if(keys.begin(), keys.end(),
                            [&key](const KeyFrame& other) {
                              return std::abs(other.time_s - key.time_s) < kSameTime_s;
                            }),
             keys.end());
  keys.push_back(key);
  std::sort(keys.begin(), keys.end(),
            [](const KeyFrame& a, const KeyFrame& b) { return a.time_s < b.time_s; });
  check_moves(shot, wish);
  shots_[shot] = wish;
}

const ShotWish* Wishes::of(int32_t shot) const {
  const auto found = shots_.find(shot);
  return found == shots_.end() ? nullptr : &found->second;
}

Options options_for(const Options& options, const ShotWish* wish) {
  Options asked = options;
  if (wish != nullptr && wish->strategy) {
    set_option(&asked, "strategy", strategy_name(*wish->strategy));
  }
  return asked;
}

void move_to_wish(const ShotWish& wish, const Options& options, const ShotEnds* ends,
                  Target* target) {
  if (wish.x) pin(*wish.x, Axis::kX, target);
  if (wish.y) pin(*wish.y, Axis::kY, target);
  if (!pans(options)) return;
  for (const Axis axis : {Axis::kX, Axis::kY}) {
    const std::vector<Stop> stops = stops_of(wish, axis, ends);
    if (!stops.empty()) pin(place_at(stops, target->time_s), axis, target);
  }
}

void add_keys(const ShotWish& wish, const Options& options, double reach_s,
              std::vector<Target>* track) {
  if (pans(options)) return;
  const double now_s = track->front().time_s;
  for (const KeyFrame& key : wish.keys) {
    if (std::abs(key.time_s - now_s) < kSameTime_s) pin(key, &track->front());
    if (key.time_s >= now_s + kSameTime_s && key.time_s <= reach_s) insert_key(key, track);
  }
}

}  // namespace smartcrop
