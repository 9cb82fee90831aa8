// SPDX-License-Identifier: MIT
#include "option_kinds.h"

#include <charconv>
#include <cmath>
#include <iterator>

namespace smartcrop {
namespace {

constexpr int kLargestSide = 32768;

struct NamedColour {
  const char* name;
  Colour colour;
};
constexpr NamedColour kColours[] = {
    {"black", {0, 0, 0}}, {"white", {255, 255, 255}}, {"grey", {128, 128, 128}}};

bool is_side(double side) { return side == std::floor(side) && side >= 1 && side <= kLargestSide; }

}  // namespace

bool read_number(const std::string& text, double* value) {
  const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const char* begin = text.data() + (has_plus ? 1 : 0);
  const char* end = text.data() + text.size();
  double number;
  const auto result = std::from_chars(begin, end, number);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(number)) return false;
  *value = number;
  return true;
}

bool read_bool(const std::string& text, bool* value) {
  for (const char* name : {"1", "true", "yes", "on"}) {
    if (text == name) return *value = true;
  }
  for (const char* name : {"0", "false", "no", "off"}) {
    if (text != name) continue;
    *value = false;
    return true;
  }
  return false;
}

bool read_shape(const std::string& text, AspectRatio* value) {
  AspectRatio shape;
  if (text != "auto") {
    const size_t at = text.find_first_of("/:x");
    if (!read_number(text.substr(0, at), &shape.width)) return false;
    if (at != std::string::npos && !read_number(text.substr(at + 1), &shape.height)) return false;
    if (shape.width <= 0 || shape.height <= 0 || !std::isnormal(shape.value())) return false;
  }
  *value = shape;
  return true;
}

bool read_size(const std::string& text, Size* value) {
  Size size{0, 0};
  if (!text.empty()) {
    const size_t at = text.find('x');
    double width, height;
    if (at == std::string::npos || !read_number(text.substr(0, at), &width) ||
        !read_number(text.substr(at + 1), &height) || !is_side(width) || !is_side(height)) {
      return false;
    }
    size = {static_cast<int>(width), static_cast<int>(height)};
  }
  *value = size;
  return true;
}

bool read_colour(const std::string& text, Colour* value) {
  for (const NamedColour& each : kColours) {
    if (text != each.name) continue;
    *value = each.colour;
    return true;
  }
  if (text.size() != 7 || text[0] != '#') return false;
  unsigned digits;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data() + 1, end, digits, 16);
  if (result.ec != std::errc() || result.ptr != end) return false;
  *value = {static_cast<uint8_t>(digits >> 16), static_cast<uint8_t>(digits >> 8 & 255),
            static_cast<uint8_t>(digits & 255)};
  return true;
}

std::string text_of(double value) {
  char buffer[64];
  const auto result = std::to_chars(buffer, std::end(buffer), value);
  return std::string(buffer, result.ptr);
}

std::string text_of(const AspectRatio& value) {
  if (value.width == 0) return "auto";
  const std::string width = text_of(value.width);
  return value.height == 1 ? width : width + "/" + text_of(value.height);
}

std::string text_of(const Size& value) {
  if (value.width == 0) return "";
  return std::to_string(value.width) + "x" + std::to_string(value.height);
}

std::string text_of(const Colour& value) {
  for (const NamedColour& each : kColours) {
    if (value == each.colour) return each.name;
  }
  std::string text = "#";
  for (const uint8_t part : value) {
    for (const int digit : {part >> 4, part & 15}) text += "0123456789abcdef"[digit];
  }
  return text;
}

}  // namespace smartcrop
