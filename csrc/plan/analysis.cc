// SPDX-License-Identifier: MIT
#include "plan/analysis.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "error.h"

namespace smartcrop {
namespace {

using nlohmann::json;

constexpr int kLargestSide = 32768;
constexpr int kMostCells = 1024;  // along a side
constexpr int kLargestInt = std::numeric_limits<int32_t>::max();

[[noreturn]] void complain(const std::string& what) { throw std::invalid_argument(what); }

const json& field(const json& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end()) complain(std::string("its header has no ") + name);
  return *found;
}

int whole(const json& value, const std::string& what, int least, int most) {
  const bool fits = value.is_number_integer() && value >= least && value <= most;
  if (!fits) {
    complain("its header's " + what + " is not a whole number from " + std::to_string(least) +
             " to " + std::to_string(most));
  }
  return value.get<int>();
}

int whole_field(const json& row, const char* name, int least, int most) {
  return whole(field(row, name), name, least, most);
}

struct Pair {
  int first = 0, second = 0;
};

Pair pair_field(const json& row, const char* name, Pair least, Pair most) {
  const json& values = field(row, name);
  if (!values.is_array() || values.size() != 2) {
    complain(std::string("its header's ") + name + " is not a list of two numbers");
  }
  return {whole(values[0], name, least.first, most.first),
          whole(values[1], name, least.second, most.second)};
}

smartcrop_pixel_format read_format(const json& row) {
  if (!row.is_object()) complain("its header's format is not an object");
  smartcrop_pixel_format format{};
  format.family = whole_field(row, "family", SMARTCROP_GREY, SMARTCROP_RGB);
  format.depth = whole_field(row, "depth", 8, 32);
  if (format.depth > 16 && format.depth < 32) complain("its header's depth is 8 to 16, or 32");
  const int most = format.family == SMARTCROP_YUV ? 2 : 0;
  const Pair steps = pair_field(row, "subsampling", {0, 0}, {most, most});
  format.subsampling_w = steps.first;
  format.subsampling_h = steps.second;
  format.alpha = whole_field(row, "alpha", 0, 1);
  return format;
}

smartcrop_stream read_stream(const json& row) {
  if (!row.is_object()) complain("its header's source is not an object");
  smartcrop_stream stream{};
  stream.struct_size = sizeof stream;
  stream.width = whole_field(row, "width", 1, kLargestSide);
  stream.height = whole_field(row, "height", 1, kLargestSide);
  stream.format = read_format(field(row, "format"));
  const Pair most{kLargestInt, kLargestInt};
  const Pair base = pair_field(row, "time_base", {1, 1}, most);
  const Pair rate = pair_field(row, "frame_rate", {0, 0}, most);
  const Pair sar = pair_field(row, "sar", {0, 0}, most);
  stream.time_base_num = base.first;
  stream.time_base_den = base.second;
  stream.frame_rate_num = rate.first;
  stream.frame_rate_den = rate.second;
  stream.sar_num = sar.first;
  stream.sar_den = sar.second;
  stream.matrix = stream.transfer = stream.primaries = 2;
  return stream;
}

json row_of(const smartcrop_stream& stream) {
  const smartcrop_pixel_format& format = stream.format;
  return {{"width", stream.width},
          {"height", stream.height},
          {"sar", {std::max(0, stream.sar_num), std::max(0, stream.sar_den)}},
          {"time_base", {stream.time_base_num, stream.time_base_den}},
          {"frame_rate", {std::max(0, stream.frame_rate_num), std::max(0, stream.frame_rate_den)}},
          {"format",
           {{"family", format.family},
            {"depth", format.depth},
            {"subsampling", {format.subsampling_w, format.subsampling_h}},
            {"alpha", format.alpha != 0 ? 1 : 0}}}};
}

// How far the shots look ahead depends on it, so that both sides read it.
bool is_kept(const smartcrop_option_row& row) {
  return is_observed(row) || std::string("lookahead") == row.name;
}

Options read_options(const json& row) {
  if (!row.is_object()) complain("its header's options are not an object");
  Options options;
  for (int i = 0; const smartcrop_option_row* option = option_row_at(i); ++i) {
    if (!is_kept(*option)) continue;
    const json& value = field(row, option->name);
    if (!value.is_string()) complain(std::string("its header's ") + option->name + " is no text");
    try {
      set_option(&options, option->name, value.get<std::string>());
    } catch (const Error& error) {
      complain(std::string("its header: ") + error.what());
    }
  }
  return options;
}

}  // namespace

bool is_observed(const smartcrop_option_row& row) {
  constexpr int kOther = SMARTCROP_OPTION_SOLVE | SMARTCROP_OPTION_WRITTEN;
  return (row.roles & SMARTCROP_OPTION_ANALYSE) != 0 && (row.roles & kOther) == 0;
}

std::string text_of(const AnalysisHeader& header) {
  json options = json::object();
  for (int i = 0; const smartcrop_option_row* option = option_row_at(i); ++i) {
    if (is_kept(*option)) options[option->name] = get_option(header.options, option->name);
  }
  const json row = {{"kind", kAnalysisKind},
                    {"version", kAnalysisVersion},
                    {"source", row_of(header.stream)},
                    {"map", {header.map.width, header.map.height}},
                    {"options", options}};
  // The path of a model may hold bytes that are no UTF-8.
  return row.dump(-1, ' ', false, json::error_handler_t::replace);
}

AnalysisHeader parse_analysis_header(const std::string& line) {
  const json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
  const bool known = row.is_object() && row.value("kind", json()) == kAnalysisKind;
  if (!known) complain("it is no analysis; make one with 'smartcrop analyze VIDEO --keep FILE'");
  if (field(row, "version") != kAnalysisVersion) {
    complain("it is of version " + field(row, "version").dump() + ", and version " +
             std::to_string(kAnalysisVersion) + " is read; analyze again");
  }
  AnalysisHeader header;
  header.stream = read_stream(field(row, "source"));
  const Pair map = pair_field(row, "map", {1, 1}, {kMostCells, kMostCells});
  header.map = {map.first, map.second};
  header.options = read_options(field(row, "options"));
  return header;
}

Options options_to_solve(const Options& asked, const AnalysisHeader& header,
                         const std::string& path) {
  if (!asked.plan.empty()) {
    throw Error(SMARTCROP_ERROR_OPTION, "plan=" + asked.plan + " says where the windows are, and " +
                                            path + " is to be solved; leave one of them out");
  }
  const int beside = SMARTCROP_OPTION_SOLVE | SMARTCROP_OPTION_RENDER | SMARTCROP_OPTION_HOST;
  const std::vector<std::string> observed = without_role(asked, beside);
  if (!observed.empty()) {
    throw Error(SMARTCROP_ERROR_OPTION, "option " + observed.front() + " was decided when " + path +
                                            " was made; analyze again");
  }
  Options options = asked;
  for (int i = 0; const smartcrop_option_row* row = option_row_at(i); ++i) {
    if (is_observed(*row)) set_option(&options, row->name, get_option(header.options, row->name));
  }
  return options;
}

}  // namespace smartcrop
