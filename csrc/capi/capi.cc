// SPDX-License-Identifier: MIT
// The C interface: a run. Checks arguments, turns exceptions into statuses and sentences.
#include "capi/capi.h"

#include <vector>

#include "log.h"
#include "picture/planes.h"
#include "stage2_evidence/motion/motion_vectors.h"
#include "stage2_evidence/subjects/caller_boxes.h"
#include "stage6_render/panes.h"

using smartcrop::give;
using smartcrop::GivenDecision;
using smartcrop::GivenFrame;
using smartcrop::guarded;
using smartcrop::require;
using smartcrop::take;

namespace smartcrop {

GivenFrame::GivenFrame(const smartcrop_frame* given) : frame_(take(given)) {
  frame_.boxes = take_array(frame_.boxes, frame_.box_count, kMostBoxes, frame_.box_size, &boxes_);
  frame_.motion_vectors = take_array(frame_.motion_vectors, frame_.motion_vector_count,
                                     kMostMotionVectors, frame_.motion_vector_size, &vectors_);
}

GivenDecision::GivenDecision(const smartcrop_decision* given) : decision_(take(given)) {
  decision_.panes =
      take_array(decision_.panes, decision_.pane_count, kMostPanes, decision_.pane_size, &panes_);
}

}  // namespace smartcrop

extern "C" {

int smartcrop_open(smartcrop_context** context, const smartcrop_options* options,
                   const smartcrop_stream* stream, smartcrop_log log, void* cookie) {
  if (context != nullptr) *context = nullptr;
  return guarded([=] {
    require(context != nullptr && options != nullptr,
            "open needs a place for the context and options");
    *context = new smartcrop_context{
        smartcrop::Session(options->values, take(stream), smartcrop::Log(log, cookie)), {}};
    return SMARTCROP_OK;
  });
}

int smartcrop_open_analysis(smartcrop_context** context, const smartcrop_options* options,
                            const char* path, smartcrop_log log, void* cookie) {
  if (context != nullptr) *context = nullptr;
  return guarded([=] {
    require(context != nullptr && options != nullptr && path != nullptr,
            "open_analysis needs a place for the context, options and a path");
    *context = new smartcrop_context{
        smartcrop::Session(options->values, std::string(path), smartcrop::Log(log, cookie)), {}};
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
    const GivenFrame given(frame);
    smartcrop::check_planes(*given, context->session.stream());
    return context->session.send(*given);
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

int smartcrop_follow(smartcrop_context* context, const char* subject) {
  return guarded([=] {
    require(context != nullptr && subject != nullptr, "follow needs a context and a subject");
    context->session.follow(subject);
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
    const bool exact = context->session.is_exact(*GivenDecision(decision), &x, &y);
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
    smartcrop::check_planes(from, context->session.stream());
    smartcrop::check_planes(to, context->session.stream().format,
                            context->session.geometry().output);
    context->session.render(*GivenDecision(decision), from, to);
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

int smartcrop_last_regions(const smartcrop_context* context, size_t box_size,
                           const smartcrop_box** boxes, int* count) {
  return guarded([=] {
    require(context != nullptr && boxes != nullptr && count != nullptr,
            "last_regions needs a context and places for its answer");
    const std::vector<smartcrop_box>* regions = context->session.last_regions();
    if (regions == nullptr) return SMARTCROP_AGAIN;
    *boxes = smartcrop::lend_array(*regions, box_size, &context->lent);
    *count = static_cast<int>(regions->size());
    return SMARTCROP_OK;
  });
}

}  // extern "C"
