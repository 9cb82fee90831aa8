// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "error.h"
#include "options.h"

namespace smartcrop {
namespace {

using nlohmann::json;

constexpr int kLargestSide = 32768;
constexpr size_t kLongestLine = 1 << 20;
constexpr int kDeepestNesting = 32;
constexpr double kWholeNumbers = 9007199254740992;  // up to here a double holds each whole number
constexpr double kOutside = 0.5;                    // rounding may put so much beside the picture
const std::string_view kByteOrderMark = "\xef\xbb\xbf";

[[noreturn]] void refuse(const std::string& path, int64_t line, const std::string& what) {
  const std::string where = line > 0 ? " line " + std::to_string(line) : "";
  std::string sentence = "plan " + path + where + ": " + what;
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  throw Error(SMARTCROP_ERROR_FILE, sentence);
}

[[noreturn]] void complain(const std::string& what) { throw std::invalid_argument(what); }

// ---- fields
// --------------------------------------------------------------------------------------

const json& field(const json& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end() || found->is_null()) complain(std::string(name) + " is missing");
  return *found;
}

bool has(const json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && !found->is_null();
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

int32_t shot_number(const json& row, const char* name) {
  return whole_int(row, name, 0, std::numeric_limits<int32_t>::max());
}

std::string text(const json& row, const char* name) {
  const json& value = field(row, name);
  if (!value.is_string()) complain(std::string(name) + " has to be a text");
  return value.get<std::string>();
}

void check_numbers(const json& row, const char* name, size_t count) {
  if (!has(row, name)) return;
  const json& values = row.at(name);
  if (!values.is_array() || values.size() != count) {
    complain(std::string(name) + " has to be a list of " + std::to_string(count) + " numbers");
  }
  for (const json& each : values) number_in(each, std::string("each number of ") + name);
}

void check_share(const json& row, const char* name) {
  if (!has(row, name)) return;
  const double share = number(row, name);
  if (share < 0 || share > 1) {
    complain(std::string(name) + " is " + row.at(name).dump() +
             ", but goes from 0 (left or top) to 1 (right or bottom)");
  }
}

const json& object(const json& row, const char* name) {
  const json& value = field(row, name);
  if (!value.is_object()) complain(std::string(name) + " has to hold fields");
  return value;
}

smartcrop_strategy strategy_named(const json& row, const char* name) {
  const std::string given = text(row, name);
  smartcrop_strategy strategy;
  if (find_strategy(given, &strategy)) return strategy;
  std::string names;
  for (int i = 0; strategy_name(i) != nullptr; ++i) {
    names += (i > 0 ? ", " : "") + std::string(strategy_name(i));
  }
  complain("strategy '" + given + "' is none of " + names);
}

// "4/3", "1" or a number; 0 where it is missing.
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

// ---- rows
// ----------------------------------------------------------------------------------------

Size read_size(const json& row) {
  return {whole_int(row, "width", 1, kLargestSide), whole_int(row, "height", 1, kLargestSide)};
}

void read_header(const json& row, PlanFile* plan) {
  if (plan->source.width > 0) complain("there is a header already");
  if (text(row, "format") != "smartcrop-plan") complain("not a smartcrop plan");
  if (number(row, "version") != 1) complain("this version reads plans of version 1");
  const json& source = object(row, "source");
  const json& output = object(row, "output");
  plan->output = read_size(output);
  plan->output_sar = ratio(output, "sar");
  plan->start_s = number_or(source, "start", 0);
  ratio(source, "sar");
  ratio(source, "time_base");
  if (has(source, "frames")) whole(source, "frames", 0, kWholeNumbers);
  if (has(source, "name")) text(source, "name");
  if (has(source, "sound") && !source.at("sound").is_boolean()) {
    complain("sound has to be true or false");
  }
  if (has(row, "options")) object(row, "options");
  plan->source = read_size(source);
}

void read_shot(const json& row, PlanFile* plan) {
  const json& edit = has(row, "edit") ? object(row, "edit") : json::object();
  PlanShot shot{shot_number(row, "n"), strategy_named(row, "strategy")};
  if (has(edit, "strategy")) shot.strategy = strategy_named(edit, "strategy");
  if (has(row, "decided")) strategy_named(row, "decided");
  check_share(edit, "x");
  check_share(edit, "y");
  for (const char* name : {"start_frame", "end_frame"}) {
    if (has(row, name)) whole(row, name, 0, kWholeNumbers);
  }
  for (const char* name : {"start", "end"}) number_or(row, name, 0);
  if (has(row, "why")) text(row, "why");
  plan->shots.push_back(shot);
}

void read_key(const json& row) {
  number(row, "t");
  field(row, "x");
  check_share(row, "x");
  check_share(row, "y");
}

void read_frame(const json& row, PlanFile* plan, double* newest) {
  const auto count = static_cast<double>(plan->frames.size());
  PlanFrame frame;
  frame.time_s = number(row, "t");
  frame.window = {number(row, "x"), number(row, "y"), number(row, "width"), number(row, "height")};
  frame.confidence = std::clamp(number_or(row, "confidence", 0), 0.0, 1.0);
  if (has(row, "shot")) frame.shot = shot_number(row, "shot");
  if (has(row, "pts")) whole(row, "pts", -kWholeNumbers, kWholeNumbers);
  if (has(row, "fallback") && !row.at("fallback").is_boolean()) {
    complain("fallback has to be true or false");
  }
  check_numbers(row, "target", 2);
  check_numbers(row, "decided", 4);
  const Window& window = frame.window;
  const bool inside = window.width > 0 && window.height > 0 && window.x >= -kOutside &&
                      window.y >= -kOutside &&
                      window.x + window.width <= plan->source.width + kOutside &&
                      window.y + window.height <= plan->source.height + kOutside;
  if (!inside) {
    complain("the window does not lie inside the picture of " + std::to_string(plan->source.width) +
             "x" + std::to_string(plan->source.height));
  }
  const double number_of_frame = has(row, "n") ? whole(row, "n", 0, kWholeNumbers) : count;
  if (!plan->frames.empty() && number_of_frame <= *newest) {
    complain("n is " + text_of(number_of_frame) + ", but that of the frame before is " +
             text_of(*newest));
  }
  if (!plan->frames.empty() && frame.time_s < plan->frames.back().time_s) {
    complain("t is before that of the frame before");
  }
  *newest = number_of_frame;
  plan->frames.push_back(frame);
}

// A line as JSON, of no more depth than a plan can have.
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

struct Lines {
  std::map<int32_t, int64_t> shots, frames;  // where the row, and the first frame, of a shot stands
  double newest = -1;                        // number of the newest frame
};

void read_line(std::string_view text, int64_t line, PlanFile* plan, Lines* lines) {
  const json row = parse_line(text);
  const std::string type = row.at("type");
  if (plan->source.width == 0 && type != "header") complain("the header is missing");
  if (type == "header") {
    read_header(row, plan);
  } else if (type == "shot") {
    read_shot(row, plan);
    const int32_t number = plan->shots.back().number;
    if (!lines->shots.emplace(number, line).second) {
      complain("there is a shot " + std::to_string(number) + " already");
    }
  } else if (type == "frame") {
    read_frame(row, plan, &lines->newest);
    lines->frames.emplace(plan->frames.back().shot, line);
  } else if (type == "key") {
    read_key(row);
  }  // other rows are notes of other programs
}

// Every shot has to have frames, and every frame a shot. A plan without shot rows is read by its
// frames.
void check_shots(const PlanFile& plan, const Lines& lines) {
  if (plan.frames.empty()) {
    refuse(plan.path, 0, plan.source.width == 0 ? "has no header row" : "has no frame rows");
  }
  for (const auto& [shot, line] : lines.shots) {
    if (lines.frames.count(shot) > 0) continue;
    refuse(plan.path, line, "shot " + std::to_string(shot) + " has no frames");
  }
  for (const auto& [shot, line] : lines.frames) {
    if (lines.shots.empty() || lines.shots.count(shot) > 0) continue;
    refuse(plan.path, line, "shot " + std::to_string(shot) + " has no row of its own");
  }
}

}  // namespace

PlanFile parse_plan(const std::string& path, std::string_view text) {
  PlanFile plan;
  plan.path = path;
  Lines lines;
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  for (int64_t line = 1; !text.empty(); ++line) {
    const std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(row.size() + 1, text.size()));
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      read_line(row, line, &plan, &lines);
    } catch (const std::invalid_argument& wrong) {
      refuse(path, line, wrong.what());
    }
  }
  check_shots(plan, lines);
  return plan;
}

PlanFile read_plan(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, 0, "cannot be opened; make it with 'smartcrop analyze VIDEO -o PLAN'");
  std::string text;
  try {
    text.assign(std::istreambuf_iterator<char>(file), {});
  } catch (const std::ios_base::failure&) {  // what opens but cannot be read, such as a folder
    refuse(path, 0, "cannot be read; make it with 'smartcrop analyze VIDEO -o PLAN'");
  }
  return parse_plan(path, text);
}

}  // namespace smartcrop
