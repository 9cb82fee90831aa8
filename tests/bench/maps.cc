// SPDX-License-Identifier: MIT
// Raw yuv444p proxies on standard input, evidence maps on standard output: what maps.py scores.
//
//   maps WIDTH HEIGHT FPS ANALYSIS_FPS         one video
//   maps WIDTH HEIGHT stills                   pictures that have nothing to do with each other
//
// For each analysed frame, in 32-bit floats: its number; the confidences of the contrast map, the
// motion map and both combined; the three maps.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "stage2_evidence/evidence.h"
#include "stage2_evidence/maps/training_free.h"

namespace {

using smartcrop::Findings;
using smartcrop::HeatMap;

bool read_proxy(smartcrop::Proxy* proxy) {
  for (auto& plane : proxy->planes) {
    if (std::fread(plane.data(), 1, plane.size(), stdin) != plane.size()) return false;
  }
  return true;
}

void write(const std::vector<float>& values) {
  std::fwrite(values.data(), sizeof(float), values.size(), stdout);
}

struct Sampling {
  double fps = 1;
  double analysis_fps = 1;
  bool stills = false;
};

void run(smartcrop::Proxy proxy, const Sampling& sampling) {
  const smartcrop::Size grid = smartcrop::evidence_grid({proxy.width, proxy.height});
  smartcrop::ContrastSource contrast(grid);
  smartcrop::ProxyMotionSource motion(grid);
  double next_s = 0;
  for (int64_t frame = 0; read_proxy(&proxy); ++frame) {
    if (sampling.stills) motion.reset(smartcrop::Reset::kCut);
    smartcrop::Observation observation;
    observation.frame = frame;
    observation.time_s = static_cast<double>(frame) / sampling.fps;
    observation.proxy = &proxy;
    observation.analyse = sampling.stills || observation.time_s >= next_s - 1e-9;
    const Findings still = contrast.observe(observation), moving = motion.observe(observation);
    if (!observation.analyse) continue;
    next_s += 1 / sampling.analysis_fps;
    const HeatMap both = combine(still.map.value(), moving.map.value());
    write({static_cast<float>(frame), still.map->confidence, moving.map->confidence,
           both.confidence});
    write(still.map->values);
    write(moving.map->values);
    write(both.values);
  }
}

}  // namespace

int main(int argc, char** argv) {
  smartcrop::Proxy proxy;
  Sampling sampling;
  if (argc >= 4) {
    proxy.width = std::atoi(argv[1]);
    proxy.height = std::atoi(argv[2]);
    sampling.stills = std::strcmp(argv[3], "stills") == 0;
    if (!sampling.stills) sampling.fps = std::atof(argv[3]);
    if (argc >= 5) sampling.analysis_fps = std::atof(argv[4]);
  }
  const bool valid = proxy.width > 0 && proxy.height > 0 && sampling.fps > 0 &&
                     sampling.analysis_fps > 0 && (sampling.stills ? argc == 4 : argc == 5);
  if (!valid) {
    std::fprintf(stderr, "usage: maps WIDTH HEIGHT (FPS ANALYSIS_FPS | stills) <yuv444p >maps\n");
    return 2;
  }
  for (auto& plane : proxy.planes) {
    plane.resize(static_cast<size_t>(proxy.width) * static_cast<size_t>(proxy.height));
  }
  run(std::move(proxy), sampling);
  return 0;
}
