// SPDX-License-Identifier: MIT
#include "options.h"

#include <charconv>
#include <cmath>
#include <iterator>
#include <variant>

#include "colour.h"
#include "error.h"

namespace smartcrop {
namespace {

using Field =
    std::variant<double Options::*, int Options::*, bool Options::*, std::string Options::*>;

struct Entry {
  smartcrop_option_row row;
  Field field;
};

#define SC_TEXT_(x) #x
#define SC_TEXT(x) SC_TEXT_(x)

const Entry kEntries[] = {
#define SC_NUMBER(name, default_value, minimum, maximum, unit, flags, help)                    \
  {{#name, SMARTCROP_OPTION_NUMBER, SC_TEXT(default_value), minimum, maximum, unit, "", flags, \
    help},                                                                                     \
   &Options::name},
#define SC_INTEGER(name, default_value, minimum, maximum, unit, flags, help)                    \
  {{#name, SMARTCROP_OPTION_INTEGER, SC_TEXT(default_value), minimum, maximum, unit, "", flags, \
    help},                                                                                      \
   &Options::name},
#define SC_BOOL(name, default_value, flags, help)                                     \
  {{#name, SMARTCROP_OPTION_BOOL, SC_TEXT(default_value), 0, 1, "", "", flags, help}, \
   &Options::name},
#define SC_STRING(name, default_value, flags, help) \
  {{#name, SMARTCROP_OPTION_STRING, default_value, 0, 0, "", "", flags, help}, &Options::name},
#define SC_CHOICE(name, default_value, choices, flags, help) \
  {{#name, SMARTCROP_OPTION_CHOICE, default_value, 0, 0, "", choices, flags, help}, &Options::name},
#define SC_CHOICE_AS(member, name, default_value, choices, flags, help)            \
  {{name, SMARTCROP_OPTION_CHOICE, default_value, 0, 0, "", choices, flags, help}, \
   &Options::member},
#include "smartcrop/options.def"
};

const Entry* find_entry(const std::string& key) {
  for (const Entry& entry : kEntries) {
    if (key == entry.row.name) return &entry;
  }
  return nullptr;
}

const Entry& entry_of(const std::string& key) {
  const Entry* entry = find_entry(key);
  if (entry != nullptr) return *entry;
  std::string names;
  for (const Entry& each : kEntries)
    names += (names.empty() ? "" : ", ") + std::string(each.row.name);
  throw Error(SMARTCROP_ERROR_OPTION, "unknown option '" + key + "'; the options are " + names);
}

[[noreturn]] void refuse(const Entry& entry, const std::string& value, const std::string& takes) {
  throw Error(SMARTCROP_ERROR_OPTION,
              "option " + std::string(entry.row.name) + ": '" + value + "' is not " + takes);
}

// Independent of the locale, unlike strtod and to_string.
std::string number_text(double value) {
  char buffer[64];
  const auto result = std::to_chars(buffer, std::end(buffer), value);
  return std::string(buffer, result.ptr);
}

bool parse_number(const std::string& text, double* value) {
  const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const char* begin = text.c_str() + (has_plus ? 1 : 0);
  const char* end = text.c_str() + text.size();
  const auto result = std::from_chars(begin, end, *value);
  return result.ec == std::errc() && result.ptr == end && std::isfinite(*value);
}

std::string range_text(const smartcrop_option_row& row) {
  return "from " + number_text(row.minimum) + " to " + number_text(row.maximum);
}

bool has_choice(const std::string& choices, const std::string& value) {
  return !value.empty() && value.find('|') == std::string::npos &&
         ("|" + choices + "|").find("|" + value + "|") != std::string::npos;
}

void assign_number(Options* options, const Entry& entry, double value, const std::string& text) {
  const bool whole = entry.row.kind == SMARTCROP_OPTION_INTEGER;
  const bool in_range = value >= entry.row.minimum && value <= entry.row.maximum;
  if (!in_range || (whole && value != std::floor(value))) {
    refuse(entry, text, (whole ? "a whole number " : "a number ") + range_text(entry.row));
  }
  if (const auto* field = std::get_if<double Options::*>(&entry.field)) {
    options->** field = value;
  } else {
    options->*std::get<int Options::*>(entry.field) = static_cast<int>(value);
  }
}

void assign_bool(Options* options, const Entry& entry, const std::string& value) {
  const bool is_true = has_choice("1|true|yes|on", value);
  if (!is_true && !has_choice("0|false|no|off", value)) refuse(entry, value, "one of 0, 1");
  options->*std::get<bool Options::*>(entry.field) = is_true;
}

void assign_text(Options* options, const Entry& entry, const std::string& value) {
  if (entry.row.kind == SMARTCROP_OPTION_CHOICE && !has_choice(entry.row.choices, value)) {
    std::string choices = entry.row.choices;
    for (size_t at = 0; (at = choices.find('|', at)) != std::string::npos;)
      choices.replace(at, 1, ", ");
    refuse(entry, value, "one of " + choices);
  }
  if (std::string("aspect") == entry.row.name) parse_aspect(value);
  if (std::string("pad_colour") == entry.row.name) parse_colour(value);
  int width, height;
  if (std::string("size") == entry.row.name) parse_size(value, &width, &height);
  options->*std::get<std::string Options::*>(entry.field) = value;
}

}  // namespace

void set_option(Options* options, const std::string& key, const std::string& value) {
  const Entry& entry = entry_of(key);
  switch (entry.row.kind) {
    case SMARTCROP_OPTION_NUMBER:
    case SMARTCROP_OPTION_INTEGER: {
      double number;
      if (!parse_number(value, &number)) refuse(entry, value, "a number " + range_text(entry.row));
      return assign_number(options, entry, number, value);
    }
    case SMARTCROP_OPTION_BOOL:
      return assign_bool(options, entry, value);
    case SMARTCROP_OPTION_STRING:
    case SMARTCROP_OPTION_CHOICE:
      return assign_text(options, entry, value);
  }
}

void set_option(Options* options, const std::string& key, double value) {
  const Entry& entry = entry_of(key);
  const std::string text = number_text(value);
  if (entry.row.kind == SMARTCROP_OPTION_NUMBER || entry.row.kind == SMARTCROP_OPTION_INTEGER) {
    assign_number(options, entry, value, text);
  } else {
    set_option(options, key, text);
  }
}

void set_live_option(Options* options, const std::string& key, double value) {
  if ((entry_of(key).row.flags & SMARTCROP_OPTION_LIVE) == 0) {
    throw Error(SMARTCROP_ERROR_OPTION,
                "option " + key + " is fixed once the video runs; set it at the start");
  }
  set_option(options, key, value);
}

std::string get_option(const Options& options, const std::string& key) {
  const Entry& entry = entry_of(key);
  struct ToText {
    const Options& options;
    std::string operator()(double Options::*field) const { return number_text(options.*field); }
    std::string operator()(int Options::*field) const { return number_text(options.*field); }
    std::string operator()(bool Options::*field) const { return options.*field ? "1" : "0"; }
    std::string operator()(std::string Options::*field) const { return options.*field; }
  };
  return std::visit(ToText{options}, entry.field);
}

const smartcrop_option_row* option_row_at(int index) {
  if (index < 0 || index >= static_cast<int>(std::size(kEntries))) return nullptr;
  return &kEntries[index].row;
}

const smartcrop_option_row* find_option_row(const std::string& key) {
  const Entry* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->row;
}

double parse_aspect(const std::string& text) {
  if (text == "auto") return 0;
  const size_t at = text.find_first_of("/:x");
  double width, height = 1;
  bool valid = parse_number(text.substr(0, at), &width);
  if (at != std::string::npos) valid = valid && parse_number(text.substr(at + 1), &height);
  valid = valid && width > 0 && height > 0 && std::isnormal(width / height);
  if (!valid) {
    throw Error(SMARTCROP_ERROR_OPTION,
                "option aspect: '" + text +
                    "' is not a shape; write W/H, such as 9/16, or a number above 0");
  }
  return width / height;
}

void parse_size(const std::string& text, int* width, int* height) {
  *width = *height = 0;
  if (text.empty()) return;
  const size_t at = text.find('x');
  double w = 0, h = 0;
  const bool valid = at != std::string::npos && parse_number(text.substr(0, at), &w) &&
                     parse_number(text.substr(at + 1), &h) && w == std::floor(w) &&
                     h == std::floor(h) && w >= 1 && h >= 1 && w <= 32768 && h <= 32768;
  if (!valid) {
    throw Error(SMARTCROP_ERROR_OPTION, "option size: '" + text +
                                            "' is not a picture size; write WIDTHxHEIGHT, such as "
                                            "1080x1920, with sides up to 32768");
  }
  *width = static_cast<int>(w);
  *height = static_cast<int>(h);
}

}  // namespace smartcrop
