// SPDX-License-Identifier: MIT
// The options of a run: a struct, a parser and a table, all expanded from options.def.
#ifndef SMARTCROP_OPTIONS_H_
#define SMARTCROP_OPTIONS_H_

#include <string>

#include "smartcrop/smartcrop.h"

namespace smartcrop {

struct Options {
#define SC_NUMBER(name, default_value, minimum, maximum, unit, flags, help) \
  double name = default_value;
#define SC_INTEGER(name, default_value, minimum, maximum, unit, flags, help) \
  int name = default_value;
#define SC_BOOL(name, default_value, flags, help) bool name = default_value;
#define SC_STRING(name, default_value, flags, help) std::string name = default_value;
#define SC_CHOICE(name, default_value, choices, flags, help) std::string name = default_value;
#define SC_CHOICE_AS(member, name, default_value, choices, flags, help) \
  std::string member = default_value;
#include "smartcrop/options.def"
};

// All throw Error(ERROR_OPTION) with a sentence that names the option, the value and what it takes.
void set_option(Options* options, const std::string& key, const std::string& value);
void set_option(Options* options, const std::string& key, double value);
// As set_option, for options with the LIVE flag only.
void set_live_option(Options* options, const std::string& key, double value);
// The value as text that set_option() takes.
std::string get_option(const Options& options, const std::string& key);

// nullptr past the end / for an unknown name.
const smartcrop_option_row* option_row_at(int index);
const smartcrop_option_row* find_option_row(const std::string& key);

// "9/16", "9x16", "9:16" or "0.5625" as a number above 0; 0 for "auto".
double parse_aspect(const std::string& text);
// "1080x1920" as a size; 0 x 0 for "".
void parse_size(const std::string& text, int* width, int* height);

}  // namespace smartcrop

#endif  // SMARTCROP_OPTIONS_H_
