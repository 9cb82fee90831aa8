// SPDX-License-Identifier: MIT
// How many frames wait for their decisions, and how much of the future memory allows.
#ifndef SMARTCROP_DELAY_H_
#define SMARTCROP_DELAY_H_

#include "log.h"
#include "options.h"
#include "types.h"

namespace smartcrop {

// The rate to count with: 60 for one that is unknown, that is 0 or less, or above 240, since
// streams of variable rate often name the ticks of their clock, 1000 or 90000 a second.
double counted_fps(double fps);
double counted_fps(const smartcrop_stream& stream);

// The longest stretch of one shot that is decided as a whole.
constexpr double kLongestView_s = 60;

// The most frames that wait for their decision at a frame rate: those of the look-ahead, and as
// many as the slowest source of evidence is late.
int max_delay_frames(const Options& options, double fps);

// Shortens options->lookahead until the frames that a host has to hold fit into options->buffer,
// after it has given up options->whole_shots, and says so in the log. True where it did.
bool fit_lookahead(Options* options, const smartcrop_stream& stream, const Log& log);

}  // namespace smartcrop

#endif  // SMARTCROP_DELAY_H_
