// SPDX-License-Identifier: MIT
#include "delay.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "picture/planes.h"
#include "stage2_evidence/source.h"

namespace smartcrop {
namespace {

constexpr double kUnknownFps = 60;
constexpr double kFastestVideo = 240;

double bytes_of_frame(const smartcrop_stream& stream) {
  const PlaneLayout layout(stream.format);
  double bytes = 0;
  for (int plane = 0; plane < layout.count; ++plane) {
    const Size size = layout.size(plane, {stream.width, stream.height});
    bytes += static_cast<double>(size.width) * size.height * layout.sample_bytes;
  }
  return std::max(1.0, bytes);
}

// Two decimals, whatever the locale.
std::string seconds_text(double seconds) {
  const long hundredths = std::lround(100 * seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%ld.%02ld s", hundredths / 100, hundredths % 100);
  return text;
}

}  // namespace

double counted_fps(double fps) { return fps > 0 && fps <= kFastestVideo ? fps : kUnknownFps; }

double counted_fps(const smartcrop_stream& stream) {
  if (stream.frame_rate_num <= 0 || stream.frame_rate_den <= 0) return counted_fps(0.0);
  return counted_fps(static_cast<double>(stream.frame_rate_num) / stream.frame_rate_den);
}

int max_delay_frames(const Options& options, double fps) {
  if (!options.plan.empty()) return 0;
  const double view_s = options.whole_shots ? kLongestView_s : options.lookahead;
  return static_cast<int>(std::ceil(view_s * counted_fps(fps) - 1e-6)) + kLargestSourceDelay;
}

bool fit_lookahead(Options* options, const smartcrop_stream& stream, const Log& log) {
  if (!options->plan.empty()) return false;  // its decisions wait for nothing
  constexpr double kMiB = 1 << 20;
  const double fps = counted_fps(stream), frame_bytes = bytes_of_frame(stream);
  if (options->whole_shots &&
      (1 + max_delay_frames(*options, fps)) * frame_bytes > options->buffer * kMiB) {
    options->whole_shots = false;
    log.warning("whole_shots=1 is left out: the frames of " + seconds_text(kLongestView_s) +
                " do not fit into buffer=" + std::to_string(options->buffer) +
                "; analyze the video and render its plan");
    fit_lookahead(options, stream, log);
    return true;
  }
  const double wanted_s = options->lookahead;
  const int wanted = 1 + max_delay_frames(*options, fps);
  const int room = static_cast<int>(options->buffer * kMiB / frame_bytes);
  if (wanted <= room || wanted_s <= 0) return false;
  options->lookahead = std::max(0, room - 1 - kLargestSourceDelay) / fps;
  const double enough = std::ceil(wanted * frame_bytes / kMiB);
  log.warning("buffer=" + std::to_string(options->buffer) + " holds " + std::to_string(room) +
              " frames of " + describe(stream.format, {stream.width, stream.height}) +
              ": the look-ahead is " + seconds_text(options->lookahead) + " instead of " +
              seconds_text(wanted_s) + "; buffer=" + std::to_string(static_cast<int>(enough)) +
              " would hold it all");
  return true;
}

}  // namespace smartcrop
