// SPDX-License-Identifier: MIT
// Maps in 8 bits, which is what an analysis file keeps of them.
#ifndef SMARTCROP_MAP_BYTES_H_
#define SMARTCROP_MAP_BYTES_H_

#include <cstdint>
#include <vector>

#include "types.h"

namespace smartcrop {

// A byte for each value: 255 for the largest, 0 for less than half a step.
std::vector<uint8_t> bytes_of(const HeatMap& map);

// The values of such bytes, one for each cell of the map; they sum to 1. At least one byte is
// above 0.
void set_bytes(const uint8_t* bytes, HeatMap* map);

// Makes a map what its bytes say, so that nobody knows more of it than a file can give back. To do
// it again changes nothing.
void round_to_bytes(HeatMap* map);

}  // namespace smartcrop

#endif  // SMARTCROP_MAP_BYTES_H_
