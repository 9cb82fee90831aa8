// SPDX-License-Identifier: MIT
#include "picture/zimg_graph.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

zimg_graph_builder_params defaults() {
  zimg_graph_builder_params parameters;
  zimg_graph_builder_params_default(&parameters, ZIMG_API_VERSION);
  return parameters;
}

TEST(ZimgGraph, RowsAreRoundedUpToWholeVectors) {
  EXPECT_EQ(aligned_row(1, 1), kZimgAlignment);
  EXPECT_EQ(aligned_row(32, 1), 32u);
  EXPECT_EQ(aligned_row(17, 2), 64u);
  EXPECT_EQ(aligned_row(9, 4), 64u);
}

TEST(ZimgGraph, BuffersAreAlignedAndGrowOnly) {
  AlignedBuffer buffer;
  uint8_t* const large = buffer.reserve(1000);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(large) % 64, 0u);
  EXPECT_EQ(buffer.reserve(10), large);
  uint8_t* const larger = buffer.reserve(100000);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(larger) % 64, 0u);
  std::memset(larger, 1, 100000);
  AlignedBuffer empty;
  EXPECT_NE(empty.reserve(0), nullptr);
}

TEST(ZimgGraph, ConvertsDepth) {
  const Size size{4, 2};
  const ZimgGraph graph(zimg_format(size, 8), zimg_format(size, 10), defaults());
  AlignedBuffer from, to, scratch;
  uint8_t* const in = from.reserve(128);
  uint8_t* const out = to.reserve(128);
  in[0] = 0;
  in[3] = 255;
  zimg_image_buffer_const source{ZIMG_API_VERSION, {{in, 32, ZIMG_BUFFER_MAX}}};
  zimg_image_buffer target{ZIMG_API_VERSION, {{out, 32, ZIMG_BUFFER_MAX}}};
  graph.process(source, target, &scratch, {}, {});
  uint16_t samples[4];
  std::memcpy(samples, out, sizeof(samples));
  EXPECT_EQ(samples[0], 0);
  EXPECT_EQ(samples[3], 1023);
}

TEST(ZimgGraph, SaysWhyAConversionIsImpossible) {
  zimg_image_format odd = zimg_format({5, 5}, 8);
  odd.color_family = ZIMG_COLOR_YUV;
  odd.subsample_w = 1;
  try {
    const ZimgGraph graph(odd, zimg_format({3, 3}, 8), defaults());
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_FORMAT);
    const std::string sentence = error.what();
    EXPECT_NE(sentence.find("5x5"), std::string::npos) << sentence;
    EXPECT_GT(sentence.size(),
              std::string("zimg cannot turn a picture of 5x5 into one of 3x3: ").size());
  }
}

TEST(ZimgGraph, ReportsACallbackThatFails) {
  const Size size{64, 8};
  const ZimgGraph graph(zimg_format(size, 8), zimg_format(size, 16), defaults());
  AlignedBuffer from, to, scratch;
  zimg_image_buffer_const source{ZIMG_API_VERSION, {{from.reserve(64 * 8), 64, ZIMG_BUFFER_MAX}}};
  zimg_image_buffer target{ZIMG_API_VERSION, {{to.reserve(128 * 8), 128, ZIMG_BUFFER_MAX}}};
  const ZimgGraph::Callback failing{[](void*, unsigned, unsigned, unsigned) { return 1; }, nullptr};
  EXPECT_THROW(graph.process(source, target, &scratch, failing, {}), Error);
}

}  // namespace
}  // namespace smartcrop
