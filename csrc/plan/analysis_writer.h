// SPDX-License-Identifier: MIT
// Writes an analysis file (analysis.h) while a video is observed.
#ifndef SMARTCROP_PLAN_ANALYSIS_WRITER_H_
#define SMARTCROP_PLAN_ANALYSIS_WRITER_H_

#include <string>
#include <vector>

#include "plan/analysis.h"
#include "plan/written_file.h"

namespace smartcrop {

// All throw Error(ERROR_FILE) where the file cannot be written.
class AnalysisWriter {
 public:
  // Opens the file and writes the header.
  AnalysisWriter(const std::string& path, const AnalysisHeader& header);

  // A frame, in order.
  void write(const Scene& scene, int64_t pts);
  // Marks that were asked for after the frame written last.
  void write(const std::vector<ShotMark>& marks);
  // Of all frames written. What is written after it begins the file again.
  void end();
  int64_t frames() const { return frames_; }
  bool ended() const { return !file_.is_open(); }

 private:
  void begin();
  void begin_record(AnalysisRecord type);
  void put_record();
  void put_mark(const ShotMark& mark);
  void put_evidence(const Evidence& evidence);

  WrittenFile file_;
  std::string header_;
  Size map_;
  std::string record_;
  int64_t frames_ = 0;
  int32_t shot_ = -1;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_ANALYSIS_WRITER_H_
