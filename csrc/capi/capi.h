// SPDX-License-Identifier: MIT
// What the files of the C interface share: handles, checked arguments, exceptions to statuses.
#ifndef SMARTCROP_CAPI_CAPI_H_
#define SMARTCROP_CAPI_CAPI_H_

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "error.h"
#include "options.h"
#include "session.h"
#include "smartcrop/smartcrop.h"

struct smartcrop_options {
  smartcrop::Options values;
};

struct smartcrop_context {
  smartcrop::Session session;
};

namespace smartcrop {

// The sentence about the last failed call on this thread.
std::string& last_error();

// Runs the body of a call; what it throws becomes the call's status.
template <typename Body>
int guarded(Body body) noexcept {
  std::string& sentence = last_error();
  try {
    sentence.clear();
    return body();
  } catch (const Error& error) {
    sentence = error.what();
    return error.status();
  } catch (const std::bad_alloc&) {
    sentence = "out of memory";
    return SMARTCROP_ERROR_MEMORY;
  } catch (const std::exception& error) {
    sentence = std::string("internal error: ") + error.what();
    return SMARTCROP_ERROR_INTERNAL;
  }
}

inline void require(bool condition, const char* sentence) {
  if (!condition) throw Error(SMARTCROP_ERROR_ARGUMENT, sentence);
}

// Structs begin with their size, so that callers built with another version's header still work:
// what a shorter struct lacks is 0, what a longer one adds is left alone.
template <typename Struct>
Struct take(const Struct* given) {
  require(given != nullptr && given->struct_size >= sizeof(size_t),
          "a struct is missing or its struct_size is not set");
  Struct copy{};
  std::memcpy(&copy, given, std::min(given->struct_size, sizeof(Struct)));
  return copy;
}

template <typename Struct>
void give(const Struct& value, Struct* to) {
  require(to != nullptr && to->struct_size >= sizeof(size_t),
          "a struct to fill is missing or its struct_size is not set");
  const size_t size = to->struct_size;
  std::memcpy(to, &value, std::min(size, sizeof(Struct)));
  to->struct_size = size;
}

}  // namespace smartcrop

#endif  // SMARTCROP_CAPI_CAPI_H_
