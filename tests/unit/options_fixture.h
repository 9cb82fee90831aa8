// SPDX-License-Identifier: MIT
// What the tests of the options share: the rows of their table, and how a value is refused.
#ifndef SMARTCROP_TESTS_UNIT_OPTIONS_FIXTURE_H_
#define SMARTCROP_TESTS_UNIT_OPTIONS_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "error.h"
#include "options.h"

namespace smartcrop {

inline std::vector<const smartcrop_option_row*> all_rows() {
  std::vector<const smartcrop_option_row*> rows;
  for (int i = 0; option_row_at(i) != nullptr; ++i) rows.push_back(option_row_at(i));
  return rows;
}

// The sentence of the refusal, "" where the value, a text or a number, was taken.
template <typename Value>
std::string refusal(const std::string& key, const Value& value) {
  Options options;
  try {
    set_option(&options, key, value);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION);
    EXPECT_EQ(get_option(options, key), get_option(Options(), key)) << "a refused value was kept";
    return error.what();
  }
  return "";
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_OPTIONS_FIXTURE_H_
