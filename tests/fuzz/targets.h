// SPDX-License-Identifier: MIT
// What random bytes are given to. A target takes any bytes: it may refuse them with an Error, and
// checks by itself that what it took makes sense; anything else ends the process.
#ifndef SMARTCROP_TESTS_FUZZ_TARGETS_H_
#define SMARTCROP_TESTS_FUZZ_TARGETS_H_

#include <string>

namespace smartcrop {

void fuzz_plan(const std::string& bytes);
void fuzz_analysis(const std::string& bytes);
// "key=value" lines.
void fuzz_options(const std::string& bytes);
// Frames, each a byte of flags, a byte that says how many vectors follow, and those vectors.
void fuzz_vectors(const std::string& bytes);

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_FUZZ_TARGETS_H_
