// SPDX-License-Identifier: MIT
#include "follow_wish.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "error.h"
#include "option_kinds.h"

namespace smartcrop {
namespace {

using Kind = FollowWish::Kind;

FollowWish one(const std::string& text) {
  const std::vector<FollowWish> wishes = parse_follow(text);
  EXPECT_EQ(wishes.size(), 1U) << text;
  return wishes.at(0);
}

TEST(FollowWish, OfNothingIsNone) { EXPECT_TRUE(parse_follow("").empty()); }

TEST(FollowWish, IsAPointABoxASubjectOrTheCamerasChoice) {
  const FollowWish point = one("0.31x0.42");
  EXPECT_EQ(point.kind, Kind::kPoint);
  EXPECT_EQ(point.box.x, 0.31);
  EXPECT_EQ(point.box.y, 0.42);
  const FollowWish box = one("0.1x0.2x0.3x0.4");
  EXPECT_EQ(box.kind, Kind::kBox);
  EXPECT_EQ(box.box.x, 0.1);
  EXPECT_EQ(box.box.y, 0.2);
  EXPECT_EQ(box.box.width, 0.3);
  EXPECT_EQ(box.box.height, 0.4);
  const FollowWish subject = one("#3");
  EXPECT_EQ(subject.kind, Kind::kId);
  EXPECT_EQ(subject.id, 2) << "the interface counts from 1";
  EXPECT_EQ(one("auto").kind, Kind::kAuto);
}

TEST(FollowWish, MayLieAtTheEdgeOfThePicture) {
  for (const char* text : {"0x0", "1x1", "0x1", "0x0x1x1", "0.5x0.5x0.5x0.5", "0.7x0.9x0.3x0.1"}) {
    EXPECT_NO_THROW(parse_follow(text)) << text;
  }
}

TEST(FollowWish, BeginsAtItsTimeOrAtOnce) {
  EXPECT_TRUE(one("0.5x0.5").is_now);
  EXPECT_EQ(one("0.5x0.5").from_s, 0);
  for (const std::string what : {"0.5x0.5", "0.1x0.1x0.2x0.2", "#7", "auto"}) {
    EXPECT_FALSE(one(what + "@0").is_now) << what;
    EXPECT_EQ(one(what + "@12.5").from_s, 12.5) << what;
    EXPECT_EQ(one(what + "@1e3").from_s, 1000) << what;
  }
}

TEST(FollowWish, OfSeveralTheOrderOfTimesCountsAndNotThatOfTheText) {
  const std::vector<FollowWish> wishes = parse_follow("auto@9+#2@4+0.5x0.5");
  ASSERT_EQ(wishes.size(), 3U);
  EXPECT_EQ(wishes[0].kind, Kind::kPoint);
  EXPECT_EQ(wishes[1].kind, Kind::kId);
  EXPECT_EQ(wishes[2].kind, Kind::kAuto);
}

TEST(FollowWish, IsRefusedInOneSentenceThatNamesThePart) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"left", "'left' is no place"},
      {"0.5", "'0.5' has 1 numbers"},
      {"0.5x", "'0.5x' is no place"},
      {"x0.5", "'x0.5' is no place"},
      {"0.5x0.5x0.5", "'0.5x0.5x0.5' has 3 numbers"},
      {"0.1x0.1x0.1x0.1x0.1", "has 5 numbers"},
      {"0.5xnan", "'0.5xnan' is no place"},
      {"0.5xinf", "is no place"},
      {"0.5 x0.5", "is no place"},
      {"0,5x0,5", "is no place"},
      {"1.5x0.5", "'1.5x0.5' lies outside the picture"},
      {"-0.1x0.5", "lies outside"},
      {"640x360", "lies outside"},
      {"0.1x0.1x0x0.1", "without width or height"},
      {"0.1x0.1x0.1x0", "without width or height"},
      {"0.8x0.1x0.3x0.1", "reaches out of the picture"},
      {"0.1x0.8x0.1x0.3", "reaches out of the picture"},
      {"#", "'#' names no subject"},
      {"#0", "'#0' names no subject"},
      {"#-1", "names no subject"},
      {"#1.5", "names no subject"},
      {"#x", "names no subject"},
      {"#1e30", "names no subject"},
      {"AUTO", "is no place"},
      {"0.5x0.5@", "'0.5x0.5@' has no time behind its @"},
      {"0.5x0.5@-1", "has no time"},
      {"0.5x0.5@nan", "has no time"},
      {"0.5x0.5@inf", "has no time"},
      {"0.5x0.5@1@2", "has no time"},
      {"0.5x0.5@2s", "has no time"},
      {"@3", "'@3' is no place"},
      {"+", "'' is no place"},
      {"0.5x0.5+", "'' is no place"},
      {"0.5x0.5+0.2x0.2", "asks for two things at 0 s"},
      {"0.5x0.5+auto@0", "asks for two things at 0 s"},
      {"#1@2.5+#2@2.5", "asks for two things at 2.5 s"},
      {"0.5x0.5@1+there@2", "'there@2' is no place"},
  };
  for (const auto& [text, words] : cases) {
    try {
      parse_follow(text);
      ADD_FAILURE() << "taken: " << text;
    } catch (const Error& error) {
      const std::string sentence = error.what();
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION);
      EXPECT_EQ(sentence.rfind("option follow: '", 0), 0U) << sentence;
      EXPECT_NE(sentence.find(words), std::string::npos) << text << ": " << sentence;
      EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
    }
  }
}

TEST(FollowWish, CountsFromItsTimeUntilTheNext) {
  const std::vector<FollowWish> wishes = parse_follow("#1@1+#2@2.5+auto@4");
  EXPECT_EQ(wish_at(wishes, 0), nullptr);
  EXPECT_EQ(wish_at(wishes, 0.9), nullptr);
  EXPECT_EQ(wish_at(wishes, 1), &wishes[0]);
  EXPECT_EQ(wish_at(wishes, 2.4), &wishes[0]);
  EXPECT_EQ(wish_at(wishes, 2.5), &wishes[1]);
  EXPECT_EQ(wish_at(wishes, 100), &wishes[2]);
  EXPECT_EQ(wish_at(wishes, 2.499), &wishes[1]) << "times are rounded to milliseconds";
  EXPECT_EQ(wish_at({}, 3), nullptr);
}

// What is written of a wish is the same wish when it is read.
TEST(FollowWish, LosesNothingOfItsNumbers) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> share(0, 0.5), time_s(0, 1e5);
  for (int round = 0; round < 300; ++round) {
    const double x = share(random), y = share(random), from_s = time_s(random);
    const double width = 0.01 + 0.4 * share(random), height = 0.01 + 0.4 * share(random);
    const std::string place = text_of(x) + "x" + text_of(y);
    const std::string text =
        place + "x" + text_of(width) + "x" + text_of(height) + "@" + text_of(from_s);
    const FollowWish wish = one(text);
    EXPECT_EQ(wish.kind, Kind::kBox);
    EXPECT_EQ(text_of(wish.box.x) + "x" + text_of(wish.box.y) + "x" + text_of(wish.box.width) +
                  "x" + text_of(wish.box.height) + "@" + text_of(wish.from_s),
              text);
    EXPECT_EQ(one("#" + std::to_string(round + 1)).id, round);
  }
}

TEST(FollowWish, IsReadOrRefusedWhateverTheText) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string letters = "0123456789.x@+#-auto en";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t i = random() % 14; i-- > 0;) text += letters[random() % letters.size()];
    try {
      for (const FollowWish& wish : parse_follow(text)) {
        EXPECT_GE(wish.from_s, 0) << text;
        EXPECT_LE(wish.box.x + wish.box.width, 2) << text;
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION) << text;
    }
  }
}

}  // namespace
}  // namespace smartcrop
