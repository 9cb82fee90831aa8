// SPDX-License-Identifier: MIT
// What it takes to decide an hour again from an analysis file: 90,000 frames at 25 a second, four
// maps a second, a shot each six seconds. The file is made; nothing of a video is needed.
//
//   bench_solve [KEY=VALUE ...]        options of the decision; whole_shots=1 without any
//
// It prints the size of the file, the CPU time, and the most memory after ten minutes and an hour.
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "map_bytes.h"
#include "options.h"
#include "plan/analysis_writer.h"
#include "session.h"

namespace {

using namespace smartcrop;

constexpr int kFps = 25, kFrames = 90000, kShotFrames = 150, kFramesPerMap = 6;

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

AnalysisHeader made_header() {
  AnalysisHeader header;
  header.stream.struct_size = sizeof header.stream;
  header.stream.width = 1920;
  header.stream.height = 1080;
  header.stream.format = {SMARTCROP_YUV, 8, 1, 1, 0};
  header.stream.time_base_num = header.stream.frame_rate_den = 1;
  header.stream.time_base_den = header.stream.frame_rate_num = kFps;
  header.map = {64, 36};
  header.options.analysis_fps = 4;
  return header;
}

// A subject that walks to and fro, before a background that counts a little and never rests.
HeatMap made_map(int frame) {
  HeatMap map;
  map.width = 64;
  map.height = 36;
  const int shot = frame / kShotFrames;
  const double t = static_cast<double>(frame % kShotFrames) / kFps;
  const double speed = 0.2 * (shot % 4), middle = 0.2 + 0.12 * (shot % 6);
  const double x = 64 * (middle + 0.15 * std::sin(speed * t * 6)), y = 18 + 4 * std::sin(t);
  uint32_t noise = static_cast<uint32_t>(frame) * 2654435761U + 1;
  for (int row = 0; row < map.height; ++row) {
    for (int column = 0; column < map.width; ++column) {
      noise = noise * 1664525U + 1013904223U;
      const double away = std::hypot(column - x, row - y) / 5;
      map.values.push_back(static_cast<float>(std::exp(-away * away / 2) +
                                              0.06 * static_cast<double>(noise >> 8) / (1 << 24)));
    }
  }
  map.confidence = 0.3F;
  round_to_bytes(&map);
  return map;
}

void make(const std::string& path) {
  AnalysisWriter writer(path, made_header());
  constexpr int kLate = 15;  // frames until a mark is known
  const auto mark_of = [](int frame) {
    ShotMark mark;
    mark.frame = frame;
    mark.shot = frame / kShotFrames;
    mark.start = frame % kShotFrames == 0;
    return mark;
  };
  for (int i = 0; i < kFrames; ++i) {
    Scene scene;
    scene.frame = i;
    scene.time_s = static_cast<double>(i) / kFps;
    scene.analysed = i % kShotFrames % kFramesPerMap == 0;
    if (scene.analysed) {
      scene.evidence.frame = i;
      scene.evidence.time_s = scene.time_s;
      scene.evidence.map = made_map(i);
    }
    if (i >= kLate) scene.marks.push_back(mark_of(i - kLate));
    writer.write(scene, i);
  }
  std::vector<ShotMark> rest;
  for (int i = kFrames - kLate; i < kFrames; ++i) rest.push_back(mark_of(i));
  writer.write(rest);
  writer.end();
}

void solve(const std::string& path, const Options& options) {
  const double begin_s = cpu_s();
  Session session(options, path, Log());
  smartcrop_decision decision{};
  double travel = 0, before = 0, early_mib = 0;
  while (session.receive(&decision) == SMARTCROP_OK) {
    travel += decision.frame > 0 ? std::abs(decision.x - before) : 0;
    before = decision.x;
    if (decision.frame == 600 * kFps) early_mib = peak_mib();
  }
  std::printf("%lld frames in %.2f s of CPU time; peak %.1f MiB after 600 s, %.1f MiB in the end\n",
              static_cast<long long>(decision.frame + 1), cpu_s() - begin_s, early_mib, peak_mib());
  std::printf("the window moved by %.0f pixels\n", travel);
}

}  // namespace

int main(int count, char** words) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("smartcrop_bench_" + std::to_string(getpid()) + ".analysis"))
                               .string();
  int result = 0;
  try {
    Options options;
    options.whole_shots = count == 1;
    for (int i = 1; i < count; ++i) {
      const std::string word = words[i];
      const size_t equals = word.find('=');
      if (equals == std::string::npos) throw std::invalid_argument(word + ": write KEY=VALUE");
      set_option(&options, word.substr(0, equals), word.substr(equals + 1));
    }
    make(path);
    std::printf("%.1f MiB\n", static_cast<double>(std::filesystem::file_size(path)) / (1 << 20));
    solve(path, options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    result = 1;
  }
  std::filesystem::remove(path);
  return result;
}
