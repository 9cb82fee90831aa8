// SPDX-License-Identifier: MIT
// The smallest host of the C interface: raw 4:2:0 frames of 8 bits come in, windows go out as text.
//
//   plan_host WIDTHxHEIGHT TIME_BASE FRAME_RATE PTS_STEP [option=value ...] < frames > windows
//
// TIME_BASE and FRAME_RATE are fractions (1/1000, 25/1); frame n has the pts n * PTS_STEP.
// A line a frame: n pts x y width height shot, windows rounded to hundredths of a pixel.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "smartcrop/smartcrop.h"

namespace {

int fail(const std::string& what) {
  std::fprintf(stderr, "plan_host: %s\n", what.c_str());
  return 1;
}

void print_warning(void*, int level, const char* line) {
  if (level <= SMARTCROP_LOG_WARNING) std::fprintf(stderr, "plan_host: %s\n", line);
}

bool set_options(smartcrop_options* options, int count, char** arguments) {
  for (int i = 0; i < count; ++i) {
    const std::string text = arguments[i];
    const size_t at = text.find('=');
    if (at == std::string::npos) return false;
    const std::string key = text.substr(0, at), value = text.substr(at + 1);
    if (smartcrop_options_set(options, key.c_str(), value.c_str()) != SMARTCROP_OK) return false;
  }
  return true;
}

bool read_stream(char** arguments, smartcrop_stream* stream) {
  stream->struct_size = sizeof(*stream);
  stream->format = {SMARTCROP_YUV, 8, 1, 1, 0};
  stream->matrix = stream->transfer = stream->primaries = 2;
  return std::sscanf(arguments[0], "%dx%d", &stream->width, &stream->height) == 2 &&
         std::sscanf(arguments[1], "%d/%d", &stream->time_base_num, &stream->time_base_den) == 2 &&
         std::sscanf(arguments[2], "%d/%d", &stream->frame_rate_num, &stream->frame_rate_den) == 2;
}

// One frame, planes after one another.
class Frames {
 public:
  Frames(int width, int height)
      : width_(width),
        luma_(static_cast<size_t>(width) * static_cast<size_t>(height)),
        chroma_(static_cast<size_t>((width + 1) / 2) * static_cast<size_t>((height + 1) / 2)),
        bytes_(luma_ + 2 * chroma_) {}

  bool read(smartcrop_frame* frame) {
    if (std::fread(bytes_.data(), 1, bytes_.size(), stdin) != bytes_.size()) return false;
    frame->struct_size = sizeof(*frame);
    frame->data[0] = bytes_.data();
    frame->data[1] = bytes_.data() + luma_;
    frame->data[2] = bytes_.data() + luma_ + chroma_;
    frame->stride[0] = width_;
    frame->stride[1] = frame->stride[2] = (width_ + 1) / 2;
    return true;
  }

 private:
  int width_;
  size_t luma_, chroma_;
  std::vector<unsigned char> bytes_;
};

bool take(smartcrop_context* context) {
  smartcrop_decision at{};
  at.struct_size = sizeof(at);
  int status;
  while ((status = smartcrop_receive(context, &at)) == SMARTCROP_OK) {
    std::printf("%lld %lld %.2f %.2f %.2f %.2f %d\n", static_cast<long long>(at.frame),
                static_cast<long long>(at.pts), at.x, at.y, at.width, at.height, at.shot);
  }
  return status >= 0;
}

bool run(smartcrop_context* context, const smartcrop_stream& stream, long long step) {
  Frames frames(stream.width, stream.height);
  smartcrop_frame frame{};
  for (int64_t n = 0; frames.read(&frame); ++n) {
    frame.pts = n * step;
    if (smartcrop_send(context, &frame) != SMARTCROP_OK || !take(context)) return false;
  }
  return smartcrop_send(context, nullptr) == SMARTCROP_OK && take(context);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) return fail("WIDTHxHEIGHT TIME_BASE FRAME_RATE PTS_STEP [option=value ...]");
  smartcrop_stream stream{};
  if (!read_stream(arguments + 1, &stream)) return fail("a size, time base or rate is malformed");
  smartcrop_options* options = smartcrop_options_new();
  smartcrop_context* context = nullptr;
  const bool done =
      set_options(options, count - 5, arguments + 5) &&
      smartcrop_open(&context, options, &stream, print_warning, nullptr) == SMARTCROP_OK &&
      run(context, stream, std::atoll(arguments[4]));
  const std::string error = smartcrop_last_error();
  smartcrop_close(&context);
  smartcrop_options_free(&options);
  return done ? 0 : fail(error.empty() ? "an option lacks its value" : error);
}
