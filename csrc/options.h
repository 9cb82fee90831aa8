// SPDX-License-Identifier: MIT
// The options of a run: a struct, a parser and a table, all expanded from options.def.
#ifndef SMARTCROP_OPTIONS_H_
#define SMARTCROP_OPTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "choices.h"
#include "option_kinds.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {

// The default of a kind that is written as text.
template <typename Value>
Value default_of(bool (*read)(const std::string&, Value*), const char* text) {
  Value value;
  read(text, &value);
  return value;
}

struct Options {
#define SC_NUMBER(name, default_value, minimum, maximum, unit, roles, help) \
  double name = default_value;
#define SC_INTEGER(name, default_value, minimum, maximum, unit, roles, help) \
  int name = default_value;
#define SC_BOOL(name, default_value, roles, help) bool name = default_value;
#define SC_TEXT(name, default_value, roles, help) std::string name = default_value;
#define SC_SHAPE(name, default_value, roles, help) \
  AspectRatio name = default_of(&read_shape, default_value);
#define SC_SIZE(name, default_value, roles, help) Size name = default_of(&read_size, default_value);
#define SC_COLOUR(name, default_value, roles, help) \
  Colour name = default_of(&read_colour, default_value);
#define SC_CHOICE(member, name, type, default_value, roles, help) type member = type::default_value;
#include "smartcrop/options.def"

  // The content of the file that plan names, where a host gave it; nullptr: it is read.
  std::shared_ptr<const std::string> plan_text;
};

// All throw Error(ERROR_OPTION) with a sentence that names the option, the value and what it takes.
void set_option(Options* options, const std::string& key, const std::string& value);
void set_option(Options* options, const std::string& key, double value);
// As set_option, for options with the role LIVE only.
void set_live_option(Options* options, const std::string& key, double value);
// The value as text that set_option() takes.
std::string get_option(const Options& options, const std::string& key);

// The options that are not at their defaults, though none of these roles takes them.
std::vector<std::string> without_role(const Options& options, int roles);

// nullptr past the end / for an unknown name.
const smartcrop_option_row* option_row_at(int index);
const smartcrop_option_row* find_option_row(const std::string& key);

// The name of a smartcrop_strategy, which is also the choice of the option strategy that asks for
// it; nullptr past the end.
const char* strategy_name(int strategy);
// False where no strategy has that name.
bool find_strategy(const std::string& name, smartcrop_strategy* strategy);

}  // namespace smartcrop

#endif  // SMARTCROP_OPTIONS_H_
