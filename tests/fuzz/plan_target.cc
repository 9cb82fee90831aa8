// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "error.h"
#include "plan/plan_reader.h"
#include "targets.h"

namespace smartcrop {
namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "plan: %s\n", what);
  std::abort();
}

// A file that is written again and again.
const std::string& path_of_plan() {
  static const std::string path = (std::filesystem::temp_directory_path() /
                                   ("smartcrop_fuzz_" + std::to_string(getpid()) + ".plan"))
                                      .string();
  return path;
}

void check(const PlanFile& plan) {
  require(!plan.frames.empty(), "taken without frames");
  require(plan.source.width > 0 && plan.source.height > 0, "taken without a source size");
  require(plan.output.width > 0 && plan.output.height > 0, "taken without an output size");
  for (const PlanFrame& frame : plan.frames) {
    const Window& window = frame.window;
    require(std::isfinite(frame.time_s), "a time that is none");
    require(window.width > 0 && window.height > 0, "a window without pixels");
    require(window.x >= -0.5 && window.x + window.width <= plan.source.width + 0.5, "off in x");
    require(window.y >= -0.5 && window.y + window.height <= plan.source.height + 0.5, "off in y");
    require(frame.confidence >= 0 && frame.confidence <= 1, "a confidence out of range");
    require(frame.shot >= 0, "a shot below 0");
  }
}

void walk(PlanFile plan) {
  PlanReader reader(std::move(plan), Log());
  const auto count = static_cast<int64_t>(reader.plan().frames.size());
  bool start = false;
  for (int64_t i = 0; i < count + 3; ++i) {
    const double off = i % 3 == 2 ? 1e6 : 0.04;
    reader.strategy_of(reader.at(i, off * static_cast<double>(i), &start).shot);
  }
}

}  // namespace

void fuzz_plan(const std::string& bytes) {
  std::ofstream(path_of_plan(), std::ios::binary) << bytes;
  try {
    PlanFile plan = read_plan(path_of_plan());
    check(plan);
    walk(std::move(plan));
  } catch (const Error& error) {
    require(error.status() == SMARTCROP_ERROR_FILE, "refused with another status");
    require(std::string(error.what()).find('\n') == std::string::npos, "refused in two lines");
  }
  std::remove(path_of_plan().c_str());
}

}  // namespace smartcrop

#ifdef SMARTCROP_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  smartcrop::fuzz_plan(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
#endif
