/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * what the files of the smartcrop filter share
 */

#ifndef AVFILTER_VF_SMARTCROP_H
#define AVFILTER_VF_SMARTCROP_H

#include <stdint.h>

#include <smartcrop/smartcrop.h>

#include "libavutil/fifo.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/opt.h"
#include "avfilter.h"
#include "filters.h"
/* Up to FFmpeg 7.0 a part of filters.h was here, the frame rate was a field of AVFilterLink, and
 * only frames knew their colours. */
#if __has_include("libavfilter/internal.h")
#include "libavfilter/internal.h"
#define LINK_FRAME_RATE(link) ((link)->frame_rate)
#define LINK_MATRIX(link)     AVCOL_SPC_UNSPECIFIED
#define LINK_RANGE(link)      AVCOL_RANGE_UNSPECIFIED
#else
#define LINK_FRAME_RATE(link) (ff_filter_link(link)->frame_rate)
#define LINK_MATRIX(link)     ((link)->colorspace)
#define LINK_RANGE(link)      ((link)->color_range)
#endif

typedef struct SmartcropValues {
#define SC_NUMBER(name, default, minimum, maximum, unit, roles, help) double name;
#define SC_INTEGER(name, default, minimum, maximum, unit, roles, help) int name;
#define SC_BOOL(name, default, roles, help) int name;
#define SC_TEXT(name, default, roles, help) char *name;
#define SC_CHOICE(member, name, type, default, roles, help) char *member;
#include <smartcrop/options.def>
} SmartcropValues;

typedef struct SmartcropContext {
    const AVClass *class;
    SmartcropValues values;

    smartcrop_options *options;
    smartcrop_context *core;
    smartcrop_stream stream;      ///< what core was opened for
    AVFifo *queue;                ///< AVFrame *, sent and not yet decided
    AVFrame *held;                ///< first frame of another shape, until core has drained
    smartcrop_motion_vector *vectors; ///< of the frame that is being sent
    unsigned vectors_size;        ///< bytes
    struct SwsContext *scaler;    ///< makes frames of another pixel format like the first
    int64_t nb_converted;         ///< frames that it made so
    int64_t nb_sent;              ///< frames sent since core was opened
    int opening_again;            ///< what core logs was said when it was opened before
    int draining;                 ///< NULL was sent: core gives what is left
    int at_end;                   ///< the input has ended
    int end_status;
    int64_t end_pts;
} SmartcropContext;

/* ---- vf_smartcrop_options.c ------------------------------------------------------------------ */

extern const AVOption ff_smartcrop_options[];

/* Gives libsmartcrop the values that the user has set. */
int ff_smartcrop_set_options(AVFilterContext *ctx);

int ff_smartcrop_process_command(AVFilterContext *ctx, const char *command, const char *argument,
                                 char *answer, int answer_size, int flags);

/* ---- vf_smartcrop_core.c --------------------------------------------------------------------- */

/* Says why the last call failed and gives the AVERROR for it. */
int ff_smartcrop_report(AVFilterContext *ctx, int status);

void ff_smartcrop_describe_link(AVFilterLink *link, smartcrop_stream *stream);

/* The stream as this frame says it is. */
smartcrop_stream ff_smartcrop_describe_frame(const SmartcropContext *s, const AVFrame *frame);

/* Frames that wait cost memory; shortens the look-ahead until they fit into buffer. */
int ff_smartcrop_fit_lookahead(AVFilterContext *ctx, const smartcrop_stream *stream);

/* Opens core for this stream, in place of the one it was open for. */
int ff_smartcrop_open(AVFilterContext *ctx, const smartcrop_stream *stream);

/* ---- vf_smartcrop_activate.c ----------------------------------------------------------------- */

int ff_smartcrop_activate(AVFilterContext *ctx);

/* Forgets the frames that wait. */
void ff_smartcrop_drop_queue(SmartcropContext *s);

/* ---- vf_smartcrop_input.c -------------------------------------------------------------------- */

/* The frame as libsmartcrop sees it; its samples stay the frame's. */
smartcrop_frame ff_smartcrop_borrow(const AVFrame *frame);

/* Sends the frame, with what came attached to it, and queues it; frees it where that fails. */
int ff_smartcrop_send_frame(AVFilterContext *ctx, AVFrame *frame);

/* ---- vf_smartcrop_convert.c ------------------------------------------------------------------ */

/* Replaces a frame of another pixel format than that of the link by one of that format. */
int ff_smartcrop_make_like_first(AVFilterContext *ctx, AVFrame **frame);

/* Says how many frames were converted, and forgets the converter. */
void ff_smartcrop_end_conversion(AVFilterContext *ctx);

/* ---- vf_smartcrop_output.c ------------------------------------------------------------------- */

/* Sends on the oldest waiting frame, cropped as decided. */
int ff_smartcrop_emit(AVFilterContext *ctx, const smartcrop_decision *decision);

#endif /* AVFILTER_VF_SMARTCROP_H */
