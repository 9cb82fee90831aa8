// SPDX-License-Identifier: MIT
#include "plan.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "error.h"
#include "options.h"

namespace smartcrop {
namespace {

using nlohmann::json;

constexpr int kLargestSide = 32768;
constexpr double kSlack_s = 0.004;  // containers round times to a millisecond or so

[[noreturn]] void refuse(const std::string& path, int64_t line, const std::string& what) {
  const std::string where = line > 0 ? " line " + std::to_string(line) : "";
  std::string line_of_text = "plan " + path + where + ": " + what;
  std::replace(line_of_text.begin(), line_of_text.end(), '\n', ' ');
  throw Error(SMARTCROP_ERROR_FILE, line_of_text);
}

smartcrop_strategy strategy_named(const std::string& name) {
  smartcrop_strategy strategy;
  if (find_strategy(name, &strategy)) return strategy;
  throw std::invalid_argument("unknown strategy '" + name + "'");
}

// A plain conversion to int would wrap round or cut off what a person wrote.
int whole_number(const json& value, const std::string& what, int least, int most) {
  const double number = value.get<double>();
  if (number >= least && number <= most && number == std::floor(number)) {
    return static_cast<int>(number);
  }
  throw std::invalid_argument(what + " must be a whole number from " + std::to_string(least) +
                              " to " + std::to_string(most));
}

Size read_size(const json& value) {
  return {whole_number(value.at("width"), "a width", 1, kLargestSide),
          whole_number(value.at("height"), "a height", 1, kLargestSide)};
}

// "4/3", "1" or a number; 0 where it is missing or says nothing.
double read_sar(const json& output) {
  const auto found = output.find("sar");
  if (found == output.end()) return 0;
  const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  AspectRatio sar;
  if (read_shape(text, &sar)) return sar.value();
  throw std::invalid_argument("output.sar '" + text + "' is not a shape such as 1 or 4/3");
}

int32_t read_shot(const json& value) {
  return whole_number(value, "a shot", 0, std::numeric_limits<int32_t>::max());
}

void read_header(const json& row, PlanFile* plan) {
  if (row.at("format") != "smartcrop-plan") throw std::invalid_argument("not a smartcrop plan");
  if (row.at("version") != 1) throw std::invalid_argument("this version reads plans of version 1");
  plan->source = read_size(row.at("source"));
  plan->output = read_size(row.at("output"));
  plan->output_sar = read_sar(row.at("output"));
}

void read_frame(const json& row, PlanFile* plan) {
  PlanFrame frame;
  frame.time_s = row.at("t");
  frame.window = {row.at("x"), row.at("y"), row.at("width"), row.at("height")};
  frame.confidence = std::clamp(row.value("confidence", 0.0), 0.0, 1.0);
  if (row.contains("shot")) frame.shot = read_shot(row.at("shot"));
  const Window& window = frame.window;
  const bool inside = window.width > 0 && window.height > 0 && window.x >= -0.5 &&
                      window.y >= -0.5 && window.x + window.width <= plan->source.width + 0.5 &&
                      window.y + window.height <= plan->source.height + 0.5;
  if (!inside || !std::isfinite(frame.time_s)) {
    throw std::invalid_argument("the window does not lie inside the picture of " +
                                std::to_string(plan->source.width) + "x" +
                                std::to_string(plan->source.height));
  }
  plan->frames.push_back(frame);
}

void read_row(const json& row, PlanFile* plan) {
  const std::string type = row.at("type");
  if (plan->source.width == 0 && type != "header")
    throw std::invalid_argument("the header is missing");
  if (type == "header") {
    read_header(row, plan);
  } else if (type == "shot") {
    plan->shots.push_back({read_shot(row.at("n")), strategy_named(row.value("strategy", "hold"))});
  } else if (type == "frame") {
    read_frame(row, plan);
  }  // other rows are notes of other programs
}

}  // namespace

PlanFile read_plan(const std::string& path) {
  std::ifstream file(path);
  if (!file) refuse(path, 0, "cannot be opened; make it with 'smartcrop analyze VIDEO -o PLAN'");
  PlanFile plan;
  plan.path = path;
  std::string text;
  for (int64_t line = 1; std::getline(file, text); ++line) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      read_row(json::parse(text), &plan);
    } catch (const json::exception&) {
      refuse(path, line, "not a row of a plan (JSON with the fields that its type has)");
    } catch (const std::invalid_argument& wrong) {
      refuse(path, line, wrong.what());
    }
  }
  if (plan.frames.empty()) refuse(path, 0, "has no frame rows");
  return plan;
}

const PlanFrame& PlanReader::at(int64_t frame, double time_s, bool* shot_start) {
  const std::vector<PlanFrame>& frames = plan_.frames;
  if (frame == 0) first_time_s_ = time_s;
  const auto last = static_cast<int64_t>(frames.size()) - 1;
  int64_t line = std::min(frame, last);
  const double planned_s = frames[static_cast<size_t>(line)].time_s - frames[0].time_s;
  const bool agrees = frame <= last && std::abs(planned_s - (time_s - first_time_s_)) < kSlack_s;
  by_time_ = by_time_ || !agrees;
  if (by_time_) {
    const double wanted = time_s + (frames[0].time_s - first_time_s_);
    const auto later =
        std::lower_bound(frames.begin(), frames.end(), wanted,
                         [](const PlanFrame& each, double time) { return each.time_s < time; });
    line = std::min<int64_t>(later - frames.begin(), last);
    const bool earlier_is_nearer =
        line > 0 && wanted - frames[static_cast<size_t>(line - 1)].time_s <
                        std::abs(frames[static_cast<size_t>(line)].time_s - wanted);
    if (earlier_is_nearer) --line;
    if (!warned_) {
      log_.warning("plan " + plan_.path + ": frame " + std::to_string(frame) +
                   " is not at the planned time; from here on windows are matched by time");
    }
    warned_ = true;
  }
  const PlanFrame& found = frames[static_cast<size_t>(line)];
  *shot_start = found.shot != last_shot_;
  last_shot_ = found.shot;
  return found;
}

smartcrop_strategy PlanReader::strategy_of(int32_t shot) const {
  for (const PlanShot& each : plan_.shots) {
    if (each.number == shot) return each.strategy;
  }
  return SMARTCROP_HOLD;
}

void PlanReader::reset() {
  by_time_ = warned_ = false;
  last_shot_ = -1;
}

}  // namespace smartcrop
