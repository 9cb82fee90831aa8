/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * the run: which frame is taken, sent and given when, where streams change and end
 */

#include <stdio.h>

#include <smartcrop/smartcrop.h>

#include "libavutil/error.h"
#include "libavutil/fifo.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "avfilter.h"
#include "vf_smartcrop.h"

void ff_smartcrop_drop_queue(SmartcropContext *s)
{
    AVFrame *frame;

    while (s->queue && av_fifo_read(s->queue, &frame, 1) >= 0)
        av_frame_free(&frame);
    av_frame_free(&s->held);
}

static int send_end(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    const int status    = smartcrop_send(s->core, NULL);

    s->draining = 1;
    return status < 0 ? ff_smartcrop_report(ctx, status) : 0;
}

/* Opens core for the stream that begins with this frame and sends it. The output stays as it is. */
static int begin_stream(AVFilterContext *ctx, AVFrame *frame)
{
    SmartcropContext *s           = ctx->priv;
    const AVFilterLink *inlink    = ctx->inputs[0];
    const AVFilterLink *outlink   = ctx->outputs[0];
    const smartcrop_stream stream = ff_smartcrop_describe_frame(s, frame);
    char size[32];
    int ret;

    if (frame->width == inlink->w && frame->height == inlink->h)
        snprintf(size, sizeof(size), "%s", s->values.size ? s->values.size : "");
    else
        snprintf(size, sizeof(size), "%dx%d", outlink->w, outlink->h);
    ret = smartcrop_options_set(s->options, "size", size);
    if (ret < 0)
        ret = ff_smartcrop_report(ctx, ret);
    else if (stream.width != s->stream.width || stream.height != s->stream.height)
        ret = ff_smartcrop_fit_lookahead(ctx, &stream);
    if (ret >= 0)
        ret = ff_smartcrop_open(ctx, &stream);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    return ff_smartcrop_send_frame(ctx, frame);
}

static int take_frame(AVFilterContext *ctx, AVFrame *frame)
{
    SmartcropContext *s = ctx->priv;
    smartcrop_stream stream;
    int new_size, new_colour;
    const int ret = ff_smartcrop_make_like_first(ctx, &frame);

    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    stream     = ff_smartcrop_describe_frame(s, frame);
    new_size   = stream.width != s->stream.width || stream.height != s->stream.height;
    new_colour = stream.matrix != s->stream.matrix || stream.full_range != s->stream.full_range;
    if (!s->nb_sent && (new_size || new_colour))
        return begin_stream(ctx, frame);
    if (!new_size)
        return ff_smartcrop_send_frame(ctx, frame);
    av_log(ctx, AV_LOG_VERBOSE, "the picture changes from %dx%d to %dx%d\n", s->stream.width,
           s->stream.height, stream.width, stream.height);
    s->held = frame;
    return send_end(ctx);
}

/* Takes a decision from core, or says by FFERROR_NOT_READY that it has none. */
static int receive(AVFilterContext *ctx)
{
    SmartcropContext *s         = ctx->priv;
    AVFilterLink *outlink       = ctx->outputs[0];
    smartcrop_decision decision = { .struct_size = sizeof(decision) };
    int status;

    /* At the end every frame is decided at once: let the sink ask for each. */
    if (s->at_end && !ff_outlink_frame_wanted(outlink))
        return 0;
    status = smartcrop_receive(s->core, &decision);
    if (status < 0)
        return ff_smartcrop_report(ctx, status);
    if (status == SMARTCROP_AGAIN)
        return FFERROR_NOT_READY;
    if (status == SMARTCROP_OK) {
        ff_filter_set_ready(ctx, 100);
        return ff_smartcrop_emit(ctx, &decision);
    }
    if (s->held) {
        AVFrame *frame = s->held;

        s->held = NULL;
        ff_filter_set_ready(ctx, 100);
        return begin_stream(ctx, frame);
    }
    ff_outlink_set_status(outlink, s->end_status, s->end_pts);
    return 0;
}

int ff_smartcrop_activate(AVFilterContext *ctx)
{
    SmartcropContext *s   = ctx->priv;
    AVFilterLink *inlink  = ctx->inputs[0];
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *frame;
    int ret = ff_outlink_get_status(outlink);

    if (ret) {
        ff_inlink_set_status(inlink, ret);
        ff_smartcrop_drop_queue(s);
        return 0;
    }
    ret = receive(ctx);
    if (ret != FFERROR_NOT_READY)
        return ret;
    ret = ff_inlink_consume_frame(inlink, &frame);
    if (ret < 0)
        return ret;
    if (ret > 0) {
        ff_filter_set_ready(ctx, 100);
        return take_frame(ctx, frame);
    }
    if (ff_inlink_acknowledge_status(inlink, &s->end_status, &s->end_pts)) {
        s->at_end = 1;
        ff_filter_set_ready(ctx, 100);
        return send_end(ctx);
    }
    FF_FILTER_FORWARD_WANTED(outlink, inlink);
    return FFERROR_NOT_READY;
}
