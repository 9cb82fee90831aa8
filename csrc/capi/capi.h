// SPDX-License-Identifier: MIT
// What the files of the C interface share: handles, checked arguments, exceptions to statuses.
#ifndef SMARTCROP_CAPI_CAPI_H_
#define SMARTCROP_CAPI_CAPI_H_

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "error.h"
#include "options.h"
#include "session.h"
#include "smartcrop/smartcrop.h"

struct smartcrop_options {
  smartcrop::Options values;
};

struct smartcrop_context {
  smartcrop::Session session;
  mutable std::vector<unsigned char> lent;  // boxes, for a caller whose boxes have another size
};

namespace smartcrop {

// The sentence about the last failed call on this thread.
std::string& last_error();

// Keeps the sentence of a failed call; where there is no memory for it, none.
int fail(int status, const char* what, const char* sentence) noexcept;

// Runs the body of a call; what it throws becomes the call's status. Nothing is let through, since
// a host in C cannot catch it; a log function in C++ may throw anything.
template <typename Body>
int guarded(Body body) noexcept {
  try {
    last_error().clear();
    return body();
  } catch (const Error& error) {
    return fail(error.status(), "", error.what());
  } catch (const std::bad_alloc&) {
    return fail(SMARTCROP_ERROR_MEMORY, "", "out of memory");
  } catch (const std::exception& error) {
    return fail(SMARTCROP_ERROR_INTERNAL, "internal error: ", error.what());
  } catch (...) {
    return fail(SMARTCROP_ERROR_INTERNAL, "internal error: ", "an exception of no known kind");
  }
}

// The same for a call that answers a pointer: nullptr where the body throws.
template <typename Body>
auto guarded_pointer(Body body) noexcept -> decltype(body()) {
  decltype(body()) found = nullptr;
  guarded([&] {
    found = body();
    return SMARTCROP_OK;
  });
  return found;
}

inline void require(bool condition, const char* sentence) {
  if (!condition) throw Error(SMARTCROP_ERROR_ARGUMENT, sentence);
}

// Structs begin with their size, so that callers built with another version's header still work:
// what a shorter struct lacks is 0, what a longer one adds is left alone. None ends in padding: a
// member that was put there would be read from an older caller who never set it.
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

// Elements of an array carry their size for the same reason. The caller's own where they are as
// this library knows them, else copies. A count that cannot be is left to who reads the elements.
template <typename Struct>
const Struct* take_array(const Struct* first, int64_t count, int64_t most, size_t element_size,
                         std::vector<Struct>* copies) {
  if (first == nullptr || count <= 0 || count > most) return first;
  require(element_size > 0, "an array of structs lacks the size of an element");
  if (element_size == sizeof(Struct)) return first;
  copies->assign(static_cast<size_t>(count), Struct{});
  const auto* from = reinterpret_cast<const unsigned char*>(first);
  for (Struct& copy : *copies) {
    std::memcpy(&copy, from, std::min(element_size, sizeof(Struct)));
    from += element_size;
  }
  return copies->data();
}

// Elements for a caller to read, in the size that it knows: these themselves, or copies in lent.
template <typename Struct>
const Struct* lend_array(const std::vector<Struct>& elements, size_t element_size,
                         std::vector<unsigned char>* lent) {
  require(element_size > 0, "the size of an element of the array is not given");
  if (element_size == sizeof(Struct)) return elements.data();
  lent->assign(elements.size() * element_size, 0);
  unsigned char* to = lent->data();
  for (const Struct& element : elements) {
    std::memcpy(to, &element, std::min(element_size, sizeof(Struct)));
    to += element_size;
  }
  return reinterpret_cast<const Struct*>(lent->data());
}

// A frame with its arrays, for the length of a call.
class GivenFrame {
 public:
  explicit GivenFrame(const smartcrop_frame* given);
  GivenFrame(const GivenFrame&) = delete;
  GivenFrame& operator=(const GivenFrame&) = delete;
  const smartcrop_frame& operator*() const { return frame_; }

 private:
  smartcrop_frame frame_;
  std::vector<smartcrop_box> boxes_;
  std::vector<smartcrop_motion_vector> vectors_;
};

// A decision with its panes, to be rendered.
class GivenDecision {
 public:
  explicit GivenDecision(const smartcrop_decision* given);
  GivenDecision(const GivenDecision&) = delete;
  GivenDecision& operator=(const GivenDecision&) = delete;
  const smartcrop_decision& operator*() const { return decision_; }

 private:
  smartcrop_decision decision_;
  std::vector<smartcrop_pane> panes_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_CAPI_CAPI_H_
