// SPDX-License-Identifier: MIT
#include "options.h"

#include <cmath>
#include <iterator>
#include <type_traits>
#include <variant>

#include "error.h"
#include "follow_wish.h"

namespace smartcrop {
namespace {

// An enumeration of its own for each choice, as the number of the choice.
struct ChoiceField {
  int (*get)(const Options& options);
  void (*set)(Options* options, int value);
};

template <auto kMember>
ChoiceField choice_field() {
  using Choice = std::remove_reference_t<decltype(std::declval<Options&>().*kMember)>;
  return {[](const Options& options) { return static_cast<int>(options.*kMember); },
          [](Options* options, int value) { options->*kMember = static_cast<Choice>(value); }};
}

using Field =
    std::variant<double Options::*, int Options::*, bool Options::*, std::string Options::*,
                 AspectRatio Options::*, Size Options::*, Colour Options::*, ChoiceField>;

struct Entry {
  smartcrop_option_row row;
  Field field;
};

#define SC_CHOICE(member, name, type, default_value, roles, help) \
  const char* const kNames_##member[] = {
#define SC_VALUE(member, value, name, help) name,
#define SC_END(member) \
  nullptr              \
  }                    \
  ;
#include "smartcrop/options.def"

#define SC_CHOICE(member, name, type, default_value, roles, help) \
  const char* const kHelps_##member[] = {
#define SC_VALUE(member, value, name, help) help,
#define SC_END(member) \
  nullptr              \
  }                    \
  ;
#include "smartcrop/options.def"

smartcrop_option_row make_row(const char* name, smartcrop_option_kind kind, int roles,
                              const char* help) {
  smartcrop_option_row row{};
  row.struct_size = sizeof(row);
  row.name = name;
  row.kind = kind;
  row.roles = roles;
  row.unit = "";
  row.help = help;
  return row;
}

smartcrop_option_row make_number(smartcrop_option_row row, double minimum, double maximum,
                                 const char* unit) {
  row.minimum = minimum;
  row.maximum = maximum;
  row.unit = unit;
  return row;
}

smartcrop_option_row make_choice(smartcrop_option_row row, const char* const* choices,
                                 const char* const* helps) {
  row.choices = choices;
  row.choice_helps = helps;
  return row;
}

struct ToText {
  const Options& options;
  const smartcrop_option_row& row;

  std::string operator()(int Options::*field) const { return std::to_string(options.*field); }
  std::string operator()(bool Options::*field) const { return options.*field ? "1" : "0"; }
  std::string operator()(std::string Options::*field) const { return options.*field; }
  std::string operator()(const ChoiceField& field) const { return row.choices[field.get(options)]; }
  template <typename Value>
  std::string operator()(Value Options::*field) const {
    return text_of(options.*field);
  }
};

std::string text_of_field(const Options& options, const Entry& entry) {
  return std::visit(ToText{options, entry.row}, entry.field);
}

std::vector<Entry> make_entries() {
  std::vector<Entry> entries;
  const char* section = "";
  const auto add = [&](smartcrop_option_row row, const Field& field) {
    row.section = section;
    entries.push_back({row, field});
  };
#define SC_SECTION(title) section = title;
#define SC_NUMBER(name, default_value, minimum, maximum, unit, roles, help)                       \
  add(make_number(make_row(#name, SMARTCROP_OPTION_NUMBER, roles, help), minimum, maximum, unit), \
      &Options::name);
#define SC_INTEGER(name, default_value, minimum, maximum, unit, roles, help)                       \
  add(make_number(make_row(#name, SMARTCROP_OPTION_INTEGER, roles, help), minimum, maximum, unit), \
      &Options::name);
#define SC_BOOL(name, default_value, roles, help) \
  add(make_number(make_row(#name, SMARTCROP_OPTION_BOOL, roles, help), 0, 1, ""), &Options::name);
#define SC_SHAPE(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_SHAPE, roles, help), &Options::name);
#define SC_SIZE(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_SIZE, roles, help), &Options::name);
#define SC_COLOUR(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_COLOUR, roles, help), &Options::name);
#define SC_PATH(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_PATH, roles, help), &Options::name);
#define SC_MODEL(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_MODEL, roles, help), &Options::name);
#define SC_NAMES(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_NAMES, roles, help), &Options::name);
#define SC_FOLLOW(name, default_value, roles, help) \
  add(make_row(#name, SMARTCROP_OPTION_FOLLOW, roles, help), &Options::name);
#define SC_CHOICE(member, name, type, default_value, roles, help)                        \
  add(make_choice(make_row(name, SMARTCROP_OPTION_CHOICE, roles, help), kNames_##member, \
                  kHelps_##member),                                                      \
      choice_field<&Options::member>());
#include "smartcrop/options.def"
  return entries;
}

// The rows, with each default as the writer of its kind writes it.
struct Table {
  std::vector<Entry> entries = make_entries();
  std::vector<std::string> defaults;

  Table() {
    defaults.reserve(entries.size());
    for (Entry& entry : entries) {
      defaults.push_back(text_of_field(Options(), entry));
      entry.row.default_value = defaults.back().c_str();
    }
  }
};

const std::vector<Entry>& table() {
  static const Table table;
  return table.entries;
}

const Entry* find_entry(const std::string& key) {
  for (const Entry& entry : table()) {
    if (key == entry.row.name) return &entry;
  }
  return nullptr;
}

const Entry& entry_of(const std::string& key) {
  const Entry* entry = find_entry(key);
  if (entry != nullptr) return *entry;
  std::string names;
  for (const Entry& each : table())
    names += (names.empty() ? "" : ", ") + std::string(each.row.name);
  throw Error(SMARTCROP_ERROR_OPTION, "unknown option '" + key + "'; the options are " + names);
}

std::string choices_text(const smartcrop_option_row& row) {
  std::string text;
  for (const char* const* name = row.choices; *name != nullptr; ++name) {
    text += (text.empty() ? "" : ", ") + std::string(*name);
  }
  return text;
}

// What an option takes, for the sentence that refuses something else.
std::string takes(const smartcrop_option_row& row) {
  const std::string range = "from " + text_of(row.minimum) + " to " + text_of(row.maximum);
  switch (row.kind) {
    case SMARTCROP_OPTION_NUMBER:
      return "a number " + range;
    case SMARTCROP_OPTION_INTEGER:
      return "a whole number " + range;
    case SMARTCROP_OPTION_BOOL:
      return "one of 0, 1";
    case SMARTCROP_OPTION_CHOICE:
      return "one of " + choices_text(row);
    case SMARTCROP_OPTION_SHAPE:
      return "a shape; write W/H, such as 9/16, or a number above 0";
    case SMARTCROP_OPTION_SIZE:
      return "a picture size; write WIDTHxHEIGHT, such as 1080x1920, with sides up to 32768";
    case SMARTCROP_OPTION_COLOUR:
      return "a colour; write black, white, grey or #RRGGBB, such as #204060";
    case SMARTCROP_OPTION_PATH:
    case SMARTCROP_OPTION_MODEL:
      return "the path of a file";
    case SMARTCROP_OPTION_NAMES:
      return "a list of names";
    case SMARTCROP_OPTION_FOLLOW:
      return "a place or a number of a subject";
  }
  return "";
}

[[noreturn]] void refuse(const Entry& entry, const std::string& value) {
  throw Error(SMARTCROP_ERROR_OPTION, "option " + std::string(entry.row.name) + ": '" + value +
                                          "' is not " + takes(entry.row));
}

bool in_range(const Entry& entry, double value) {
  return value >= entry.row.minimum && value <= entry.row.maximum;
}

// Writes a text into a field as its kind reads it; false, and nothing written, where it is none.
struct FromText {
  Options* options;
  const Entry& entry;
  const std::string& text;

  bool operator()(double Options::*field) const {
    double value;
    if (!read_number(text, &value) || !in_range(entry, value)) return false;
    options->*field = value;
    return true;
  }
  bool operator()(int Options::*field) const {
    double value;
    if (!read_number(text, &value) || !in_range(entry, value)) return false;
    if (value != std::floor(value)) return false;
    options->*field = static_cast<int>(value);
    return true;
  }
  bool operator()(bool Options::*field) const { return read_bool(text, &(options->*field)); }
  bool operator()(AspectRatio Options::*field) const {
    return read_shape(text, &(options->*field));
  }
  bool operator()(Size Options::*field) const { return read_size(text, &(options->*field)); }
  bool operator()(Colour Options::*field) const { return read_colour(text, &(options->*field)); }
  bool operator()(std::string Options::*field) const {
    options->*field = text;
    return true;
  }
  bool operator()(const ChoiceField& field) const {
    for (int i = 0; entry.row.choices[i] != nullptr; ++i) {
      if (text != entry.row.choices[i]) continue;
      field.set(options, i);
      return true;
    }
    return false;
  }
};

}  // namespace

void set_option(Options* options, const std::string& key, const std::string& value) {
  const Entry& entry = entry_of(key);
  if (entry.row.kind == SMARTCROP_OPTION_FOLLOW) parse_follow(value);
  if (!std::visit(FromText{options, entry, value}, entry.field)) refuse(entry, value);
  if (key == "plan") options->plan_text = nullptr;
}

void set_option(Options* options, const std::string& key, double value) {
  set_option(options, key, text_of(value));
}

void set_live_option(Options* options, const std::string& key, double value) {
  if ((entry_of(key).row.roles & SMARTCROP_OPTION_LIVE) == 0) {
    throw Error(SMARTCROP_ERROR_OPTION,
                "option " + key + " is fixed once the video runs; set it at the start");
  }
  set_option(options, key, value);
}

std::string get_option(const Options& options, const std::string& key) {
  return text_of_field(options, entry_of(key));
}

std::vector<std::string> without_role(const Options& options, int roles) {
  std::vector<std::string> names;
  for (const Entry& entry : table()) {
    const bool is_default = text_of_field(options, entry) == entry.row.default_value;
    if (!is_default && (entry.row.roles & roles) == 0) names.emplace_back(entry.row.name);
  }
  return names;
}

const smartcrop_option_row* option_row_at(int index) {
  if (index < 0 || index >= static_cast<int>(table().size())) return nullptr;
  return &table()[static_cast<size_t>(index)].row;
}

const smartcrop_option_row* find_option_row(const std::string& key) {
  const Entry* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->row;
}

// The first choice of the option is auto. The strategies follow in their order.
constexpr int kFirstStrategy = static_cast<int>(StrategyChoice::kHold);
static_assert(kFirstStrategy + SMARTCROP_HOLD == static_cast<int>(StrategyChoice::kHold));
static_assert(kFirstStrategy + SMARTCROP_PAN == static_cast<int>(StrategyChoice::kPan));
static_assert(kFirstStrategy + SMARTCROP_FOLLOW == static_cast<int>(StrategyChoice::kFollow));
static_assert(kFirstStrategy + SMARTCROP_FIT == static_cast<int>(StrategyChoice::kFit));

const char* strategy_name(int strategy) {
  constexpr int kCount = static_cast<int>(std::size(kNames_strategy)) - 1 - kFirstStrategy;
  return strategy >= 0 && strategy < kCount ? kNames_strategy[kFirstStrategy + strategy] : nullptr;
}

bool find_strategy(const std::string& name, smartcrop_strategy* strategy) {
  for (int i = 0; strategy_name(i) != nullptr; ++i) {
    if (name != strategy_name(i)) continue;
    *strategy = static_cast<smartcrop_strategy>(i);
    return true;
  }
  return false;
}

}  // namespace smartcrop
