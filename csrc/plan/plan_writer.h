// SPDX-License-Identifier: MIT
// Writes a plan file while windows are decided; python/docs/plan.md describes its rows.
#ifndef SMARTCROP_PLAN_PLAN_WRITER_H_
#define SMARTCROP_PLAN_PLAN_WRITER_H_

#include <cstdint>
#include <map>
#include <string>

#include "geometry.h"
#include "options.h"
#include "plan/plan.h"
#include "plan/written_file.h"

namespace smartcrop {

// All throw Error(ERROR_FILE) where the file cannot be written.
class PlanWriter {
 public:
  // Opens the file of the option plan_out and writes the header.
  PlanWriter(const Options& options, const smartcrop_stream& stream, const Geometry& geometry);
  // Ends a plan that was broken off, so that it can be read.
  ~PlanWriter();
  PlanWriter(const PlanWriter&) = delete;
  PlanWriter& operator=(const PlanWriter&) = delete;

  // The window of a frame, in order; time_s is on the clock of the file. What is written after
  // end() begins the file again.
  void write(const smartcrop_decision& decision, double time_s);
  // The row of a shot stands behind those of its frames, for only then its end is known.
  void end();

 private:
  // The shot that is being written.
  struct Shot {
    int32_t number = -1;
    int64_t first_frame = 0, last_frame = 0;
    double start_s = 0;
    smartcrop_strategy strategy = SMARTCROP_HOLD;
    std::string why;
    std::map<int64_t, int64_t> subjects;  // frames that the window went after each id
  };

  void begin();
  void put_shot(double end_s);

  WrittenFile file_;
  std::string header_;
  int64_t frames_ = 0;
  Shot shot_;
  double newest_s_ = 0, before_s_ = 0;  // of the last two frames
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_PLAN_WRITER_H_
