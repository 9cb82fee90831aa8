/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * frames whose pixel format changes in mid-stream, made like the first
 *
 * The format of a link is agreed once. A program that keeps its graph (ffmpeg -reinit_filter 0)
 * sends frames of another format all the same, and the filters in between let them pass.
 */

#include <inttypes.h>

#include "libavutil/error.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/pixdesc.h"
#include "libswscale/swscale.h"
#include "avfilter.h"
#include "vf_smartcrop.h"

#define SCALER_FLAGS (SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT)

/* Sets up s->scaler for this frame; the colours of the result are those of the first frame. */
static int prepare(AVFilterContext *ctx, const AVFrame *frame, const AVFilterLink *inlink)
{
    SmartcropContext *s        = ctx->priv;
    const smartcrop_stream now = ff_smartcrop_describe_frame(s, frame);

    if (sws_isSupportedInput(frame->format) && sws_isSupportedOutput(inlink->format))
        s->scaler = sws_getCachedContext(s->scaler, frame->width, frame->height, frame->format,
                                         frame->width, frame->height, inlink->format,
                                         SCALER_FLAGS, NULL, NULL, NULL);
    else
        return AVERROR(ENOSYS);
    if (!s->scaler)
        return AVERROR(ENOSYS);
    sws_setColorspaceDetails(s->scaler, sws_getCoefficients(now.matrix), now.full_range,
                             sws_getCoefficients(s->stream.matrix), s->stream.full_range, 0,
                             1 << 16, 1 << 16);
    return 0;
}

static int convert(AVFilterContext *ctx, AVFrame *out, const AVFrame *frame)
{
    SmartcropContext *s        = ctx->priv;
    const AVFilterLink *inlink = ctx->inputs[0];
    int ret                    = av_frame_copy_props(out, frame);

    if (ret < 0)
        return ret;
    out->format      = inlink->format;
    out->width       = frame->width;
    out->height      = frame->height;
    out->colorspace  = s->stream.matrix;
    out->color_range = s->stream.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if ((ret = av_frame_get_buffer(out, 0)) < 0)
        return ret;
    ret = sws_scale(s->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                    frame->height, out->data, out->linesize);
    return ret < 0 ? ret : 0;
}

int ff_smartcrop_make_like_first(AVFilterContext *ctx, AVFrame **frame)
{
    SmartcropContext *s        = ctx->priv;
    const AVFilterLink *inlink = ctx->inputs[0];
    const char *first          = av_get_pix_fmt_name(inlink->format);
    const char *now            = av_get_pix_fmt_name((*frame)->format);
    AVFrame *out;
    int ret;

    if ((*frame)->format == inlink->format)
        return 0;
    if ((ret = prepare(ctx, *frame, inlink)) < 0) {
        av_log(ctx, AV_LOG_ERROR, "the pixel format changes from %s to %s in mid-stream, and FFmpeg "
               "does not convert these; put scale or hwdownload before smartcrop\n", first, now);
        return ret;
    }
    if (!s->nb_converted++)
        av_log(ctx, AV_LOG_WARNING, "the pixel format changes from %s to %s in mid-stream; such "
               "frames are converted to %s\n", first, now, first);
    if (!(out = av_frame_alloc()))
        return AVERROR(ENOMEM);
    if ((ret = convert(ctx, out, *frame)) < 0) {
        av_frame_free(&out);
        return ret;
    }
    av_frame_free(frame);
    *frame = out;
    return 0;
}

void ff_smartcrop_end_conversion(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;

    if (s->nb_converted > 1)
        av_log(ctx, AV_LOG_INFO, "%"PRId64" frames were of another pixel format than the first\n",
               s->nb_converted);
    sws_freeContext(s->scaler);
    s->scaler = NULL;
}
