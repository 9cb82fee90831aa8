// SPDX-License-Identifier: MIT
// zimg's graph with an owner, and the memory that it works in.
#ifndef SMARTCROP_PICTURE_ZIMG_GRAPH_H_
#define SMARTCROP_PICTURE_ZIMG_GRAPH_H_

#include <zimg.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "types.h"

namespace smartcrop {

// zimg loads whole vectors: rows begin at multiples of this (its own limit is 32 with AVX2; it uses
// 64 only where it is asked to).
constexpr size_t kZimgAlignment = 32;

// Bytes of a row of so many samples, rounded up to a whole vector.
size_t aligned_row(int width, int sample_bytes);

// Aligned memory that grows and never shrinks; growing forgets the contents.
class AlignedBuffer {
 public:
  uint8_t* reserve(size_t bytes);

 private:
  struct Deleter {
    void operator()(uint8_t* memory) const;
  };
  std::unique_ptr<uint8_t, Deleter> memory_;
  size_t size_ = 0;
};

// A picture of the given size, every other field at its default.
zimg_image_format zimg_format(Size size, int depth);

class ZimgGraph {
 public:
  // A line to be read (or that was written): fills (or takes) the columns [left, right) of row i.
  struct Callback {
    zimg_filter_graph_callback function = nullptr;
    void* user = nullptr;
  };

  // Throws Error(ERROR_FORMAT) with zimg's own reason where there is no such conversion.
  ZimgGraph(const zimg_image_format& source, const zimg_image_format& target,
            const zimg_graph_builder_params& parameters);

  // Rows of a ring buffer that is fed (or emptied) by a callback, as zimg's mask.
  unsigned input_mask() const { return input_mask_; }
  unsigned output_mask() const { return output_mask_; }

  void process(const zimg_image_buffer_const& source, const zimg_image_buffer& target,
               AlignedBuffer* scratch, Callback unpack, Callback pack) const;

 private:
  struct Deleter {
    void operator()(zimg_filter_graph* graph) const { zimg_filter_graph_free(graph); }
  };
  std::unique_ptr<zimg_filter_graph, Deleter> graph_;
  size_t scratch_bytes_ = 0;
  unsigned input_mask_ = 0;
  unsigned output_mask_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_PICTURE_ZIMG_GRAPH_H_
