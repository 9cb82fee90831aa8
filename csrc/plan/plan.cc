// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

#include "options.h"
#include "plan/rows.h"

namespace smartcrop {
namespace {

using rows::complain;
using rows::has;
using rows::json;
using rows::number;
using rows::number_or;
using rows::object;
using rows::ratio;
using rows::text;
using rows::whole;

constexpr double kOutside = 0.5;  // rounding may put so much beside the picture

int32_t shot_number(const json& row, const char* name) {
  return rows::whole_int(row, name, 0, std::numeric_limits<int32_t>::max());
}

void check_numbers(const json& row, const char* name, size_t count) {
  if (!has(row, name)) return;
  const json& values = row.at(name);
  if (!values.is_array() || values.size() != count) {
    complain(std::string(name) + " has to be a list of " + std::to_string(count) + " numbers");
  }
  for (const json& each : values) rows::number_in(each, std::string("each number of ") + name);
}

void check_share(const json& row, const char* name) {
  if (!has(row, name)) return;
  const double share = number(row, name);
  if (share < 0 || share > 1) {
    complain(std::string(name) + " is " + row.at(name).dump() +
             ", but goes from 0 (left or top) to 1 (right or bottom)");
  }
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

void read_header(const json& row, PlanFile* plan) {
  if (plan->source.width > 0) complain("there is a header already");
  if (text(row, "format") != kPlanFormat) complain("not a smartcrop plan");
  if (number(row, "version") != kPlanVersion) {
    complain("this version reads plans of version " + std::to_string(kPlanVersion));
  }
  const json& source = object(row, "source");
  const json& output = object(row, "output");
  plan->output = rows::size(output);
  plan->output_sar = ratio(output, "sar");
  plan->start_s = number_or(source, "start", 0);
  ratio(source, "sar");
  ratio(source, "time_base");
  if (has(source, "frames")) whole(source, "frames", 0, rows::kLargestWhole);
  if (has(source, "name")) text(source, "name");
  rows::flag_or(source, "sound", false);
  if (has(row, "options")) object(row, "options");
  plan->source = rows::size(source);
}

void read_shot(const json& row, PlanFile* plan) {
  const json& edit = has(row, "edit") ? object(row, "edit") : json::object();
  PlanShot shot{shot_number(row, "n"), strategy_named(row, "strategy")};
  if (has(edit, "strategy")) shot.strategy = strategy_named(edit, "strategy");
  if (has(row, "decided")) strategy_named(row, "decided");
  check_share(edit, "x");
  check_share(edit, "y");
  if (has(edit, "follow")) text(edit, "follow");
  if (has(row, "subject")) whole(row, "subject", 1, rows::kLargestWhole);
  for (const char* name : {"start_frame", "end_frame"}) {
    if (has(row, name)) whole(row, name, 0, rows::kLargestWhole);
  }
  for (const char* name : {"start", "end"}) number_or(row, name, 0);
  if (has(row, "why")) text(row, "why");
  plan->shots.push_back(shot);
}

void read_key(const json& row) {
  number(row, "t");
  rows::field(row, "x");
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
  if (has(row, "pts")) whole(row, "pts", -rows::kLargestWhole, rows::kLargestWhole);
  rows::flag_or(row, "fallback", false);
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
  const double number_of_frame = has(row, "n") ? whole(row, "n", 0, rows::kLargestWhole) : count;
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

struct Lines {
  std::map<int32_t, int64_t> shots, frames;  // where the row, and the first frame, of a shot stands
  double newest = -1;                        // number of the newest frame
};

void take_row(const json& row, const std::string& type, int64_t line, PlanFile* plan,
              Lines* lines) {
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
void check_shots(const rows::FileName& file, const PlanFile& plan, const Lines& lines) {
  if (plan.frames.empty()) {
    file.refuse(0, plan.source.width == 0 ? "has no header row" : "has no frame rows");
  }
  for (const auto& [shot, line] : lines.shots) {
    if (lines.frames.count(shot) > 0) continue;
    file.refuse(line, "shot " + std::to_string(shot) + " has no frames");
  }
  for (const auto& [shot, line] : lines.frames) {
    if (lines.shots.empty() || lines.shots.count(shot) > 0) continue;
    file.refuse(line, "shot " + std::to_string(shot) + " has no row of its own");
  }
}

}  // namespace

PlanFile parse_plan(const std::string& path, std::string_view text) {
  PlanFile plan;
  plan.path = path;
  Lines lines;
  const rows::FileName file{"plan", path};
  rows::for_each(file, text, [&](const json& row, const std::string& type, int64_t line) {
    take_row(row, type, line, &plan, &lines);
  });
  check_shots(file, plan, lines);
  return plan;
}

PlanFile read_plan(const std::string& path) {
  const rows::FileName file{"plan", path};
  return parse_plan(path, rows::read_text(file, "make it with 'smartcrop analyze VIDEO -o PLAN'"));
}

}  // namespace smartcrop
