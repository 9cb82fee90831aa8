// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "clip_motion/clip_motion.h"
#include "clip_motion/densest_box.h"
#include "error.h"
#include "stage1_proxy/pictures.h"
#include "targets.h"

namespace smartcrop {
namespace {

constexpr Size kPicture = {96, 64};
constexpr Size kGrid = {8, 6};
constexpr uint8_t kNegative = 255, kTooMany = 254, kNoArray = 253;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "vectors: %s\n", what);
  std::abort();
}

struct Frame {
  smartcrop_frame frame{};
  std::vector<smartcrop_motion_vector> vectors;  // as many as there are bytes for
  bool sound = true;

  // Reads from there on; where the next one begins.
  size_t read(const std::string& bytes, size_t at) {
    frame.struct_size = sizeof frame;
    frame.pts = SMARTCROP_NO_PTS;
    frame.flags = static_cast<uint8_t>(bytes[at++]);
    const auto wanted = at < bytes.size() ? static_cast<uint8_t>(bytes[at++]) : uint8_t{0};
    const size_t size = sizeof(smartcrop_motion_vector);
    while (vectors.size() < wanted && bytes.size() - at >= size) {
      vectors.emplace_back();
      std::memcpy(&vectors.back(), &bytes[at], size);
      at += size;
    }
    frame.motion_vectors = vectors.data();
    frame.motion_vector_size = size;
    frame.motion_vector_count = static_cast<int32_t>(vectors.size());
    if (wanted == kNegative) frame.motion_vector_count = -static_cast<int32_t>(wanted);
    if (wanted == kTooMany) frame.motion_vector_count = 1000001;
    if (wanted == kNoArray) frame.motion_vectors = nullptr;
    sound = frame.motion_vector_count == 0 || wanted < kNoArray ||
            (wanted == kNoArray && vectors.empty());
    return at;
  }
};

// ---- one box a clip ----

void check_density(const std::vector<float>& density) {
  if (density.empty()) return;
  float sum = 0;
  for (const float share : density) {
    require(share >= 0 && share <= 1, "a share out of range");
    sum += share;
  }
  require(std::abs(sum - 1) < 1e-3f, "shares that do not sum to 1");
  const CellBox box = densest_box(density, kGrid, 0.4);
  require(box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0, "a box of nothing");
  require(box.left + box.width <= kGrid.width && box.top + box.height <= kGrid.height,
          "a box that reaches out of the grid");
}

void check_motion(const ObjectMotion& motion) {
  for (const BlockMotion& block : motion.blocks) {
    require(std::isfinite(block.x) && std::isfinite(block.y), "a place that is none");
    require(std::isfinite(block.dx) && std::isfinite(block.dy), "a motion that is none");
  }
  for (const auto& axis : {motion.camera.x, motion.camera.y}) {
    for (const float value : axis) require(std::isfinite(value), "a camera that is none");
  }
}

void add(const Frame& frame, ClipMotion* motion) {
  const int64_t before = motion->frames();
  try {
    motion->add(side_data_of(frame.frame));
    require(frame.sound, "took a count that is none");
    check_motion(motion->last());
  } catch (const Error& error) {
    require(error.status() == SMARTCROP_ERROR_ARGUMENT, "refused with another status");
    require(!frame.sound, "refused what can be read");
    require(motion->frames() == before, "counted what it refused");
  }
}

// ---- a run ----

struct Close {
  void operator()(smartcrop_context* context) const { smartcrop_close(&context); }
};
using Context = std::unique_ptr<smartcrop_context, Close>;

Context open() {
  smartcrop_stream stream{};
  stream.struct_size = sizeof(stream);
  stream.width = kPicture.width;
  stream.height = kPicture.height;
  stream.format = {SMARTCROP_GREY, 8, 0, 0, 0};
  stream.time_base_num = 1;
  stream.time_base_den = 25;
  smartcrop_options* options = smartcrop_options_new();
  smartcrop_options_set(options, "model", "none");
  smartcrop_options_set(options, "motion", "codec");
  smartcrop_options_set(options, "lookahead", "0");
  smartcrop_context* context = nullptr;
  require(smartcrop_open(&context, options, &stream, nullptr, nullptr) == SMARTCROP_OK, "no run");
  smartcrop_options_free(&options);
  return Context(context);
}

void check_decisions(smartcrop_context* context) {
  smartcrop_decision decision{};
  decision.struct_size = sizeof(decision);
  while (smartcrop_receive(context, &decision) == SMARTCROP_OK) {
    require(decision.x >= -1e-6 && decision.x + decision.width <= kPicture.width + 1e-6 &&
                decision.y >= -1e-6 && decision.y + decision.height <= kPicture.height + 1e-6,
            "a window outside the picture");
    require(decision.confidence >= 0 && decision.confidence <= 1, "a confidence out of range");
  }
}

void send(Frame* frame, smartcrop_context* context) {
  static const std::vector<uint8_t> grey(static_cast<size_t>(kPicture.width * kPicture.height), 90);
  frame->frame.data[0] = grey.data();
  frame->frame.stride[0] = kPicture.width;
  const int status = smartcrop_send(context, &frame->frame);
  require(status == (frame->sound ? SMARTCROP_OK : SMARTCROP_ERROR_ARGUMENT), "another status");
  check_decisions(context);
}

}  // namespace

void fuzz_vectors(const std::string& bytes) {
  static const Context context = open();
  smartcrop_reset(context.get());
  ClipMotion motion(kPicture);
  for (size_t at = 0; at < bytes.size();) {
    Frame frame;
    at = frame.read(bytes, at);
    add(frame, &motion);
    send(&frame, context.get());
  }
  smartcrop_send(context.get(), nullptr);
  check_decisions(context.get());
  check_density(motion.density(kGrid, 0, 0));
  check_density(motion.density(kGrid, 64, bytes.size()));
}

}  // namespace smartcrop

#ifdef SMARTCROP_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  smartcrop::fuzz_vectors(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
#endif
