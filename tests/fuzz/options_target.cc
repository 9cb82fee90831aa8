// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "error.h"
#include "geometry.h"
#include "options.h"
#include "session.h"
#include "targets.h"

namespace smartcrop {
namespace {

void require(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "options: %s\n", what.c_str());
  std::abort();
}

void set_line(const std::string& line, Options* options) {
  const size_t at = line.find('=');
  if (at == std::string::npos) return;
  const std::string key = line.substr(0, at), value = line.substr(at + 1);
  try {
    set_option(options, key, value);
  } catch (const Error& error) {
    require(error.status() == SMARTCROP_ERROR_OPTION, "refused with another status");
    return;
  }
  const smartcrop_option_row* const row = find_option_row(key);
  require(row != nullptr, "took the unknown option " + key);
  const std::string written = get_option(*options, key);
  if (row->kind == SMARTCROP_OPTION_NUMBER || row->kind == SMARTCROP_OPTION_INTEGER) {
    const double number = std::strtod(written.c_str(), nullptr);
    require(number >= row->minimum && number <= row->maximum, line + " is out of range");
  }
  Options again;
  set_option(&again, key, written);  // throws where its own text is not taken
  require(get_option(again, key) == written, line + " does not round-trip");
}

smartcrop_stream stream() {
  smartcrop_stream stream{};
  stream.struct_size = sizeof(stream);
  stream.width = 1920;
  stream.height = 1080;
  stream.format = {SMARTCROP_YUV, 8, 1, 1, 0};
  stream.time_base_num = 1;
  stream.time_base_den = 25;
  return stream;
}

// Whatever shape was taken gives a window inside the picture, or none.
void check_geometry(const Options& options) {
  try {
    const Geometry geometry = make_geometry(shape_of(options), stream());
    require(geometry.window_width > 0 && geometry.window_width <= 1920,
            "window " + get_option(options, "aspect"));
    require(geometry.window_height > 0 && geometry.window_height <= 1080,
            "window " + get_option(options, "aspect"));
    require(geometry.output.width > 0 && geometry.output.height > 0,
            "output " + get_option(options, "size"));
    require(geometry.sar_den > 0 && geometry.sar_num >= 0,
            "pixels of " + get_option(options, "size"));
  } catch (const Error& error) {
    const bool two_shapes = error.status() == SMARTCROP_ERROR_OPTION;
    require(two_shapes || error.status() == SMARTCROP_ERROR_FORMAT, error.what());
  }
}

}  // namespace

void fuzz_options(const std::string& bytes) {
  Options options;
  std::istringstream lines(bytes);
  for (std::string line; std::getline(lines, line);) set_line(line, &options);
  check_geometry(options);
  require(max_delay_frames(options, 1e12) >= 0, "a delay below 0");
}

}  // namespace smartcrop

#ifdef SMARTCROP_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  smartcrop::fuzz_options(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
#endif
