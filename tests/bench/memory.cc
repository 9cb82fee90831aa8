// SPDX-License-Identifier: MIT
// Peak memory against the length of a video, through the C interface:
//
//   bench_memory [WIDTHxHEIGHT [key=value ...]]
//
// Sends synthetic frames at 30 fps with a cut every few seconds, and prints the peak resident size
// after 10 s, 1 min and 10 min of video. The three should be the same: what is older than the
// look-ahead is dropped.
#include <sys/resource.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "smartcrop/smartcrop.h"

namespace {

constexpr int kFps = 30;

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// A textured picture with a bright square that walks; another texture after each cut.
void paint(int width, int height, int number, std::vector<unsigned char>* luma) {
  const int scene = number / (7 * kFps), side = height / 4;
  const int left = number * 3 % (width - side);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool subject = x >= left && x < left + side && y >= side && y < 2 * side;
      const unsigned tile = static_cast<unsigned>(x * 7 / width + 8 * (y * 5 / height));
      const unsigned shade = ((tile + 1 + 97U * static_cast<unsigned>(scene)) * 2654435761U) >> 30;
      (*luma)[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)] =
          static_cast<unsigned char>(subject ? 220 : 30 + 40 * shade);
    }
  }
}

int fail(const char* what) {
  std::fprintf(stderr, "bench_memory: %s: %s\n", what, smartcrop_last_error());
  return 1;
}

bool set_options(smartcrop_options* options, int count, char** arguments) {
  for (int i = 0; i < count; ++i) {
    const std::string text = arguments[i];
    const size_t at = text.find('=');
    if (at == std::string::npos) return false;
    if (smartcrop_options_set(options, text.substr(0, at).c_str(), text.c_str() + at + 1) != 0)
      return false;
  }
  return true;
}

smartcrop_stream grey_stream(int width, int height) {
  smartcrop_stream stream{};
  stream.struct_size = sizeof(stream);
  stream.width = width;
  stream.height = height;
  stream.format = {SMARTCROP_GREY, 8, 0, 0, 0};
  stream.time_base_num = stream.frame_rate_den = 1;
  stream.time_base_den = stream.frame_rate_num = kFps;
  stream.matrix = stream.transfer = stream.primaries = 2;
  return stream;
}

bool send(smartcrop_context* context, int width, int number,
          const std::vector<unsigned char>& luma) {
  smartcrop_frame frame{};
  frame.struct_size = sizeof(frame);
  frame.data[0] = luma.data();
  frame.stride[0] = width;
  frame.pts = number;
  if (smartcrop_send(context, &frame) != SMARTCROP_OK) return false;
  smartcrop_decision decision{};
  decision.struct_size = sizeof(decision);
  int status;
  while ((status = smartcrop_receive(context, &decision)) == SMARTCROP_OK) {
  }
  return status == SMARTCROP_AGAIN;
}

}  // namespace

int main(int count, char** arguments) {
  int width = 320, height = 180;
  if (count > 1 &&
      (std::sscanf(arguments[1], "%dx%d", &width, &height) != 2 || width < 16 || height < 16)) {
    return fail("the size must be WIDTHxHEIGHT, of at least 16x16");
  }
  smartcrop_options* options = smartcrop_options_new();
  if (count > 2 && !set_options(options, count - 2, arguments + 2)) return fail("options");
  const smartcrop_stream stream = grey_stream(width, height);
  smartcrop_context* context = nullptr;
  if (smartcrop_open(&context, options, &stream, nullptr, nullptr) < 0) return fail("open");
  std::vector<unsigned char> luma(static_cast<size_t>(width) * static_cast<size_t>(height));
  for (int number = 0; number < 600 * kFps; ++number) {
    paint(width, height, number, &luma);
    if (!send(context, width, number, luma)) return fail("send");
    const int seconds = (number + 1) / kFps;
    const bool stop =
        (number + 1) % kFps == 0 && (seconds == 10 || seconds == 60 || seconds == 600);
    if (stop) std::printf("%4d s: peak %.1f MiB\n", seconds, peak_mib());
  }
  smartcrop_close(&context);
  smartcrop_options_free(&options);
  return 0;
}
