// SPDX-License-Identifier: MIT
#include "picture/zimg_graph.h"

#include <new>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

constexpr std::align_val_t kAllocationAlignment{64};

// zimg 3.0 takes 16-bit samples in pairs: where a row has an odd number of them it may read a few
// bytes more than there are, and multiply them by 0.
constexpr size_t kSlack = 64;

std::string last_zimg_error() {
  char message[512] = "";
  zimg_get_last_error(message, sizeof(message));
  zimg_clear_last_error();
  return message;
}

void check(zimg_error_code_e code, const char* what) {
  if (code == ZIMG_ERROR_SUCCESS) return;
  throw Error(SMARTCROP_ERROR_INTERNAL, std::string("zimg: ") + what + ": " + last_zimg_error());
}

}  // namespace

size_t aligned_row(int width, int sample_bytes) {
  const size_t bytes = static_cast<size_t>(width) * static_cast<size_t>(sample_bytes);
  return (bytes + kZimgAlignment - 1) / kZimgAlignment * kZimgAlignment;
}

void AlignedBuffer::Deleter::operator()(uint8_t* memory) const {
  ::operator delete(memory, kAllocationAlignment);
}

uint8_t* AlignedBuffer::reserve(size_t bytes) {
  if (bytes > size_ || memory_ == nullptr) {
    memory_.reset();
    size_ = 0;
    memory_.reset(static_cast<uint8_t*>(::operator new(bytes + kSlack, kAllocationAlignment)));
    size_ = bytes;
  }
  return memory_.get();
}

zimg_image_format zimg_format(Size size, int depth) {
  zimg_image_format format;
  zimg_image_format_default(&format, ZIMG_API_VERSION);
  format.width = static_cast<unsigned>(size.width);
  format.height = static_cast<unsigned>(size.height);
  format.pixel_type = depth == 8    ? ZIMG_PIXEL_BYTE
                      : depth == 32 ? ZIMG_PIXEL_FLOAT
                                    : ZIMG_PIXEL_WORD;
  format.depth = static_cast<unsigned>(depth);
  format.pixel_range = ZIMG_RANGE_FULL;
  return format;
}

ZimgGraph::ZimgGraph(const zimg_image_format& source, const zimg_image_format& target,
                     const zimg_graph_builder_params& parameters)
    : graph_(zimg_filter_graph_build(&source, &target, &parameters)) {
  if (graph_ == nullptr) {
    throw Error(SMARTCROP_ERROR_FORMAT,
                "zimg cannot turn a picture of " + std::to_string(source.width) + "x" +
                    std::to_string(source.height) + " into one of " + std::to_string(target.width) +
                    "x" + std::to_string(target.height) + ": " + last_zimg_error());
  }
  check(zimg_filter_graph_get_tmp_size(graph_.get(), &scratch_bytes_), "size of scratch memory");
  unsigned rows = 0;
  check(zimg_filter_graph_get_input_buffering(graph_.get(), &rows), "rows of input");
  input_mask_ = zimg_select_buffer_mask(rows);
  check(zimg_filter_graph_get_output_buffering(graph_.get(), &rows), "rows of output");
  output_mask_ = zimg_select_buffer_mask(rows);
}

void ZimgGraph::process(const zimg_image_buffer_const& source, const zimg_image_buffer& target,
                        AlignedBuffer* scratch, Callback unpack, Callback pack) const {
  uint8_t* memory = scratch->reserve(scratch_bytes_);
  check(zimg_filter_graph_process(graph_.get(), &source, &target, memory, unpack.function,
                                  unpack.user, pack.function, pack.user),
        "conversion");
}

}  // namespace smartcrop
