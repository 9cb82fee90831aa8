/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * opening libsmartcrop for a stream, and passing on what it says
 */

#include <smartcrop/smartcrop.h>

#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/pixdesc.h"
#include "avfilter.h"
#include "vf_smartcrop.h"

static int error_of(int status)
{
    switch (status) {
    case SMARTCROP_ERROR_MEMORY:   return AVERROR(ENOMEM);
    case SMARTCROP_ERROR_FILE:     return AVERROR_INVALIDDATA;
    case SMARTCROP_ERROR_INTERNAL: return AVERROR_EXTERNAL;
    default:                       return AVERROR(EINVAL);
    }
}

int ff_smartcrop_report(AVFilterContext *ctx, int status)
{
    av_log(ctx, AV_LOG_ERROR, "%s\n", smartcrop_last_error());
    return error_of(status);
}

static void log_line(void *cookie, int level, const char *line)
{
    static const int levels[] = {
        [SMARTCROP_LOG_ERROR]   = AV_LOG_ERROR,
        [SMARTCROP_LOG_WARNING] = AV_LOG_WARNING,
        [SMARTCROP_LOG_INFO]    = AV_LOG_INFO,
    };
    AVFilterContext *ctx      = cookie;
    const SmartcropContext *s = ctx->priv;

    if (level < 0 || level >= FF_ARRAY_ELEMS(levels))
        level = SMARTCROP_LOG_INFO;
    av_log(ctx, s->opening_again ? AV_LOG_VERBOSE : levels[level], "%s\n", line);
}

static smartcrop_pixel_format pixel_format_of(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    smartcrop_pixel_format result  = { .depth = desc->comp[0].depth };

    result.family = desc->flags & AV_PIX_FMT_FLAG_RGB ? SMARTCROP_RGB
                  : desc->nb_components < 3           ? SMARTCROP_GREY : SMARTCROP_YUV;
    result.subsampling_w = desc->log2_chroma_w;
    result.subsampling_h = desc->log2_chroma_h;
    result.alpha         = !!(desc->flags & AV_PIX_FMT_FLAG_ALPHA);
    return result;
}

static int is_full_range(enum AVPixelFormat format, enum AVColorRange range)
{
    switch (format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
        return 1;
    default:
        break;
    }
    return range == AVCOL_RANGE_JPEG ||
           av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_RGB;
}

void ff_smartcrop_describe_link(AVFilterLink *link, smartcrop_stream *stream)
{
    const AVRational frame_rate = LINK_FRAME_RATE(link);
    const int known             = frame_rate.num > 0 && frame_rate.den > 0;

    *stream = (smartcrop_stream) {
        .struct_size    = sizeof(*stream),
        .width          = link->w,
        .height         = link->h,
        .format         = pixel_format_of(link->format),
        .time_base_num  = link->time_base.num,
        .time_base_den  = link->time_base.den,
        .frame_rate_num = known ? frame_rate.num : 0,
        .frame_rate_den = known ? frame_rate.den : 1,
        .sar_num        = FFMAX(link->sample_aspect_ratio.num, 0),
        .sar_den        = FFMAX(link->sample_aspect_ratio.den, 1),
        .matrix         = LINK_MATRIX(link),
        .transfer       = AVCOL_TRC_UNSPECIFIED,
        .primaries      = AVCOL_PRI_UNSPECIFIED,
        .full_range     = is_full_range(link->format, LINK_RANGE(link)),
    };
}

smartcrop_stream ff_smartcrop_describe_frame(const SmartcropContext *s, const AVFrame *frame)
{
    smartcrop_stream stream = s->stream;

    stream.width      = frame->width;
    stream.height     = frame->height;
    stream.matrix     = frame->colorspace;
    stream.transfer   = frame->color_trc;
    stream.primaries  = frame->color_primaries;
    stream.full_range = is_full_range(frame->format, frame->color_range);
    return stream;
}

int ff_smartcrop_fit_lookahead(AVFilterContext *ctx, const smartcrop_stream *stream)
{
    SmartcropContext *s = ctx->priv;
    int status = smartcrop_options_set_number(s->options, "lookahead", s->values.lookahead);

    if (status >= 0)
        status = smartcrop_fit_lookahead(s->options, stream, log_line, ctx);
    return status < 0 ? ff_smartcrop_report(ctx, status) : 0;
}

int ff_smartcrop_open(AVFilterContext *ctx, const smartcrop_stream *stream)
{
    SmartcropContext *s = ctx->priv;
    int status;

    s->opening_again = s->core != NULL;
    smartcrop_close(&s->core);
    status = smartcrop_open(&s->core, s->options, stream, log_line, ctx);
    s->opening_again = 0;
    if (status < 0)
        return ff_smartcrop_report(ctx, status);
    s->stream   = *stream;
    s->nb_sent  = 0;
    s->draining = 0;
    return 0;
}
