// SPDX-License-Identifier: MIT
// Random runs of the C interface: the options, the pictures, and the calls that count.
#ifndef SMARTCROP_TESTS_UNIT_CAPI_RANDOM_FILM_H_
#define SMARTCROP_TESTS_UNIT_CAPI_RANDOM_FILM_H_

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "synthetic_clip.h"

namespace smartcrop {

enum class Act { kSend, kSetLive, kFollow, kReset, kEnd };

struct Step {
  Act act = Act::kSend;
  int scene = 0, permille = 500;  // of a frame
  int64_t pts = 0;
  // What the caller knows of a frame; without a count where he says nothing.
  std::vector<smartcrop_box> boxes;
  bool says_boxes = false;
  std::string key;  // of a live option, or whom to follow
  double value = 0;
};

struct Film {
  size_t kind = 0;  // of picture
  smartcrop_stream stream{};
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<Step> steps;
  bool can_follow = false;  // has a tracker
  bool has_plan = false;    // which says where the windows are
};

struct Kind {
  smartcrop_pixel_format format;
  Size size;
};
inline const Kind kKinds[] = {{yuv(1, 1, 8), {64, 36}},
                              {grey(8), {36, 64}},
                              {yuv(1, 0, 10), {62, 35}},
                              {rgb(8), {48, 27}},
                              {yuv(0, 0, 16, 1), {33, 33}}};

// Pictures are painted once and shown in many films.
inline const TestPicture& picture_of(size_t kind, int scene, int permille) {
  static std::map<std::vector<int>, TestPicture> painted;
  const std::vector<int> key = {static_cast<int>(kind), scene, permille};
  auto found = painted.find(key);
  if (found == painted.end()) {
    TestPicture picture(kKinds[kind].format, kKinds[kind].size, Placement::kTight);
    paint_scene(&picture, kKinds[kind].format, scene, permille);
    found = painted.emplace(key, std::move(picture)).first;
  }
  return found->second;
}

class Author {
 public:
  // tracker: a file, or empty where none can be run.
  Author(std::mt19937* random, const std::string& plan, const std::string& tracker)
      : random_(random), plan_(plan), tracker_(tracker) {}

  Film film() {
    Film film;
    film.kind = index(std::size(kKinds));
    film.stream = stream_of(kKinds[film.kind].format, kKinds[film.kind].size);
    film.stream.time_base_den = 100;
    film.stream.frame_rate_num = chance(0.2) ? 0 : 10;
    film.stream.frame_rate_den = 1;
    choose_options(&film);
    int64_t pts = number(-100, 100000);
    const int count = number(0, 6);
    const int shape = number(0, 3);
    const bool boxed = chance(0.3);
    for (int i = 0; i < count; ++i) {
      if (chance(0.1)) add_live(&film);
      if (film.can_follow && chance(0.2)) add_follow(&film);
      film.steps.push_back(frame(&pts, shape));
      if (boxed) add_boxes(film, &film.steps.back());
      if (chance(0.03)) add(&film, Act::kReset);
    }
    if (!chance(0.1)) add(&film, Act::kEnd);  // else closed without an end
    if (chance(0.05)) {
      add(&film, Act::kReset);
      film.steps.push_back(frame(&pts, shape));
      add(&film, Act::kEnd);
    }
    return film;
  }

 private:
  bool chance(double share) {
    return std::uniform_real_distribution<double>(0, 1)(*random_) < share;
  }
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(*random_); }
  size_t index(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(*random_);
  }
  template <size_t n>
  const char* any(const char* const (&values)[n]) {
    return values[index(n)];
  }

  void choose_options(Film* film) {
    const std::string aspect = any({"auto", "9/16", "1", "16/9", "2.39"});
    const bool tall = aspect == "auto" || aspect == "9/16";  // of the shape of the size below
    film->options = {{"model", "none"},  // the same calls, a hundred times as fast
                     {"lookahead", any({"0", "0", "0.1", "0.2", "0.35", "1.5", "60"})},
                     {"analysis_fps", any({"0.5", "2", "120"})},
                     {"aspect", aspect},
                     {"strategy", any({"auto", "hold", "pan", "follow"})},
                     {"smoother", any({"l1", "ema"})},
                     {"subpixel", any({"0", "1"})},
                     {"min_shot", any({"0", "0.5"})},
                     {"size", tall && chance(0.5) ? "18x32" : ""}};
    if (film->kind == 0 && chance(0.5)) {
      film->options.emplace_back("plan", plan_);
      film->has_plan = true;
    } else if (!tracker_.empty() && chance(0.06)) {  // a network takes its time
      film->options.emplace_back("tracker", tracker_);
      if (chance(0.5)) film->options.emplace_back("follow", whom());
      film->can_follow = true;
    }
  }

  // shape: 0 steady, 1 uneven, 2 without times, 3 anything.
  Step frame(int64_t* pts, int shape) {
    Step step;
    step.scene = chance(0.15) ? number(0, 2) : 0;
    step.permille = 100 * number(1, 9);
    *pts += shape == 0 ? 10 : number(shape == 3 ? -30 : 0, 40);
    if (shape == 3 && chance(0.1)) *pts += number(-100000, 1000000);
    const bool timeless = shape == 2 || (shape == 3 && chance(0.2));
    step.pts = timeless ? SMARTCROP_NO_PTS : *pts;
    return step;
  }
  void add(Film* film, Act act) {
    film->steps.emplace_back();
    film->steps.back().act = act;
  }
  std::string whom() {
    return any({"auto", "0.5x0.5", "0.2x0.5", "0.7x0.4x0.2x0.3", "#1", "#7", "1x1"});
  }
  void add_follow(Film* film) {
    add(film, Act::kFollow);
    film->steps.back().key = whom();
  }
  // Boxes with and without numbers, some of them marked, some partly or all outside the picture.
  void add_boxes(const Film& film, Step* step) {
    if (chance(0.3)) return;
    step->says_boxes = true;
    for (int i = number(0, 3); i > 0; --i) {
      smartcrop_box box{};
      box.x = 0.1 * number(-3, 10) * film.stream.width;
      box.y = 0.1 * number(-3, 10) * film.stream.height;
      box.width = 0.1 * number(1, 6) * film.stream.width;
      box.height = 0.1 * number(1, 6) * film.stream.height;
      box.id = number(0, 4);
      box.category = number(0, 2);
      box.score = 0.1 * number(0, 10);
      box.followed = chance(0.3) ? 1 : 0;
      step->boxes.push_back(box);
    }
  }
  void add_live(Film* film) {
    add(film, Act::kSetLive);
    film->steps.back().key = any({"center_bias", "dead_zone", "max_speed", "ema_time"});
    film->steps.back().value = 0.1 * number(1, 9);
  }

  std::mt19937* random_;
  std::string plan_, tracker_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_CAPI_RANDOM_FILM_H_
