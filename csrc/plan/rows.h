// SPDX-License-Identifier: MIT
// The rows of a file in the format of plans (JSON Lines): one way to read them.
#ifndef SMARTCROP_PLAN_ROWS_H_
#define SMARTCROP_PLAN_ROWS_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "types.h"

namespace smartcrop::rows {

using nlohmann::json;

constexpr int kLargestSide = 32768;
constexpr double kLargestWhole = 9007199254740992;  // a double holds each whole number up to here

// What a file is called in messages.
struct FileName {
  const char* kind;  // "plan"
  std::string path;

  // Throws Error(ERROR_FILE) with the file, the line (0: none) and what is wrong there.
  [[noreturn]] void refuse(int64_t line, const std::string& what) const;
};

// The content of a file. Where it cannot be read, the message ends with this remedy.
std::string read_text(const FileName& file, const std::string& remedy);

// Calls `take` for each row, in order. What it throws as std::invalid_argument, and a line that is
// no row, is refused with the number of the line.
using TakeRow = std::function<void(const json& row, const std::string& type, int64_t line)>;
void for_each(const FileName& file, std::string_view text, const TakeRow& take);

// ---- the fields of a row; all throw std::invalid_argument with what is wrong --------------------

[[noreturn]] void complain(const std::string& what);

// A field that is null is not given.
bool has(const json& row, const char* name);
const json& field(const json& row, const char* name);
const json& object(const json& row, const char* name);
std::string text(const json& row, const char* name);
double number_in(const json& value, const std::string& what);
double number(const json& row, const char* name);
double number_or(const json& row, const char* name, double otherwise);
bool flag_or(const json& row, const char* name, bool otherwise);
double whole(const json& row, const char* name, double least, double most);
int whole_int(const json& row, const char* name, int least, int most);
Size size(const json& row);
// "4/3", "1" or a number; 0 where it is missing.
double ratio(const json& row, const char* name);

}  // namespace smartcrop::rows

#endif  // SMARTCROP_PLAN_ROWS_H_
