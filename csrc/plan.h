// SPDX-License-Identifier: MIT
// A plan file (JSON Lines, format "smartcrop-plan" version 1): windows that were decided before.
#ifndef SMARTCROP_PLAN_H_
#define SMARTCROP_PLAN_H_

#include <string>
#include <vector>

#include "log.h"
#include "stage6_render/render.h"
#include "types.h"

namespace smartcrop {

struct PlanFrame {
  double time_s = 0;
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
  std::vector<PlanFrame> frames;
  std::vector<PlanShot> shots;
};

// Throws Error(ERROR_FILE) with the file, the line and what is wrong there.
PlanFile read_plan(const std::string& path);

// Finds a frame's window: the n-th frame has the n-th line, as long as its time since the first
// frame agrees; where it does not (a seek, dropped frames), the line nearest in time.
class PlanReader {
 public:
  PlanReader(PlanFile plan, Log log) : plan_(std::move(plan)), log_(log) {}

  const PlanFile& plan() const { return plan_; }
  // time_s: of this video's frame. shot_start: true where another shot begins.
  const PlanFrame& at(int64_t frame, double time_s, bool* shot_start);
  smartcrop_strategy strategy_of(int32_t shot) const;
  void reset();

 private:
  PlanFile plan_;
  Log log_;
  double first_time_s_ = 0;
  bool by_time_ = false, warned_ = false;
  int64_t last_shot_ = -1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_H_
