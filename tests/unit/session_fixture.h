// SPDX-License-Identifier: MIT
// Clips and files for tests of whole runs.
#ifndef SMARTCROP_TESTS_UNIT_SESSION_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_SESSION_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "inference/model_fixture.h"
#include "options.h"
#include "synthetic_clip.h"

namespace smartcrop {

constexpr Size kPicture{160, 90};
constexpr int kFps = 10;

struct Shown {
  int scene = 0, permille = 500;  // scene -1: black
  bool bars = false;              // black, above and below
  bool title = false;             // bright strokes over most of the picture
};
using Clip = std::vector<Shown>;
using Values = std::vector<std::pair<std::string, std::string>>;

// The subject walks from left to right and back.
inline Clip walk() {
  Clip clip;
  for (int i = 0; i < 50; ++i) clip.push_back({0, i < 25 ? 100 + 32 * i : 900 - 32 * (i - 25)});
  return clip;
}

// The subject stands, then is elsewhere.
inline Clip hop() {
  Clip clip;
  for (int i = 0; i < 60; ++i) clip.push_back({0, i < 20 ? 200 : 800});
  return clip;
}

// Shots of 2 s, 0.6 s and 2 s.
inline Clip cuts() {
  Clip clip;
  for (int i = 0; i < 46; ++i)
    clip.push_back({i < 20 ? 0 : i < 26 ? 2 : 1, i < 20 ? 250 : i < 26 ? 750 : 400});
  return clip;
}

// Nothing but a subject at the edge.
inline Clip edge() { return Clip(20, {0, 60}); }

// The walk, letterboxed.
inline Clip letterbox() {
  Clip clip = walk();
  for (Shown& shown : clip) shown.bars = true;
  return clip;
}

// The walk under a title.
inline Clip titled() {
  Clip clip = walk();
  for (Shown& shown : clip) shown.title = true;
  return clip;
}

inline smartcrop_stream stream_of_clip() {
  smartcrop_stream stream = stream_of(yuv(1, 1, 8), kPicture);
  stream.time_base_den = 1000;
  stream.frame_rate_num = kFps;
  stream.frame_rate_den = 1;
  return stream;
}

// Lines of letters that have two legs and a bar.
inline bool is_stroke(int x, int y) {
  const int column = (x - 20) % 8, row = (y - 20) % 16;
  if (x < 20 || x >= 140 || y < 20 || y >= 68 || row >= 11) return false;
  return column < 2 || (column >= 4 && column < 6) || (row >= 5 && row < 7 && column < 6);
}

inline TestPicture paint(const Shown& shown) {
  TestPicture picture(yuv(1, 1, 8), kPicture);
  picture.fill_all([](int, int) { return 128; });
  picture.fill(0, [](int, int) { return 16; });
  if (shown.scene >= 0) paint_scene(&picture, yuv(1, 1, 8), shown.scene, shown.permille);
  const auto draw = [&picture](double level, auto inside) {
    const TestPicture before = picture;
    picture.fill(0, [&](int x, int y) { return inside(x, y) ? level : before.get(0, x, y); });
  };
  if (shown.bars) draw(16, [](int, int y) { return y < 12 || y >= kPicture.height - 12; });
  if (shown.title) draw(235, is_stroke);
  return picture;
}

// Without a network, unless the values name one: most tests are about something else, and so their
// answers depend on no version of ONNX Runtime.
inline Options options_of(const Values& values) {
  Options options;
  options.model = "none";
  for (const auto& [key, value] : values) set_option(&options, key, value);
  return options;
}

class Files : public ModelTest {
 protected:
  // A model that looks at what is bright, and one that fails on black pictures.
  std::string model() const {
    return save_as("bright.onnx", describe(brightness_file({9, 9, 9})).bytes());
  }
  std::string failing_model() const {
    OnnxFile file;
    file.input("image", kImage).output("map", kMap);
    add_cells(file, "cells", {1, 1, 1}).node("Log", {"cells"}, "map");
    return save_as("failing.onnx", describe(file).bytes());
  }
  // A detector that finds one box, as sure of it as the picture is bright.
  std::string detector(int weight = 1) const {
    const std::string number = std::to_string(weight);
    const std::string boxes = R"({"layout":"xyxy","threshold":0.01,"weight":)" + number + "}";
    return save_as("detector" + number + ".onnx", corner_file(boxes).bytes());
  }
  // A tracker that finds colours again, and one that never finds anything.
  std::string tracker() const { return save_tracker("colours.onnx", tracker_file()); }
  std::string blind_tracker() const {
    OnnxFile file = tracker_head();
    file.constant("zero", {1, 3, 1, 1}, {0, 0, 0}).constant("never", {1}, {-20});
    file.node("Conv", {"search", "zero", "never"}, "score");
    add_tracked_boxes(file, "box");
    return save_tracker("blind.onnx", file);
  }
  std::string hints() const {
    return save_as("hints.plan", R"({"type":"hint","t":[1,2],"box":[10,20,30,40]})");
  }
  // Where an analysis goes, and a plan.
  std::string kept() const { return (folder_ / "a.analysis").string(); }
  std::string planned() const { return (folder_ / "out.plan").string(); }
  std::string plan() const { return plan({50, 90}, "a.plan"); }
  // Windows that fill the middle of a wider output.
  std::string fitted_plan() const { return plan({90, 50}, "fitted.plan"); }

 private:
  std::string plan(Size output, const std::string& name) const {
    std::string text = R"({"type":"header","format":"smartcrop-plan","version":1,)"
                       R"("source":{"width":160,"height":90},"output":{"width":)" +
                       std::to_string(output.width) + R"(,"height":)" +
                       std::to_string(output.height) + "}}\n";
    for (int i = 0; i < 60; ++i) {
      text += R"({"type":"frame","t":)" + std::to_string(i / 10.0) + R"(,"x":)" +
              std::to_string(i) + R"(,"y":0,"width":50,"height":90})" + "\n";
    }
    return save_as(name, text);
  }
  std::string save_tracker(const std::string& name, const OnnxFile& head) const {
    save_as("trunk.onnx", trunk_file().bytes());
    return save_as(name, describe_tracker(head).bytes());
  }
  std::string save_as(const std::string& name, const std::string& bytes) const {
    const std::string path = (folder_ / name).string();
    write_file(path, bytes);
    return path;
  }
};

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_SESSION_FIXTURE_H_
