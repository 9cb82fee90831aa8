// SPDX-License-Identifier: MIT
// The interface of everything that knows something of a frame.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SOURCE_H_
#define SMARTCROP_STAGE2_EVIDENCE_SOURCE_H_

#include <optional>
#include <vector>

#include "types.h"

namespace smartcrop {

// What one source knows of one frame. What it leaves empty it knows nothing of.
struct Findings {
  std::optional<HeatMap> map;  // on the grid of the run, see evidence_grid()
  float weight = 1;            // of the map beside those of other sources, 0 to 1
  std::vector<Subject> subjects;
  std::optional<float> pan;    // as Evidence::pan
  std::optional<Box> content;  // as Evidence::content
  bool failed = false;         // it should have known more and could not
};

// Before the first frame of a new shot, or at a jump in the stream.
enum class Reset { kCut, kSeek };

// Sees every frame once, in order.
class Source {
 public:
  virtual ~Source() = default;

  // After how many more frames it answers. It never changes.
  virtual int delay() const { return 0; }

  // Called for each frame before observe(): true where this frame has to be analysed whatever the
  // beat says, lest what is known of it be lost.
  virtual bool wants(const Observation& observation) {
    (void)observation;
    return false;
  }

  // Sees a frame, and answers the one that it saw delay() frames before. The answer is used where
  // that frame had Observation::analyse set; until so many frames were seen since the last
  // finish() or reset(), there is none to answer and what is returned has no meaning.
  virtual Findings observe(const Observation& observation) = 0;

  // Answers the frames that are still open, oldest first: the last delay() frames, or all since the
  // last finish() or reset() where they are fewer. Nothing more will come of their shot.
  virtual std::vector<Findings> finish() { return {}; }

  // Forgets what the new shot or place makes worthless. At a cut, finish() was called before.
  virtual void reset(Reset reset) = 0;
};

// No source of a run may be slower than this, in frames. It is a part of the delay that smartcrop
// declares before it opens a source.
constexpr int kLargestSourceDelay = 0;

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SOURCE_H_
