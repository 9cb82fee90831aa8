// SPDX-License-Identifier: MIT
#include "plan/written_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "error.h"

namespace smartcrop {

WrittenFile::WrittenFile(std::string kind, std::string path, std::string mark)
    : kind_(std::move(kind)), path_(std::move(path)), mark_(std::move(mark)) {}

void WrittenFile::refuse(const std::string& what) const {
  throw Error(SMARTCROP_ERROR_FILE, kind_ + " " + path_ + ": " + what);
}

void WrittenFile::check(bool done) const {
  if (!done) refuse(std::string("cannot be written: ") + std::strerror(errno));
}

void WrittenFile::refuse_other_file() const {
  constexpr size_t kLongestStart = 1 << 16;
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(path_, unknown)) return;
  std::ifstream file(path_, std::ios::binary);
  std::string start(kLongestStart, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(file.gcount()));
  const std::string line = start.substr(0, start.find('\n'));
  if (start.empty() || line.find(mark_) != std::string::npos) return;
  refuse("is another file, which would be written over; choose another name, or delete it first");
}

void WrittenFile::begin() {
  refuse_other_file();
  file_.reset(std::fopen(path_.c_str(), "wb"));
  check(file_ != nullptr);
}

void WrittenFile::write(std::string_view bytes) {
  check(std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size());
}

void WrittenFile::close() {
  if (is_open()) check(std::fclose(file_.release()) == 0);
}

}  // namespace smartcrop
