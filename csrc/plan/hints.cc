// SPDX-License-Identifier: MIT
#include "plan/hints.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "option_kinds.h"
#include "plan/rows.h"

namespace smartcrop {
namespace {

using rows::complain;
using rows::json;

template <size_t count>
std::array<double, count> numbers(const json& row, const char* name, const char* wanted) {
  const auto found = row.find(name);
  std::array<double, count> values{};
  bool fits = found != row.end() && found->is_array() && found->size() == count;
  for (size_t i = 0; fits && i < count; ++i) {
    fits = (*found)[i].is_number() && std::isfinite((*found)[i].get<double>());
    if (fits) values[i] = (*found)[i].get<double>();
  }
  if (!fits) complain(std::string("a hint needs \"") + name + "\": " + wanted);
  return values;
}

Box read_box(const json& row, Size picture) {
  const auto [x, y, width, height] =
      numbers<4>(row, "box", "[x, y, width, height] in pixels of the source");
  if (!(width > 0 && height > 0)) complain("a hint's box needs a width and height above 0");
  const double left = std::clamp(x / picture.width, 0.0, 1.0);
  const double top = std::clamp(y / picture.height, 0.0, 1.0);
  const double right = std::clamp((x + width) / picture.width, 0.0, 1.0);
  const double bottom = std::clamp((y + height) / picture.height, 0.0, 1.0);
  if (!(right > left && bottom > top)) {
    complain("the hint's box lies outside the picture of " + text_of(picture));
  }
  return {left, top, right - left, bottom - top};
}

Hint read_hint(const json& row, Size picture) {
  Hint hint;
  const auto [from_s, to_s] = numbers<2>(row, "t", "[from, to] in seconds");
  if (!(from_s <= to_s)) complain("a hint's \"t\" ends before it begins");
  hint.from_s = from_s;
  hint.to_s = to_s;
  hint.region.box = read_box(row, picture);
  const json weight = row.value("weight", json(1));
  if (!weight.is_number() || !(weight.get<double>() > 0 && weight.get<double>() <= 100)) {
    complain("a hint's \"weight\" is a number above 0, at most 100");
  }
  hint.region.weight = weight.get<float>() / kMapsOfFullWeight;
  const json required = row.value("required", json(false));
  if (!required.is_boolean()) complain("a hint's \"required\" is true or false");
  hint.region.required = required.get<bool>();
  hint.region.kind = SubjectKind::kCaller;
  return hint;
}

void check_source(const json& row, Size picture) {
  const auto source = row.find("source");
  if (source == row.end() || !source->is_object()) return;
  const json width = source->value("width", json()), height = source->value("height", json());
  if (width == picture.width && height == picture.height) return;
  complain("it is for a picture of " + width.dump() + "x" + height.dump() + ", this one is " +
           text_of(picture));
}

}  // namespace

std::vector<Hint> read_hints(const std::string& path, Size picture) {
  const rows::FileName file{"hints", path};
  const std::string text = rows::read_text(file, "hints= names a file with rows of type hint");
  std::vector<Hint> hints;
  double first_s = 0;
  bool clocked = false;
  rows::for_each(file, text, [&](const json& row, const std::string& type, int64_t) {
    if (type == "hint") hints.push_back(read_hint(row, picture));
    if (type == "header") check_source(row, picture);
    if (type == "frame" && !clocked && rows::has(row, "t")) {
      first_s = rows::number(row, "t");
      clocked = true;
    }
  });
  if (hints.empty()) {
    file.refuse(0, R"(has no hint rows, such as {"type":"hint","t":[1,2.5],"box":[x,y,w,h]})");
  }
  for (Hint& hint : hints) {
    hint.from_s -= first_s;
    hint.to_s -= first_s;
  }
  return hints;
}

}  // namespace smartcrop
