// SPDX-License-Identifier: MIT
// Runs the targets on mutations of good inputs, so that every build of the tests fuzzes a little;
// SMARTCROP_FUZZ_RUNS and SMARTCROP_SEED change how much and which. The targets also build with
// libFuzzer:
//   clang++ -fsanitize=fuzzer,address,undefined -DSMARTCROP_LIBFUZZER tests/fuzz/plan_target.cc ...
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "analysis_fixture.h"
#include "options.h"
#include "targets.h"

namespace smartcrop {
namespace {

int runs() {
  const char* const wanted = std::getenv("SMARTCROP_FUZZ_RUNS");
  return wanted != nullptr ? std::atoi(wanted) : 20000;
}

unsigned seed() {
  const char* const wanted = std::getenv("SMARTCROP_SEED");
  return wanted != nullptr ? static_cast<unsigned>(std::atoll(wanted)) : std::random_device()();
}

class Mutator {
 public:
  Mutator(unsigned seed, std::vector<std::string> words)
      : random_(seed), words_(std::move(words)) {}

  std::string mutate(std::string text) {
    const int changes = number(1, 6);
    for (int i = 0; i < changes; ++i) change(&text);
    return text;
  }
  template <typename Item>
  const Item& any(const std::vector<Item>& items) {
    return items[static_cast<size_t>(number(0, static_cast<int>(items.size()) - 1))];
  }

 private:
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  void change(std::string* text) {
    const auto at = static_cast<size_t>(number(0, static_cast<int>(text->size())));
    const auto length = static_cast<size_t>(number(0, number(0, 1) == 0 ? 3 : 200));
    switch (number(0, 5)) {
      case 0:
        text->insert(at, 1, static_cast<char>(number(0, 255)));
        break;
      case 1:
        text->erase(at, length);
        break;
      case 2:
        text->insert(at, text->substr(at, length));
        break;
      case 3:
        if (at < text->size()) (*text)[at] = static_cast<char>(number(0, 255));
        break;
      case 4:
        text->insert(at, any(words_));
        break;
      default:
        replace_number(text, at);
    }
  }

  // The next number in the text becomes another.
  void replace_number(std::string* text, size_t from) {
    const size_t begin = text->find_first_of("0123456789", from);
    if (begin == std::string::npos) return;
    const size_t end = text->find_first_not_of("0123456789.", begin);
    text->replace(begin, end == std::string::npos ? end : end - begin, any(words_));
  }

  std::mt19937 random_;
  std::vector<std::string> words_;
};

const std::vector<std::string> kNumbers = {
    "0",      "-1",    "1",    "-0",         "1e308",       "-1e308",     "1e999",
    "1e-320", "nan",   "null", "2147483647", "-2147483648", "4294967296", "9223372036854775808",
    "0.5",    "\"7\"", "[]",   "{}",         "true",        "inf",        "65536",
    "1e5"};

void fuzz(const std::vector<std::string>& seeds, const std::vector<std::string>& words,
          const std::function<void(const std::string&)>& target, int one_in = 1) {
  const unsigned seed = smartcrop::seed();
  std::printf("SMARTCROP_SEED=%u\n", seed);  // stays where the process is ended
  std::fflush(stdout);
  std::vector<std::string> all = kNumbers;
  all.insert(all.end(), words.begin(), words.end());
  Mutator mutator(seed, all);
  for (const std::string& text : seeds) target(text);
  for (int i = 0; i < runs() / one_in; ++i) target(mutator.mutate(mutator.any(seeds)));
}

TEST(Fuzz, PlansAreReadOrRefused) {
  const std::string header =
      R"({"type":"header","format":"smartcrop-plan","version":1,"source":{"width":64,"height":36},)"
      R"("output":{"width":20,"height":36},"options":{"aspect":"9/16"}})"
      "\n";
  const std::string shot = R"({"type":"shot","n":0,"start_frame":0,"strategy":"pan"})"
                           "\n";
  std::string frames;
  for (const char* row : {R"("n":0,"pts":0,"t":0.0,"x":1.5)", R"("n":1,"pts":1,"t":0.04,"x":2)",
                          R"("n":2,"pts":2,"t":0.08,"x":44)"}) {
    frames += std::string(R"({"type":"frame",)") + row +
              R"(,"y":0,"width":20,"height":36,"shot":0,"confidence":0.5})" + "\n";
  }
  fuzz({header + shot + frames, header + frames, header},
       {"\"type\"", "\"header\"", "\"frame\"", "\"t\":", "\"x\":", "\n", header, shot, "\\u0000",
        "[[[[[[[[", "\"strategy\":\"follow\"", "\xff"},
       fuzz_plan);
}

TEST(Fuzz, AnalysesAreReadOrRefused) {
  std::vector<std::string> seeds;
  const std::string path = analysis_path("seed.analysis");
  for (const int64_t frames : {1, 12}) {
    write_made(path, frames);
    seeds.push_back(bytes_of_file(path));
  }
  std::remove(path.c_str());
  std::vector<std::string> words = {std::string("\x02\0\0\0M\1", 6),
                                    "\xff\xff\xff\xff",
                                    "F",
                                    "E",
                                    std::string(8, '\0'),
                                    "\"map\":[1,1]"};
  for (const double number : {std::nan(""), HUGE_VAL, -1.0, 1e300, 0.5}) {
    words.emplace_back(reinterpret_cast<const char*>(&number), sizeof number);
  }
  // What is taken is decided too, which takes longer than a parser.
  fuzz(seeds, words, fuzz_analysis, 4);
}

TEST(Fuzz, OptionsAreTakenOrRefusedAndRoundTrip) {
  std::vector<std::string> seeds = {"aspect=9/16\nsize=1080x1920\nlookahead=1.5\n",
                                    "aspect=9:16\nsubpixel=yes\nstrategy=follow\n",
                                    "aspect=0.5625\nsize=1x1\n"};
  std::vector<std::string> words = {"=", "\n", "/", ":", "x", "auto", "+", "-", "e", "|"};
  for (int i = 0; option_row_at(i) != nullptr; ++i) {
    const smartcrop_option_row& row = *option_row_at(i);
    seeds.push_back(std::string(row.name) + "=" + row.default_value + "\n");
    words.emplace_back(row.name);
    for (const char* const* choice = row.choices; choice != nullptr && *choice != nullptr; ++choice)
      words.emplace_back(*choice);
  }
  fuzz(seeds, words, fuzz_options);
}

template <typename Number>
std::string bytes_of(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

TEST(Fuzz, MotionVectorsAreReadOrPassedOver) {
  std::string moving, sparse;
  for (int frame = 0; frame < 6; ++frame) {
    moving += static_cast<char>(frame % 3 == 0 ? 0 : SMARTCROP_FRAME_BIDIRECTIONAL);
    moving += static_cast<char>(24);
    for (int i = 0; i < 24; ++i) {
      const auto x = static_cast<float>(16 * (i % 6) + 8), y = static_cast<float>(16 * (i / 6) + 8);
      const float dx = i == 9 ? -4.0f : 2.0f;
      const smartcrop_motion_vector vector = {x, y, 16, 16, dx, 1, frame % 2 == 0 ? -1 : 1, 0};
      moving += bytes_of(vector);
    }
    const smartcrop_motion_vector alone = {40, 30, 8, 8, 3, 3, -1, frame};
    sparse += std::string("\0\1", 2) + bytes_of(alone);
  }
  std::vector<std::string> words = {"\xff", std::string(1, '\0')};
  for (const float number : {std::nanf(""), -std::nanf(""), HUGE_VALF, -HUGE_VALF, 1e30f, -1e30f,
                             1e-40f, -1.0f, 0.0f, 48.0f, 256.0f, 257.0f}) {
    words.push_back(bytes_of(number));
  }
  for (const int32_t number : {0, 1, -1, 8, 16, 17, INT32_MAX, INT32_MIN}) {
    words.push_back(bytes_of(number));
  }
  // A run of the whole library takes longer than a parser.
  fuzz({moving, sparse, std::string(2, '\0')}, words, fuzz_vectors, 10);
}

}  // namespace
}  // namespace smartcrop
