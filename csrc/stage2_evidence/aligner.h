// SPDX-License-Identifier: MIT
// Joins what all sources found in one and the same frame, however late each of them answers.
#ifndef SMARTCROP_STAGE2_EVIDENCE_ALIGNER_H_
#define SMARTCROP_STAGE2_EVIDENCE_ALIGNER_H_

#include <deque>
#include <memory>
#include <vector>

#include "stage2_evidence/source.h"

namespace smartcrop {

// A frame that every source has answered.
struct AlignedFrame {
  int64_t frame = 0;
  double time_s = 0;
  bool analysed = false;           // else the findings are empty
  std::vector<Findings> findings;  // of each source, in the sources' order
};

class Aligner {
 public:
  // Every map has to be on this grid.
  Aligner(Size grid, std::vector<std::unique_ptr<Source>> sources);

  // The largest delay of any source, in frames.
  int delay() const { return delay_; }

  // Asks every source, for each counts frames.
  bool wants(const Observation& observation);
  // Shows the frame to every source.
  void observe(const Observation& observation);
  // The end of the stream: has every source answer what is still open.
  void finish();
  // At a cut, what is open is answered first. At a seek it is dropped.
  void reset(Reset reset);

  // The frames that were answered since the last call, in order.
  std::vector<AlignedFrame> take();

 private:
  void keep(Findings findings, size_t source, AlignedFrame* frame) const;

  Size grid_;
  std::vector<std::unique_ptr<Source>> sources_;
  int delay_ = 0;
  std::deque<AlignedFrame>
      open_;  // since the last finish(): those that some source has not answered
  std::vector<AlignedFrame> ready_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_ALIGNER_H_
