// SPDX-License-Identifier: MIT
// Analysis files made by hand, and what a reader says of their bytes.
#ifndef SMARTCROP_TESTS_UNIT_ANALYSIS_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_ANALYSIS_FIXTURE_H_

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "map_bytes.h"
#include "plan/analysis_writer.h"

namespace smartcrop {

inline AnalysisHeader made_header() {
  AnalysisHeader header;
  header.stream.struct_size = sizeof header.stream;
  header.stream.width = 64;
  header.stream.height = 36;
  header.stream.format = {SMARTCROP_YUV, 8, 1, 1, 0};
  header.stream.time_base_num = header.stream.frame_rate_den = 1;
  header.stream.time_base_den = header.stream.frame_rate_num = 10;
  header.stream.sar_num = header.stream.sar_den = 1;
  header.map = {6, 4};
  header.options.model = "none";
  return header;
}

// A frame a tenth of a second: every second one analysed, a cut at frame 5, and marks that come a
// frame late.
inline Scene made_scene(int64_t frame) {
  Scene scene;
  scene.frame = frame;
  scene.time_s = static_cast<double>(frame) / 10;
  scene.analysed = frame % 2 == 0;
  if (scene.analysed) {
    scene.evidence.frame = frame;
    scene.evidence.time_s = scene.time_s;
    HeatMap& map = scene.evidence.map;
    map.width = 6;
    map.height = 4;
    for (int i = 0; i < 24; ++i) map.values.push_back(static_cast<float>((i * 7 + frame) % 24));
    map.confidence = 0.25F;
    round_to_bytes(&map);
    scene.evidence.pan = 0.125F;
    scene.evidence.content = {0, 0.1, 1, 0.8};
    if (frame % 4 == 0) {
      Subject face;
      face.box = {0.1, 0.2, 0.3, 0.4};
      face.weight = 0.5F;
      face.required = true;
      face.id = 7;
      face.label = 2;
      face.score = 0.75F;
      face.speed = {0.5, -0.25};
      face.preference = 0.25F;
      face.kind = SubjectKind::kFace;
      face.followed = frame % 8 == 0;
      scene.evidence.subjects.push_back(face);
    }
  }
  if (frame > 0) {
    ShotMark mark;
    mark.frame = frame - 1;
    mark.shot = mark.frame < 5 ? 0 : 1;
    mark.start = mark.frame == 0 || mark.frame == 5;
    scene.marks.push_back(mark);
  }
  return scene;
}

inline ShotMark last_mark(int64_t frames) {
  ShotMark mark;
  mark.frame = frames - 1;
  mark.shot = mark.frame < 5 ? 0 : 1;
  mark.start = mark.frame == 0 || mark.frame == 5;
  return mark;
}

inline void write_made(const std::string& path, int64_t frames) {
  AnalysisWriter writer(path, made_header());
  for (int64_t i = 0; i < frames; ++i) writer.write(made_scene(i), i);
  writer.write(std::vector<ShotMark>{last_mark(frames)});
  writer.end();
}

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A name that is this process's own.
inline std::string analysis_path(const std::string& name) {
  return (std::filesystem::temp_directory_path() /
          ("smartcrop_" + std::to_string(getpid()) + "_" + name))
      .string();
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_ANALYSIS_FIXTURE_H_
