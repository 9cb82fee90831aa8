// SPDX-License-Identifier: MIT
// The C interface: statuses, versions and options.
#include <memory>

#include "capi/capi.h"
#include "inference/model.h"
#include "inference/model_source.h"

namespace smartcrop {

std::string& last_error() {
  thread_local std::string sentence;
  return sentence;
}

int fail(int status, const char* what, const char* sentence) noexcept {
  try {
    last_error() = std::string(what) + sentence;
  } catch (...) {
    last_error().clear();
  }
  return status;
}

}  // namespace smartcrop

using smartcrop::guarded;
using smartcrop::guarded_pointer;
using smartcrop::last_error;
using smartcrop::require;

extern "C" {

const char* smartcrop_status_name(int status) {
  switch (status) {
    case SMARTCROP_OK:
      return "ok";
    case SMARTCROP_AGAIN:
      return "again";
    case SMARTCROP_END:
      return "end";
    case SMARTCROP_ERROR_ARGUMENT:
      return "argument error";
    case SMARTCROP_ERROR_OPTION:
      return "option error";
    case SMARTCROP_ERROR_FORMAT:
      return "format error";
    case SMARTCROP_ERROR_MODEL:
      return "model error";
    case SMARTCROP_ERROR_FILE:
      return "file error";
    case SMARTCROP_ERROR_MEMORY:
      return "out of memory";
    case SMARTCROP_ERROR_INTERNAL:
      return "internal error";
    default:
      return "unknown status";
  }
}

const char* smartcrop_last_error(void) { return last_error().c_str(); }
const char* smartcrop_version(void) { return SMARTCROP_VERSION; }
int smartcrop_api_version(void) { return SMARTCROP_API_VERSION; }

const char* smartcrop_runtime_info(void) {
  thread_local std::string line;
  const int status = guarded([] {
    line = smartcrop::describe_runtime();
    return SMARTCROP_OK;
  });
  return status == SMARTCROP_OK ? line.c_str() : last_error().c_str();
}

smartcrop_options* smartcrop_options_new(void) {
  return guarded_pointer([] { return new smartcrop_options; });
}

void smartcrop_options_free(smartcrop_options** options) {
  if (options == nullptr) return;
  delete *options;
  *options = nullptr;
}

int smartcrop_options_set(smartcrop_options* options, const char* key, const char* value) {
  return guarded([=] {
    require(options != nullptr && key != nullptr && value != nullptr, "an option lacks its value");
    smartcrop::set_option(&options->values, key, std::string(value));
    return SMARTCROP_OK;
  });
}

int smartcrop_options_set_number(smartcrop_options* options, const char* key, double value) {
  return guarded([=] {
    require(options != nullptr && key != nullptr, "an option lacks its name");
    smartcrop::set_option(&options->values, key, value);
    return SMARTCROP_OK;
  });
}

int smartcrop_options_get(const smartcrop_options* options, const char* key, char* buffer,
                          size_t buffer_size) {
  return guarded([=] {
    require(options != nullptr && key != nullptr, "an option lacks its name");
    require(buffer != nullptr || buffer_size == 0, "the buffer for an option's value is missing");
    const std::string value = smartcrop::get_option(options->values, key);
    if (buffer_size > 0) {
      const size_t length = std::min(value.size(), buffer_size - 1);
      std::memcpy(buffer, value.data(), length);
      buffer[length] = '\0';
    }
    return static_cast<int>(value.size());
  });
}

const smartcrop_option_row* smartcrop_option_at(int index) {
  return guarded_pointer([=] { return smartcrop::option_row_at(index); });
}

const smartcrop_option_row* smartcrop_option_find(const char* key) {
  return guarded_pointer(
      [=] { return key == nullptr ? nullptr : smartcrop::find_option_row(key); });
}

const char* smartcrop_strategy_name(int strategy) { return smartcrop::strategy_name(strategy); }

const char* smartcrop_model_at(int index) { return smartcrop::builtin_model_at(index); }

}  // extern "C"
