// SPDX-License-Identifier: MIT
// Lines for the host. The core itself never prints.
#ifndef SMARTCROP_LOG_H_
#define SMARTCROP_LOG_H_

#include <string>

#include "smartcrop/smartcrop.h"

namespace smartcrop {

class Log {
 public:
  Log() = default;
  Log(smartcrop_log function, void* cookie) : function_(function), cookie_(cookie) {}

  void warning(const std::string& line) const { write(SMARTCROP_LOG_WARNING, line); }
  void info(const std::string& line) const { write(SMARTCROP_LOG_INFO, line); }

 private:
  void write(smartcrop_log_level level, const std::string& line) const {
    if (function_ != nullptr) function_(cookie_, level, line.c_str());
  }

  smartcrop_log function_ = nullptr;
  void* cookie_ = nullptr;
};

}  // namespace smartcrop

#endif  // SMARTCROP_LOG_H_
