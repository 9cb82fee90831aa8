/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * crop to another shape, following what viewers look at
 *
 * All decisions are libsmartcrop's. The filter queues references to the frames until their
 * decisions arrive, then moves the plane pointers or, where the window falls between samples, has
 * libsmartcrop resample it.
 *
 * Here are the filter's description, its pads and the formats it takes; vf_smartcrop.h tells where
 * the rest is.
 */

#include <smartcrop/smartcrop.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/fifo.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"
#include "libavutil/opt.h"
#include "libavutil/pixfmt.h"
#include "avfilter.h"
#include "formats.h"
#include "vf_smartcrop.h"

static av_cold int init(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;

    if (smartcrop_api_version() < SMARTCROP_API_VERSION) {
        av_log(ctx, AV_LOG_ERROR, "libsmartcrop %s is older than this filter was built for\n",
               smartcrop_version());
        return AVERROR_EXTERNAL;
    }
    s->options = smartcrop_options_new();
    s->queue   = av_fifo_alloc2(64, sizeof(AVFrame *), AV_FIFO_FLAG_AUTO_GROW);
    if (!s->options || !s->queue)
        return AVERROR(ENOMEM);
    av_fifo_auto_grow_limit(s->queue, SIZE_MAX);
    return ff_smartcrop_set_options(ctx);
}

static av_cold void uninit(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    const size_t waiting = s->queue ? av_fifo_can_read(s->queue) : 0;

    /* Nothing waits after the end. A sink that stopped early asks for no more; one that still asks
     * did not know of the frames, as when ffmpeg sets up its graph anew. */
    if (waiting && ctx->nb_outputs && ctx->outputs[0] && ff_outlink_frame_wanted(ctx->outputs[0]))
        av_log(ctx, AV_LOG_WARNING,
               "%zu frames that waited for their windows were lost as the filter graph was torn "
               "down; where the input changes its size in mid-stream, -reinit_filter 0 before it "
               "keeps them\n", waiting);
    ff_smartcrop_drop_queue(s);
    av_fifo_freep2(&s->queue);
    av_freep(&s->vectors);
    ff_smartcrop_end_conversion(ctx);
    smartcrop_close(&s->core);
    smartcrop_options_free(&s->options);
}

static int config_output(AVFilterLink *outlink)
{
    AVFilterContext *ctx = outlink->src;
    SmartcropContext *s  = ctx->priv;
    AVFilterLink *inlink = ctx->inputs[0];
    smartcrop_geometry geometry = { .struct_size = sizeof(geometry) };
    smartcrop_stream stream;
    int ret;

    ff_smartcrop_describe_link(inlink, &stream);
    if ((ret = ff_smartcrop_fit_lookahead(ctx, &stream)) < 0 ||
        (ret = ff_smartcrop_open(ctx, &stream)) < 0)
        return ret;
    if ((ret = smartcrop_geometry_of(s->core, &geometry)) < 0)
        return ff_smartcrop_report(ctx, ret);

    outlink->w = geometry.output_width;
    outlink->h = geometry.output_height;
    outlink->sample_aspect_ratio = (AVRational){ geometry.sar_num, geometry.sar_den };
    av_log(ctx, AV_LOG_VERBOSE, "%dx%d: a window of %gx%g to %dx%d sar:%d/%d\n", inlink->w,
           inlink->h, geometry.window_width, geometry.window_height, outlink->w, outlink->h,
           geometry.sar_num, geometry.sar_den);
    return 0;
}

AVFILTER_DEFINE_CLASS_EXT(smartcrop_filter, "smartcrop", ff_smartcrop_options);

/* The planar formats of native byte order; FFmpeg converts others by itself. */
static const enum AVPixelFormat pixel_formats[] = {
    AV_PIX_FMT_GRAY8,      AV_PIX_FMT_GRAY9,      AV_PIX_FMT_GRAY10,     AV_PIX_FMT_GRAY12,
    AV_PIX_FMT_GRAY14,     AV_PIX_FMT_GRAY16,     AV_PIX_FMT_GRAYF32,
    AV_PIX_FMT_YUV410P,    AV_PIX_FMT_YUV411P,    AV_PIX_FMT_YUVJ411P,
    AV_PIX_FMT_YUV420P,    AV_PIX_FMT_YUV422P,    AV_PIX_FMT_YUV440P,    AV_PIX_FMT_YUV444P,
    AV_PIX_FMT_YUVJ420P,   AV_PIX_FMT_YUVJ422P,   AV_PIX_FMT_YUVJ440P,   AV_PIX_FMT_YUVJ444P,
    AV_PIX_FMT_YUV420P9,   AV_PIX_FMT_YUV422P9,   AV_PIX_FMT_YUV444P9,
    AV_PIX_FMT_YUV420P10,  AV_PIX_FMT_YUV422P10,  AV_PIX_FMT_YUV440P10,  AV_PIX_FMT_YUV444P10,
    AV_PIX_FMT_YUV420P12,  AV_PIX_FMT_YUV422P12,  AV_PIX_FMT_YUV440P12,  AV_PIX_FMT_YUV444P12,
    AV_PIX_FMT_YUV420P14,  AV_PIX_FMT_YUV422P14,  AV_PIX_FMT_YUV444P14,
    AV_PIX_FMT_YUV420P16,  AV_PIX_FMT_YUV422P16,  AV_PIX_FMT_YUV444P16,
    AV_PIX_FMT_YUVA420P,   AV_PIX_FMT_YUVA422P,   AV_PIX_FMT_YUVA444P,
    AV_PIX_FMT_YUVA420P9,  AV_PIX_FMT_YUVA422P9,  AV_PIX_FMT_YUVA444P9,
    AV_PIX_FMT_YUVA420P10, AV_PIX_FMT_YUVA422P10, AV_PIX_FMT_YUVA444P10,
    AV_PIX_FMT_YUVA422P12, AV_PIX_FMT_YUVA444P12,
    AV_PIX_FMT_YUVA420P16, AV_PIX_FMT_YUVA422P16, AV_PIX_FMT_YUVA444P16,
    AV_PIX_FMT_GBRP,       AV_PIX_FMT_GBRP9,      AV_PIX_FMT_GBRP10,     AV_PIX_FMT_GBRP12,
    AV_PIX_FMT_GBRP14,     AV_PIX_FMT_GBRP16,     AV_PIX_FMT_GBRPF32,
    AV_PIX_FMT_GBRAP,      AV_PIX_FMT_GBRAP10,    AV_PIX_FMT_GBRAP12,    AV_PIX_FMT_GBRAP16,
    AV_PIX_FMT_GBRAPF32,
#ifdef AV_PIX_FMT_GBRAP14
    AV_PIX_FMT_GBRAP14,
#endif
    AV_PIX_FMT_NONE
};

static const AVFilterPad smartcrop_inputs[] = {
    {
        .name = "default",
        .type = AVMEDIA_TYPE_VIDEO,
    },
};

static const AVFilterPad smartcrop_outputs[] = {
    {
        .name         = "default",
        .type         = AVMEDIA_TYPE_VIDEO,
        .config_props = config_output,
    },
};

#define DESCRIPTION NULL_IF_CONFIG_SMALL("Crop to another shape, following what viewers look at.")

/* From FFmpeg 8.0 on the public part of a filter's description is a struct inside it. */
#if LIBAVFILTER_VERSION_MAJOR >= 11
const FFFilter ff_vf_smartcrop = {
    .p.name          = "smartcrop",
    .p.description   = DESCRIPTION,
    .p.priv_class    = &smartcrop_filter_class,
#else
const AVFilter ff_vf_smartcrop = {
    .name            = "smartcrop",
    .description     = DESCRIPTION,
    .priv_class      = &smartcrop_filter_class,
#endif
    .priv_size       = sizeof(SmartcropContext),
    .init            = init,
    .uninit          = uninit,
    .activate        = ff_smartcrop_activate,
    .process_command = ff_smartcrop_process_command,
    FILTER_INPUTS(smartcrop_inputs),
    FILTER_OUTPUTS(smartcrop_outputs),
    FILTER_PIXFMTS_ARRAY(pixel_formats),
};
