// SPDX-License-Identifier: MIT
// CPU time of each stage, in milliseconds a frame, on raw yuv420p frames from standard input:
//
//   ffmpeg -i in.mp4 -pix_fmt yuv420p -f rawvideo - | bench_stages 1920 1080 30
//
// Maps count per frame of video, at the default analysis_fps.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include "geometry.h"
#include "options.h"
#include "session.h"
#include "stage1_proxy/pictures.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/borders/borders.h"
#include "stage2_evidence/cuts/cut_score.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/maps/contrast_map.h"
#include "stage2_evidence/motion/proxy_motion.h"
#include "stage2_evidence/text/text_bands.h"
#include "stage3_shots/shots.h"
#include "stage6_render/render.h"

namespace {

using namespace smartcrop;

double cpu_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Adds up the time of one stage.
class Timer {
 public:
  explicit Timer(const char* name) : name_(name) {}
  template <typename Body>
  void run(Body body) {
    const double begin = cpu_ms();
    body();
    total_ms_ += cpu_ms() - begin;
  }
  void print(int64_t frames) const {
    std::printf("  %-28s %7.3f\n", name_, total_ms_ / static_cast<double>(frames));
  }

 private:
  const char* name_;
  double total_ms_ = 0;
};

smartcrop_stream stream_of(int width, int height, int fps) {
  smartcrop_stream stream{};
  stream.struct_size = sizeof stream;
  stream.width = width;
  stream.height = height;
  stream.format = {SMARTCROP_YUV, 8, 1, 1, 0};
  stream.time_base_num = stream.frame_rate_den = 1;
  stream.time_base_den = stream.frame_rate_num = fps;
  stream.sar_num = stream.sar_den = 1;
  stream.matrix = stream.transfer = stream.primaries = 2;
  return stream;
}

struct Buffer {
  std::vector<uint8_t> bytes;
  smartcrop_frame frame{};

  Buffer(int width, int height) {
    const int half = (width + 1) / 2;
    const size_t luma = static_cast<size_t>(width) * static_cast<size_t>(height);
    const size_t chroma = static_cast<size_t>(half) * static_cast<size_t>((height + 1) / 2);
    bytes.resize(luma + 2 * chroma);
    frame.struct_size = sizeof frame;
    frame.data[0] = bytes.data();
    frame.data[1] = bytes.data() + luma;
    frame.data[2] = bytes.data() + luma + chroma;
    frame.stride[0] = width;
    frame.stride[1] = frame.stride[2] = half;
  }
  bool read() { return std::fread(bytes.data(), 1, bytes.size(), stdin) == bytes.size(); }
};

void run(int width, int height, int fps) {
  const smartcrop_stream stream = stream_of(width, height, fps);
  const Options options;
  const Geometry geometry = make_geometry(shape_of(options), stream);
  const Size grid = evidence_grid(proxy_size(stream));
  const std::unique_ptr<FrameReader> reader = open_frames(stream);
  CutScore cut_score;
  ShotDetector shots({options.cut_threshold, options.min_shot, options.lookahead});
  ContrastSource contrast(grid);
  ProxyMotionSource motion(grid);
  Borders borders(stream);
  TextBands text(stream);
  Session session(options, stream, {});
  Renderer renderer(stream, geometry.output, {options.scaler});
  Buffer in(width, height), out(geometry.output.width, geometry.output.height);
  smartcrop_picture picture{};
  for (int plane = 0; plane < 3; ++plane) {
    picture.data[plane] = const_cast<void*>(out.frame.data[plane]);
    picture.stride[plane] = out.frame.stride[plane];
  }

  Timer proxies("proxy"), scores("cut score"), detection("shots"), still("contrast");
  Timer moving("motion"), bars("borders"), letters("text bands");
  Timer fitted("render, fitted and padded"), all("send + receive (all of it)"),
      render("render, fractional window");
  int64_t frames = 0;
  for (; in.read(); ++frames) {
    in.frame.pts = frames;
    Observation observation;
    observation.frame = frames;
    observation.time_s = static_cast<double>(frames) / fps;
    observation.pictures = reader.get();
    const auto beat = [&](int64_t n) {
      return static_cast<int64_t>(n * options.analysis_fps / fps);
    };
    observation.analyse = frames == 0 || beat(frames) != beat(frames - 1);
    CutFeatures features;
    reader->show(in.frame);
    proxies.run([&] { observation.proxy = &reader->proxy(); });
    scores.run([&] { features = cut_score.observe(observation); });
    detection.run([&] { shots.push(features); });
    still.run([&] { contrast.observe(observation); });
    moving.run([&] { motion.observe(observation); });
    bars.run([&] { borders.observe(observation); });
    letters.run([&] { text.observe(observation); });
    all.run([&] {
      smartcrop_decision decision{};
      while (session.receive(&decision) == SMARTCROP_OK) continue;
      session.send(in.frame);
    });
    const Window window{0.3 + 0.37 * static_cast<double>(frames % 100), 0, geometry.window_width,
                        geometry.window_height};
    render.run([&] { renderer.render(window, in.frame, picture); });
    const Window whole{0, 0, static_cast<double>(width), static_cast<double>(height)};
    fitted.run([&] { renderer.render(whole, in.frame, picture); });
    ShotMark mark;
    while (shots.pop(&mark)) continue;
  }
  std::printf("CPU ms a frame, %d x %d, %lld frames\n", width, height,
              static_cast<long long>(frames));
  for (const Timer* timer :
       {&proxies, &scores, &detection, &still, &moving, &bars, &letters, &all, &render, &fitted}) {
    timer->print(frames > 0 ? frames : 1);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: bench_stages WIDTH HEIGHT FPS < raw yuv420p\n");
    return 2;
  }
  run(std::atoi(arguments[1]), std::atoi(arguments[2]), std::atoi(arguments[3]));
  return 0;
}
