// SPDX-License-Identifier: MIT
// The luma of raw proxies on standard input, how the camera moved on standard output, as commands
// of tracks.cc: what targets.py moves boxes with.
//
//   camera_steps WIDTH HEIGHT FPS
//
// A line for each step: the number of the frame it leads to, then "camera SECONDS X Y A B TRUST".
#include <cstdio>
#include <cstdlib>

#include "stage2_evidence/evidence.h"
#include "stage2_evidence/motion/motion.h"

int main(int argc, char** argv) {
  smartcrop::Proxy proxy;
  proxy.width = argc == 4 ? std::atoi(argv[1]) : 0;
  proxy.height = argc == 4 ? std::atoi(argv[2]) : 0;
  const double fps = argc == 4 ? std::atof(argv[3]) : 0;
  if (proxy.width <= 0 || proxy.height <= 0 || !(fps > 0)) {
    std::fprintf(stderr, "usage: camera_steps WIDTH HEIGHT FPS <luma >steps\n");
    return 2;
  }
  for (auto& plane : proxy.planes) {
    plane.assign(static_cast<size_t>(proxy.width) * static_cast<size_t>(proxy.height), 128);
  }
  auto& luma = proxy.planes[0];
  const smartcrop::Size size{proxy.width, proxy.height};
  smartcrop::MotionSource source(smartcrop::evidence_grid(size), size,
                                 smartcrop::MotionFrom::kProxy);
  smartcrop::Observation observation;
  observation.proxy = &proxy;
  for (; std::fread(luma.data(), 1, luma.size(), stdin) == luma.size(); ++observation.frame) {
    observation.time_s = static_cast<double>(observation.frame) / fps;
    source.observe(observation);
    if (!source.camera_step()) continue;
    const smartcrop::CameraMotion& motion = source.camera_step()->motion;
    std::printf("%lld camera %.6f %.7f %.7f %.7f %.7f %.4f\n",
                static_cast<long long>(observation.frame), source.camera_step()->seconds,
                static_cast<double>(motion.x), static_cast<double>(motion.y),
                static_cast<double>(motion.a), static_cast<double>(motion.b),
                static_cast<double>(motion.trust));
  }
  return 0;
}
