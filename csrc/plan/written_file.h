// SPDX-License-Identifier: MIT
// A file that a run writes as it goes.
#ifndef SMARTCROP_PLAN_WRITTEN_FILE_H_
#define SMARTCROP_PLAN_WRITTEN_FILE_H_

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace smartcrop {

// All throw Error(ERROR_FILE) where the file cannot be written.
class WrittenFile {
 public:
  // kind: "plan", for messages. The first line of each such file holds the mark.
  WrittenFile(std::string kind, std::string path, std::string mark);

  // Opens the file, empty. An older file of the kind is written over, and nothing else: the path
  // may be a slip, and name the video that is read.
  void begin();
  void write(std::string_view bytes);
  void close();
  bool is_open() const { return file_ != nullptr; }
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void check(bool done) const;
  void refuse_other_file() const;

  std::string kind_, path_, mark_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_WRITTEN_FILE_H_
