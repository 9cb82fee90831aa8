// SPDX-License-Identifier: MIT
// The C interface: checks arguments, turns exceptions into statuses and sentences.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "error.h"
#include "log.h"
#include "options.h"
#include "session.h"
#include "smartcrop/smartcrop.h"
#include "stage2_evidence/model.h"
#include "stage2_evidence/model_source.h"

struct smartcrop_options {
  smartcrop::Options values;
};

struct smartcrop_context {
  smartcrop::Session session;
};

namespace {

using smartcrop::Error;

thread_local std::string last_error;

// Runs the body of a call; what it throws becomes the call's status.
template <typename Body>
int guarded(Body body) noexcept {
  try {
    last_error.clear();
    return body();
  } catch (const Error& error) {
    last_error = error.what();
    return error.status();
  } catch (const std::bad_alloc&) {
    last_error = "out of memory";
    return SMARTCROP_ERROR_MEMORY;
  } catch (const std::exception& error) {
    last_error = std::string("internal error: ") + error.what();
    return SMARTCROP_ERROR_INTERNAL;
  }
}

void require(bool condition, const char* sentence) {
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

void require_planes(const void* const* data, const smartcrop_pixel_format& format) {
  const int planes = (format.family == SMARTCROP_GREY ? 1 : 3) + (format.alpha != 0 ? 1 : 0);
  for (int plane = 0; plane < planes; ++plane) {
    require(data[plane] != nullptr, "a plane of the picture is missing");
  }
}

}  // namespace

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

const char* smartcrop_last_error(void) { return last_error.c_str(); }
const char* smartcrop_version(void) { return SMARTCROP_VERSION; }
int smartcrop_api_version(void) { return SMARTCROP_API_VERSION; }

const char* smartcrop_runtime_info(void) {
  thread_local std::string line;
  const int status = guarded([] {
    line = smartcrop::describe_runtime();
    return SMARTCROP_OK;
  });
  return status == SMARTCROP_OK ? line.c_str() : last_error.c_str();
}

smartcrop_options* smartcrop_options_new(void) { return new (std::nothrow) smartcrop_options; }

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
  return smartcrop::option_row_at(index);
}

const smartcrop_option_row* smartcrop_option_find(const char* key) {
  return key == nullptr ? nullptr : smartcrop::find_option_row(key);
}

const char* smartcrop_model_at(int index) { return smartcrop::builtin_model_at(index); }

int smartcrop_open(smartcrop_context** context, const smartcrop_options* options,
                   const smartcrop_stream* stream, smartcrop_log log, void* cookie) {
  if (context != nullptr) *context = nullptr;
  return guarded([=] {
    require(context != nullptr && options != nullptr,
            "open needs a place for the context and options");
    *context = new smartcrop_context{
        smartcrop::Session(options->values, take(stream), smartcrop::Log(log, cookie))};
    return SMARTCROP_OK;
  });
}

void smartcrop_close(smartcrop_context** context) {
  if (context == nullptr) return;
  delete *context;
  *context = nullptr;
}

int smartcrop_send(smartcrop_context* context, const smartcrop_frame* frame) {
  return guarded([=]() -> int {
    require(context != nullptr, "send needs a context");
    if (frame == nullptr) return context->session.end();
    const smartcrop_frame picture = take(frame);
    require_planes(picture.data, context->session.stream().format);
    return context->session.send(picture);
  });
}

int smartcrop_receive(smartcrop_context* context, smartcrop_decision* decision) {
  return guarded([=]() -> int {
    require(context != nullptr && decision != nullptr && decision->struct_size >= sizeof(size_t),
            "receive needs a context and a decision with its struct_size");
    smartcrop_decision value{};
    const smartcrop_status status = context->session.receive(&value);
    if (status == SMARTCROP_OK) give(value, decision);
    return status;
  });
}

int smartcrop_reset(smartcrop_context* context) {
  return guarded([=] {
    require(context != nullptr, "reset needs a context");
    context->session.reset();
    return SMARTCROP_OK;
  });
}

int smartcrop_set_live(smartcrop_context* context, const char* key, double value) {
  return guarded([=] {
    require(context != nullptr && key != nullptr, "set_live needs a context and a name");
    context->session.set_live(key, value);
    return SMARTCROP_OK;
  });
}

int smartcrop_max_delay(const smartcrop_options* options, double fps) {
  return guarded([=] {
    require(options != nullptr, "max_delay needs options");
    return smartcrop::max_delay_frames(options->values, fps);
  });
}

int smartcrop_fit_lookahead(smartcrop_options* options, const smartcrop_stream* stream,
                            smartcrop_log log, void* cookie) {
  return guarded([=] {
    require(options != nullptr, "fit_lookahead needs options");
    return smartcrop::fit_lookahead(&options->values, take(stream), {log, cookie}) ? 1 : 0;
  });
}

int smartcrop_geometry_of(const smartcrop_context* context, smartcrop_geometry* geometry) {
  return guarded([=] {
    require(context != nullptr, "geometry_of needs a context");
    const smartcrop::Geometry& shapes = context->session.geometry();
    smartcrop_geometry value{};
    value.window_width = shapes.window_width;
    value.window_height = shapes.window_height;
    value.output_width = shapes.output.width;
    value.output_height = shapes.output.height;
    value.sar_num = shapes.sar_num;
    value.sar_den = shapes.sar_den;
    give(value, geometry);
    return SMARTCROP_OK;
  });
}

int smartcrop_is_exact(const smartcrop_context* context, const smartcrop_decision* decision,
                       int* offset_x, int* offset_y) {
  return guarded([=] {
    require(context != nullptr, "is_exact needs a context");
    int x = 0, y = 0;
    const bool exact = context->session.is_exact(take(decision), &x, &y);
    if (exact && offset_x != nullptr) *offset_x = x;
    if (exact && offset_y != nullptr) *offset_y = y;
    return exact ? 1 : 0;
  });
}

int smartcrop_render(smartcrop_context* context, const smartcrop_decision* decision,
                     const smartcrop_frame* frame, const smartcrop_picture* picture) {
  return guarded([=] {
    require(context != nullptr, "render needs a context");
    const smartcrop_frame from = take(frame);
    const smartcrop_picture to = take(picture);
    require_planes(from.data, context->session.stream().format);
    require_planes(to.data, context->session.stream().format);
    context->session.render(take(decision), from, to);
    return SMARTCROP_OK;
  });
}

int smartcrop_last_map(const smartcrop_context* context, const float** values, int* width,
                       int* height) {
  return guarded([=] {
    require(context != nullptr && values != nullptr && width != nullptr && height != nullptr,
            "last_map needs a context and places for its answer");
    const smartcrop::HeatMap* map = context->session.last_map();
    if (map == nullptr) return SMARTCROP_AGAIN;
    *values = map->values.data();
    *width = map->width;
    *height = map->height;
    return SMARTCROP_OK;
  });
}

}  // extern "C"
