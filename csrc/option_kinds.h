// SPDX-License-Identifier: MIT
// What options hold: a reader and a writer for each kind of value. None depends on the locale.
#ifndef SMARTCROP_OPTION_KINDS_H_
#define SMARTCROP_OPTION_KINDS_H_

#include <array>
#include <cstdint>
#include <string>

#include "types.h"

namespace smartcrop {

// Width over height of a picture as it is shown; 0 x 1: left open.
struct AspectRatio {
  double width = 0, height = 1;

  double value() const { return width / height; }
};

// Red, green and blue, 0 to 255.
using Colour = std::array<uint8_t, 3>;

// False, and nothing written, where the text is no such value.
bool read_number(const std::string& text, double* value);      // finite
bool read_bool(const std::string& text, bool* value);          // 0/1, no/yes, off/on, false/true
bool read_shape(const std::string& text, AspectRatio* value);  // auto, W/H, WxH, W:H or a number
bool read_size(const std::string& text, Size* value);          // "1080x1920"; "": 0 x 0
bool read_colour(const std::string& text, Colour* value);      // black, white, grey or #RRGGBB

// The shortest text that reads back as the value.
std::string text_of(double value);
std::string text_of(const AspectRatio& value);
std::string text_of(const Size& value);
std::string text_of(const Colour& value);

}  // namespace smartcrop

#endif  // SMARTCROP_OPTION_KINDS_H_
