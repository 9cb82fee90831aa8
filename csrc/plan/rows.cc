// SPDX-License-Identifier: MIT
#include "plan/rows.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "error.h"
#include "option_kinds.h"

namespace smartcrop::rows {
namespace {

constexpr size_t kLongestLine = 1 << 20;
constexpr int kDeepestNesting = 32;
const std::string_view kByteOrderMark = "\xef\xbb\xbf";

// A line as JSON, of no more depth than a row can have.
json parse_line(std::string_view line) {
  if (line.size() > kLongestLine) complain("a row is no longer than 1 MiB");
  bool deep = false;
  const auto shallow = [&deep](int depth, json::parse_event_t, json&) {
    deep = deep || depth > kDeepestNesting;
    return !deep;
  };
  json row;
  try {
    row = json::parse(line.begin(), line.end(), shallow);
  } catch (const json::exception&) {
    complain("not a row of a plan (JSON with a type)");
  }
  const bool typed = !deep && row.is_object() && row.contains("type") && row["type"].is_string();
  if (!typed) complain("not a row of a plan (JSON with a type)");
  return row;
}

}  // namespace

void FileName::refuse(int64_t line, const std::string& what) const {
  const std::string where = line > 0 ? " line " + std::to_string(line) : "";
  std::string sentence = std::string(kind) + " " + path + where + ": " + what;
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  throw Error(SMARTCROP_ERROR_FILE, sentence);
}

std::string read_text(const FileName& file, const std::string& remedy) {
  std::ifstream stream(file.path, std::ios::binary);
  if (!stream) file.refuse(0, "cannot be opened; " + remedy);
  std::string text;
  try {
    text.assign(std::istreambuf_iterator<char>(stream), {});
  } catch (const std::ios_base::failure&) {  // what opens but cannot be read, such as a folder
    file.refuse(0, "cannot be read; " + remedy);
  }
  return text;
}

void for_each(const FileName& file, std::string_view text, const TakeRow& take) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  for (int64_t line = 1; !text.empty(); ++line) {
    const std::string_view content = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(content.size() + 1, text.size()));
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      const json row = parse_line(content);
      take(row, row.at("type"), line);
    } catch (const std::invalid_argument& wrong) {
      file.refuse(line, wrong.what());
    }
  }
}

void complain(const std::string& what) { throw std::invalid_argument(what); }

bool has(const json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && !found->is_null();
}

const json& field(const json& row, const char* name) {
  if (!has(row, name)) complain(std::string(name) + " is missing");
  return row.at(name);
}

const json& object(const json& row, const char* name) {
  const json& value = field(row, name);
  if (!value.is_object()) complain(std::string(name) + " has to hold fields");
  return value;
}

std::string text(const json& row, const char* name) {
  const json& value = field(row, name);
  if (!value.is_string()) complain(std::string(name) + " has to be a text");
  return value.get<std::string>();
}

double number_in(const json& value, const std::string& what) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    complain(what + " has to be a number");
  }
  return value.get<double>();
}

double number(const json& row, const char* name) { return number_in(field(row, name), name); }

double number_or(const json& row, const char* name, double otherwise) {
  return has(row, name) ? number(row, name) : otherwise;
}

bool flag_or(const json& row, const char* name, bool otherwise) {
  if (!has(row, name)) return otherwise;
  if (!row.at(name).is_boolean()) complain(std::string(name) + " has to be true or false");
  return row.at(name).get<bool>();
}

// A plain conversion to int would wrap round or cut off what a person wrote.
double whole(const json& row, const char* name, double least, double most) {
  const double value = number(row, name);
  if (value >= least && value <= most && value == std::floor(value)) return value;
  complain(std::string(name) + " has to be a whole number from " + text_of(least) + " to " +
           text_of(most));
}

int whole_int(const json& row, const char* name, int least, int most) {
  return static_cast<int>(whole(row, name, least, most));
}

Size size(const json& row) {
  return {whole_int(row, "width", 1, kLargestSide), whole_int(row, "height", 1, kLargestSide)};
}

double ratio(const json& row, const char* name) {
  if (!has(row, name)) return 0;
  const json& value = row.at(name);
  const std::string given = value.is_string() ? value.get<std::string>() : value.dump();
  const bool plain = given.find_first_not_of("0123456789./") == std::string::npos &&
                     (given.find('.') == std::string::npos || given.find('/') == std::string::npos);
  AspectRatio ratio;
  if (plain && read_shape(given, &ratio)) return ratio.value();
  complain(std::string(name) + " '" + given + "' is not a ratio such as 1 or 4/3");
}

}  // namespace smartcrop::rows
