// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "analysis_fixture.h"
#include "error.h"
#include "plan/analysis_reader.h"
#include "session.h"
#include "targets.h"

namespace smartcrop {
namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "analysis: %s\n", what);
  std::abort();
}

void read(const std::string& path) {
  AnalysisReader reader(path);
  Scene scene;
  int64_t pts = 0, count = 0, marked = 0;
  for (; reader.next(&scene, &pts); ++count) {
    require(scene.frame == count, "a frame of another number");
    require(std::isfinite(scene.time_s), "a time that is none");
    for (const ShotMark& mark : scene.marks) {
      require(mark.frame == marked++, "marks in another order");
      require(mark.frame <= count && mark.shot >= 0, "a mark of no frame");
    }
    if (!scene.analysed) continue;
    double sum = 0;
    for (const float value : scene.evidence.map.values) sum += value;
    require(std::abs(sum - 1) < 1e-3, "a map that is none");
  }
  for (const ShotMark& mark : reader.mark_through(count - 1)) {
    require(mark.frame == marked++, "marks in another order at the end");
  }
  require(count > 0 && marked == count, "frames without marks");
}

void decide(const std::string& path) {
  Session session(Options(), path, Log());
  smartcrop_decision decision{};
  int64_t count = 0;
  while (session.receive(&decision) == SMARTCROP_OK) {
    require(decision.frame == count++, "a decision of another frame");
    require(std::isfinite(decision.x) && std::isfinite(decision.y), "a window that is none");
    require(decision.width > 0 && decision.height > 0, "a window without pixels");
  }
}

}  // namespace

void fuzz_analysis(const std::string& bytes) {
  static const std::string path = analysis_path("fuzz.analysis");
  std::ofstream(path, std::ios::binary) << bytes;
  for (const auto target : {read, decide}) {
    try {
      target(path);
    } catch (const Error& error) {
      // A shape of pixels that leaves no window, or a look-ahead, is no matter of the file.
      require(error.status() == SMARTCROP_ERROR_FILE || target == decide, "refused otherwise");
      require(std::string(error.what()).find('\n') == std::string::npos, "refused in two lines");
    }
  }
  std::remove(path.c_str());
}

}  // namespace smartcrop

#ifdef SMARTCROP_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  smartcrop::fuzz_analysis(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
#endif
