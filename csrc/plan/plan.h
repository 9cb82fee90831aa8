// SPDX-License-Identifier: MIT
// A plan file (JSON Lines, format "smartcrop-plan" version 1): windows that were decided before.
#ifndef SMARTCROP_PLAN_PLAN_H_
#define SMARTCROP_PLAN_PLAN_H_

#include <string>
#include <string_view>
#include <vector>

#include "types.h"

namespace smartcrop {

constexpr char kPlanFormat[] = "smartcrop-plan";
constexpr int kPlanVersion = 1;

struct PlanFrame {
  double time_s = 0;  // on the clock of the file that the plan was made for
  Window window;
  double confidence = 0;
  int32_t shot = 0;
};

struct PlanShot {
  int32_t number = 0;
  smartcrop_strategy strategy = SMARTCROP_HOLD;
};

struct PlanFile {
  std::string path;
  Size source, output;
  double output_sar = 0;  // width of the output's pixels over their height; 0: as the source's
  double start_s = 0;     // earliest time in the file; ffmpeg subtracts it from all times
  std::vector<PlanFrame> frames;
  std::vector<PlanShot> shots;
};

// Reads a plan's text and checks every field that any reader of plans uses; path is for messages.
// Throws Error(ERROR_FILE) with the file, the line and what is wrong there.
PlanFile parse_plan(const std::string& path, std::string_view text);

// The same of a file.
PlanFile read_plan(const std::string& path);

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_PLAN_H_
