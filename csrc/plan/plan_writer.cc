// SPDX-License-Identifier: MIT
#include "plan/plan_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>

#include "error.h"

namespace smartcrop {
namespace {

using json = nlohmann::ordered_json;  // fields stand in the order in which people read them

// Rounded to so many digits behind the point, in every locale.
double rounded(double value, int digits) {
  char buffer[400];  // the longest double has 309 digits before the point
  const auto text =
      std::to_chars(buffer, std::end(buffer), value, std::chars_format::fixed, digits);
  double result = value;
  std::from_chars(buffer, text.ptr, result);
  return result;
}

// Pixels as a plan keeps them; whole ones without a fraction.
json pixels(double value) {
  constexpr double kLargestWhole = 9e15;
  const double kept = rounded(value, 4);
  if (kept != std::floor(kept) || std::abs(kept) > kLargestWhole) return kept;
  return static_cast<int64_t>(kept);
}

std::string ratio_text(int num, int den) {
  if (num <= 0 || den <= 0) return "1";
  const int common = std::gcd(num, den);
  const std::string over = std::to_string(num / common);
  return den == common ? over : over + "/" + std::to_string(den / common);
}

json value_of(const Options& options, const smartcrop_option_row& row) {
  const std::string text = get_option(options, row.name);
  if ((row.roles & SMARTCROP_OPTION_WRITTEN) != 0) return "";  // files beside the plan
  if (row.kind == SMARTCROP_OPTION_BOOL) return text == "1";
  if (row.kind == SMARTCROP_OPTION_INTEGER) return std::stoll(text);
  double number = 0;
  if (row.kind == SMARTCROP_OPTION_NUMBER && read_number(text, &number)) return number;
  return text;
}

std::string dumped(const json& row) {
  // The path of a file may hold bytes that are no UTF-8.
  return row.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string header_row(const Options& options, const smartcrop_stream& stream,
                       const Geometry& geometry) {
  json values = json::object();
  for (int i = 0; const smartcrop_option_row* row = option_row_at(i); ++i) {
    values[row->name] = value_of(options, *row);
  }
  return dumped({{"type", "header"},
                 {"format", kPlanFormat},
                 {"version", kPlanVersion},
                 {"source",
                  {{"width", stream.width},
                   {"height", stream.height},
                   {"time_base", ratio_text(stream.time_base_num, stream.time_base_den)},
                   {"start", 0.0},
                   {"sar", ratio_text(stream.sar_num, stream.sar_den)}}},
                 {"output",
                  {{"width", geometry.output.width},
                   {"height", geometry.output.height},
                   {"sar", ratio_text(geometry.sar_num, geometry.sar_den)}}},
                 {"options", values}});
}

std::string frame_row(const smartcrop_decision& decision, double time_s) {
  json row = {{"type", "frame"}, {"n", decision.frame}};
  if (decision.pts != SMARTCROP_NO_PTS) row["pts"] = decision.pts;
  row["t"] = rounded(time_s, 6);
  row["x"] = pixels(decision.x);
  row["y"] = pixels(decision.y);
  row["width"] = pixels(decision.width);
  row["height"] = pixels(decision.height);
  row["shot"] = decision.shot;
  row["confidence"] = rounded(decision.confidence, 3);
  row["target"] = {pixels(rounded(decision.target_x, 2)), pixels(rounded(decision.target_y, 2))};
  if ((decision.flags & SMARTCROP_FALLBACK) != 0) row["fallback"] = true;
  return dumped(row);
}

// The subject that most frames went after; of equals the lowest id. 0: there is none with an id.
int64_t subject_of_most(const std::map<int64_t, int64_t>& subjects) {
  const auto most =
      std::max_element(subjects.begin(), subjects.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == subjects.end() ? 0 : most->first;
}

}  // namespace

PlanWriter::PlanWriter(const Options& options, const smartcrop_stream& stream,
                       const Geometry& geometry)
    : file_("plan", options.plan_out, kPlanFormat), header_(header_row(options, stream, geometry)) {
  begin();
}

PlanWriter::~PlanWriter() {
  try {
    end();
  } catch (const std::exception&) {  // nobody is there to tell
  }
}

void PlanWriter::begin() {
  file_.begin();
  file_.write(header_);
  frames_ = 0;
}

void PlanWriter::write(const smartcrop_decision& decision, double time_s) {
  if (!file_.is_open()) begin();
  if (frames_ > 0 && decision.shot != shot_.number) put_shot(time_s);
  if (frames_ == 0 || decision.shot != shot_.number) {
    shot_ = {decision.shot, decision.frame, decision.frame, time_s, SMARTCROP_HOLD, "", {}};
  }
  // A frame says what its shot came to so far, so the last one says what it came to.
  shot_.last_frame = decision.frame;
  shot_.strategy = static_cast<smartcrop_strategy>(decision.strategy);
  shot_.why = decision.reason == nullptr ? "" : decision.reason;
  if (decision.has_subject != 0 && decision.subject != 0) ++shot_.subjects[decision.subject];
  before_s_ = frames_ > 0 ? newest_s_ : time_s;
  newest_s_ = time_s;
  file_.write(frame_row(decision, time_s));
  ++frames_;
}

void PlanWriter::put_shot(double end_s) {
  const char* strategy = strategy_name(shot_.strategy);
  json row = {{"type", "shot"},
              {"n", shot_.number},
              {"start_frame", shot_.first_frame},
              {"end_frame", shot_.last_frame + 1},
              {"start", rounded(shot_.start_s, 6)},
              {"end", rounded(end_s, 6)},
              {"strategy", strategy},
              {"decided", strategy}};
  if (const int64_t subject = subject_of_most(shot_.subjects)) row["subject"] = subject;
  if (!shot_.why.empty()) row["why"] = shot_.why;
  file_.write(dumped(row));
}

void PlanWriter::end() {
  if (!file_.is_open()) return;
  if (frames_ > 0) put_shot(newest_s_ + (newest_s_ - before_s_));
  file_.close();
}

}  // namespace smartcrop
