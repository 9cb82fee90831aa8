// SPDX-License-Identifier: MIT
// Reads an analysis file (analysis.h) from its beginning to its end, in little memory.
#ifndef SMARTCROP_PLAN_ANALYSIS_READER_H_
#define SMARTCROP_PLAN_ANALYSIS_READER_H_

#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "plan/analysis.h"
#include "scene_source.h"

namespace smartcrop {

// All throw Error(ERROR_FILE) with the file and what is wrong in it; then nothing more is read.
class AnalysisReader : public SceneSource {
 public:
  explicit AnalysisReader(std::string path);

  const std::string& path() const { return path_; }
  const AnalysisHeader& header() const { return header_; }
  bool next(Scene* scene, int64_t* pts) override;
  // A run with the options of the one that wrote the file is given what that run was, for it asks
  // at the same moments; another is given what became known later.
  std::vector<ShotMark> mark_through(int64_t frame) override;
  void rewind() override;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  // A frame that is read and not given yet.
  struct Ready {
    Scene scene;  // its marks are in marks_
    int64_t pts = 0;
    int64_t marked = -1;  // the newest frame whose mark became known with it or before
  };

  [[noreturn]] void refuse(const std::string& what);
  void open();
  void read_header();
  bool read_record();
  void read_frame();
  void read_end();
  void take_marks(const uint8_t* marks, size_t count);
  void take_records();
  std::vector<ShotMark> marks_through(int64_t frame);

  std::string path_;
  AnalysisHeader header_;
  std::unique_ptr<std::FILE, Close> file_;
  uint64_t left_ = 0;  // bytes of the file that were not read
  std::vector<uint8_t> record_;
  std::deque<Ready> ready_;
  std::deque<ShotMark> marks_;  // known and not given
  ShotMark newest_mark_{-1, -1, false, false};
  int64_t frames_ = 0;  // read
  double newest_s_ = 0;
  bool ended_ = false;
  std::string broken_;  // what was refused
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_ANALYSIS_READER_H_
