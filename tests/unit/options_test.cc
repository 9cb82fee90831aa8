// SPDX-License-Identifier: MIT
// The table of options, row by row.
#include "options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "error.h"
#include "options_fixture.h"

namespace smartcrop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<const smartcrop_option_row*> rows_of(
    std::initializer_list<smartcrop_option_kind> kinds) {
  std::vector<const smartcrop_option_row*> rows;
  for (const smartcrop_option_row* row : all_rows()) {
    if (std::find(kinds.begin(), kinds.end(), row->kind) != kinds.end()) rows.push_back(row);
  }
  return rows;
}

bool is_numeric(const smartcrop_option_row& row) {
  return row.kind == SMARTCROP_OPTION_NUMBER || row.kind == SMARTCROP_OPTION_INTEGER;
}

std::vector<std::string> choices_of(const smartcrop_option_row& row) {
  std::vector<std::string> choices;
  for (const char* const* name = row.choices; *name != nullptr; ++name) choices.emplace_back(*name);
  return choices;
}

// Texts that the option takes.
std::vector<std::string> good_texts(const smartcrop_option_row& row) {
  switch (row.kind) {
    case SMARTCROP_OPTION_BOOL:
      return {"0", "1", "true", "false", "yes", "no", "on", "off"};
    case SMARTCROP_OPTION_CHOICE:
      return choices_of(row);
    case SMARTCROP_OPTION_SHAPE:
      return {"auto", "9/16", "9x16", "9:16", "0.5625", "2.39", "1/3"};
    case SMARTCROP_OPTION_SIZE:
      return {"", "1080x1920", "1x1", "32768x32768"};
    case SMARTCROP_OPTION_COLOUR:
      return {"black", "white", "grey", "#12aBcd", "#000000"};
    case SMARTCROP_OPTION_PATH:
    case SMARTCROP_OPTION_MODEL:
      return {"", "none", "/a folder/with spaces, comma=\xc3\xa4.onnx"};
    case SMARTCROP_OPTION_NAMES:
      return {"", "person", "person+ball", "sports ball,face"};
    case SMARTCROP_OPTION_FOLLOW:
      return {"", "auto", "0.5x0.25", "0.1x0.2x0.3x0.4@12.5", "#3+0.5x0.5@2+auto@9"};
    default:
      return {row.default_value, get_option(Options(), row.name)};
  }
}

// Kinds that take any text.
bool is_any_text(const smartcrop_option_row& row) {
  return row.kind == SMARTCROP_OPTION_PATH || row.kind == SMARTCROP_OPTION_MODEL ||
         row.kind == SMARTCROP_OPTION_NAMES;
}

// Kinds whose values are kept as they were written.
bool is_kept_as_text(const smartcrop_option_row& row) {
  return is_any_text(row) || row.kind == SMARTCROP_OPTION_CHOICE ||
         row.kind == SMARTCROP_OPTION_SIZE || row.kind == SMARTCROP_OPTION_FOLLOW;
}

class EveryOption : public testing::TestWithParam<const smartcrop_option_row*> {
 protected:
  const smartcrop_option_row& row() const { return *GetParam(); }
};
class EveryNumber : public EveryOption {};
class EveryWholeNumber : public EveryOption {};
class EveryChoice : public EveryOption {};
class EveryBool : public EveryOption {};

TEST_P(EveryOption, HasADefaultThatItsOwnParserTakesAndWritesTheSameWay) {
  Options options;
  set_option(&options, row().name, std::string(row().default_value));
  EXPECT_EQ(get_option(options, row().name), get_option(Options(), row().name));
}

TEST_P(EveryOption, SaysItsDefaultAsItsParserWritesIt) {
  EXPECT_EQ(get_option(Options(), row().name), row().default_value);
}

TEST_P(EveryOption, RoundTripsFromTextToValueToText) {
  for (const std::string& text : good_texts(row())) {
    Options first, second;
    ASSERT_NO_THROW(set_option(&first, row().name, text)) << text;
    const std::string written = get_option(first, row().name);
    ASSERT_NO_THROW(set_option(&second, row().name, written)) << text;
    EXPECT_EQ(get_option(second, row().name), written) << text;
    if (is_kept_as_text(row())) {
      EXPECT_EQ(written, text);
    }
  }
}

TEST_P(EveryNumber, RoundTripsEveryNumberInItsRangeWithoutLoss) {
  for (int i = 0; i <= 1000; ++i) {
    double value = row().minimum + (row().maximum - row().minimum) * i / 1000;
    if (row().kind == SMARTCROP_OPTION_INTEGER) value = std::floor(value);
    Options first, second;
    set_option(&first, row().name, value);
    set_option(&second, row().name, get_option(first, row().name));
    EXPECT_EQ(get_option(second, row().name), get_option(first, row().name));
    EXPECT_EQ(std::stod(get_option(first, row().name)), value);
  }
}

TEST_P(EveryNumber, TakesItsLimitsAndNothingBeyondThem) {
  EXPECT_EQ(refusal(row().name, row().minimum), "");
  EXPECT_EQ(refusal(row().name, row().maximum), "");
  EXPECT_NE(refusal(row().name, std::nextafter(row().minimum, -kInfinity)), "");
  EXPECT_NE(refusal(row().name, std::nextafter(row().maximum, kInfinity)), "");
  EXPECT_NE(refusal(row().name, row().minimum - 1), "");
  EXPECT_NE(refusal(row().name, row().maximum + 1), "");
  EXPECT_NE(refusal(row().name, 1e300), "");
  EXPECT_NE(refusal(row().name, -1e300), "");
}

TEST_P(EveryNumber, RefusesWhatIsNoNumberWhereItWantsOne) {
  for (const double value : {kInfinity, -kInfinity, kNan})
    EXPECT_NE(refusal(row().name, value), "");
  for (const char* text :
       {"",    " ",    "+",        "-",     "+-1",    "-+1", "--1", "nan",   "NaN",
        "inf", "-inf", "infinity", "1e999", "-1e999", "0x1", "1,5", "1.5.5", " 1",
        "1 ",  "1s",   "one",      "1e",    "1e+",    "\n",  "1\n", "\xff"}) {
    EXPECT_NE(refusal(row().name, std::string(text)), "") << "'" << text << "'";
  }
  EXPECT_NE(refusal(row().name, std::string("1\0", 2)), "") << "a number and a NUL";
}

TEST_P(EveryWholeNumber, RefusesFractionsWhereItWantsAWholeNumber) {
  EXPECT_NE(refusal(row().name, row().minimum + 0.5), "");
  EXPECT_NE(refusal(row().name, std::string("1.5")), "");
}

TEST_P(EveryChoice, RefusesWhatIsNotAmongItsChoices) {
  const std::string first = choices_of(row()).front();
  for (const std::string& text :
       {std::string(), std::string("|"), first + "|" + first, first + "|", "|" + first, first + " ",
        first.substr(1), first + first, std::string("AUTO"), std::string(first + '\0')}) {
    EXPECT_NE(refusal(row().name, text), "") << "'" << text << "'";
  }
  EXPECT_NE(refusal(row().name, 0.0), "");
}

TEST_P(EveryBool, RefusesWhatIsNoBoolWhereItWantsOne) {
  for (const char* text : {"", "2", "-1", "TRUE", "yes ", "1|true", "01", "0.0", "nan"}) {
    EXPECT_NE(refusal(row().name, std::string(text)), "") << "'" << text << "'";
  }
  for (const double value : {0.5, 2.0, -1.0, kNan, kInfinity}) {
    EXPECT_NE(refusal(row().name, value), "") << value;
  }
}

TEST_P(EveryOption, IsNamedWithItsValueInItsRefusal) {
  const std::string name = row().name;
  if (is_any_text(row())) return;
  const std::string sentence = refusal(name, std::string("gar bage"));
  EXPECT_NE(sentence.find("option " + name), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("'gar bage'"), std::string::npos) << sentence;
  EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
}

TEST_P(EveryOption, ChangesWhileRunningOnlyWithTheRoleLive) {
  Options options;
  if ((row().roles & SMARTCROP_OPTION_LIVE) != 0) {
    ASSERT_TRUE(is_numeric(row())) << "set_live() takes numbers";
    set_live_option(&options, row().name, row().maximum);
    EXPECT_EQ(std::stod(get_option(options, row().name)), row().maximum);
    EXPECT_THROW(set_live_option(&options, row().name, row().maximum + 1), Error);
    EXPECT_THROW(set_live_option(&options, row().name, kNan), Error);
  } else {
    EXPECT_THROW(set_live_option(&options, row().name, row().minimum), Error);
    EXPECT_EQ(get_option(options, row().name), get_option(Options(), row().name));
  }
}

TEST_P(EveryOption, IsFoundByItsNameAndDescribesItself) {
  EXPECT_EQ(find_option_row(row().name), &row());
  EXPECT_NE(std::string(row().help), "");
  EXPECT_EQ(std::string(row().help).find('\n'), std::string::npos);
  if (is_numeric(row())) {
    EXPECT_LT(row().minimum, row().maximum);
  }
}

TEST_P(EveryOption, HasASectionAndARoleBesideLive) {
  EXPECT_NE(std::string(row().section), "");
  EXPECT_NE(row().roles & ~SMARTCROP_OPTION_LIVE, 0);
  EXPECT_EQ(row().struct_size, sizeof(smartcrop_option_row));
}

TEST_P(EveryChoice, SaysWhatEachChoiceMeans) {
  size_t count = 0;
  while (row().choice_helps[count] != nullptr) {
    EXPECT_NE(std::string(row().choice_helps[count]), "");
    ++count;
  }
  EXPECT_EQ(count, choices_of(row()).size());
}

std::string name_of(const testing::TestParamInfo<const smartcrop_option_row*>& test) {
  return test.param->name;
}
INSTANTIATE_TEST_SUITE_P(Options, EveryOption, testing::ValuesIn(all_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(
    Options, EveryNumber,
    testing::ValuesIn(rows_of({SMARTCROP_OPTION_NUMBER, SMARTCROP_OPTION_INTEGER})), name_of);
INSTANTIATE_TEST_SUITE_P(Options, EveryWholeNumber,
                         testing::ValuesIn(rows_of({SMARTCROP_OPTION_INTEGER})), name_of);
INSTANTIATE_TEST_SUITE_P(Options, EveryChoice,
                         testing::ValuesIn(rows_of({SMARTCROP_OPTION_CHOICE})), name_of);
INSTANTIATE_TEST_SUITE_P(Options, EveryBool, testing::ValuesIn(rows_of({SMARTCROP_OPTION_BOOL})),
                         name_of);

TEST(Options, HaveDifferentNames) {
  std::set<std::string> names;
  for (const smartcrop_option_row* row : all_rows()) names.insert(row->name);
  EXPECT_EQ(names.size(), all_rows().size());
}

TEST(Options, OfASectionLieTogether) {
  std::set<std::string> begun;
  std::string section;
  for (const smartcrop_option_row* row : all_rows()) {
    if (section == row->section) continue;
    section = row->section;
    EXPECT_TRUE(begun.insert(section).second) << "section " << section << " begins again";
  }
  EXPECT_GT(begun.size(), 1U);
}

TEST(Options, OutsideARoleAreThoseThatWereChangedAndHaveNone) {
  Options options;
  EXPECT_TRUE(without_role(options, SMARTCROP_OPTION_RENDER).empty());
  set_option(&options, "zoom", std::string("3"));
  set_option(&options, "strategy", std::string("pan"));
  set_option(&options, "pad", std::string("edge"));
  set_option(&options, "size", std::string("90x160"));
  set_option(&options, "model", std::string("saliency"));  // as it is anyhow
  EXPECT_EQ(without_role(options, SMARTCROP_OPTION_RENDER),
            (std::vector<std::string>{"strategy", "zoom"}));
  EXPECT_EQ(without_role(options, SMARTCROP_OPTION_ANALYSE), std::vector<std::string>{"pad"});
  EXPECT_TRUE(without_role(options, SMARTCROP_OPTION_ANALYSE | SMARTCROP_OPTION_RENDER).empty());
}

TEST(Strategies, AreNamedAsTheChoicesOfTheOptionAndFoundByName) {
  std::vector<std::string> choices = choices_of(*find_option_row("strategy"));
  ASSERT_EQ(choices.front(), "auto");
  choices.erase(choices.begin());
  for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
    ASSERT_NE(strategy_name(i), nullptr);
    EXPECT_EQ(strategy_name(i), choices[static_cast<size_t>(i)]);
    smartcrop_strategy found;
    ASSERT_TRUE(find_strategy(strategy_name(i), &found));
    EXPECT_EQ(found, i);
  }
  EXPECT_EQ(std::string(strategy_name(SMARTCROP_FOLLOW)), "follow");
  EXPECT_EQ(strategy_name(static_cast<int>(choices.size())), nullptr);
  EXPECT_EQ(strategy_name(-1), nullptr);
  EXPECT_EQ(strategy_name(std::numeric_limits<int>::max()), nullptr);
  smartcrop_strategy untouched = SMARTCROP_PAN;
  for (const char* name : {"auto", "", "Hold", "hold "}) {
    EXPECT_FALSE(find_strategy(name, &untouched)) << name;
  }
  EXPECT_EQ(untouched, SMARTCROP_PAN);
}

TEST(Options, BeginWithTheAspectSinceAHostMayTakeItWithoutAName) {
  EXPECT_EQ(std::string(option_row_at(0)->name), "aspect");
}

TEST(Options, EndWithNoRow) {
  EXPECT_EQ(option_row_at(-1), nullptr);
  EXPECT_EQ(option_row_at(static_cast<int>(all_rows().size())), nullptr);
  EXPECT_EQ(option_row_at(std::numeric_limits<int>::max()), nullptr);
  EXPECT_EQ(option_row_at(std::numeric_limits<int>::min()), nullptr);
  EXPECT_EQ(find_option_row(""), nullptr);
  EXPECT_EQ(find_option_row("Aspect"), nullptr);
}

TEST(Options, ThatAreUnknownAreAnsweredWithTheOnesThereAre) {
  for (const char* key : {"", "aspekt", "aspect ", "ASPECT"}) {
    const auto get = [&] { return get_option(Options(), key); };
    EXPECT_THROW(get(), Error);
    try {
      Options options;
      set_option(&options, key, std::string("1"));
      FAIL() << "took option '" << key << "'";
    } catch (const Error& error) {
      const std::string sentence = error.what();
      EXPECT_NE(sentence.find("'" + std::string(key) + "'"), std::string::npos);
      for (const smartcrop_option_row* row : all_rows()) {
        EXPECT_NE(sentence.find(row->name), std::string::npos) << row->name;
      }
    }
  }
}

TEST(Options, TakeNumbersWithASignOrAnExponent) {
  Options options;
  set_option(&options, "lookahead", std::string("+2.5"));
  EXPECT_EQ(options.lookahead, 2.5);
  set_option(&options, "lookahead", std::string("25e-1"));
  EXPECT_EQ(options.lookahead, 2.5);
  set_option(&options, "lookahead", std::string("-0"));
  EXPECT_EQ(options.lookahead, 0);
  EXPECT_NE(refusal("lookahead", std::string("+-0")), "");
}

}  // namespace
}  // namespace smartcrop
