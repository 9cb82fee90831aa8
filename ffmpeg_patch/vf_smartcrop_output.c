/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * frames out: the window cut from a frame, and its numbers as metadata
 */

#include <math.h>
#include <stdio.h>

#include <smartcrop/smartcrop.h>

#include "libavutil/dict.h"
#include "libavutil/error.h"
#include "libavutil/fifo.h"
#include "libavutil/frame.h"
#include "libavutil/imgutils.h"
#include "libavutil/pixdesc.h"
#include "avfilter.h"
#include "video.h"
#include "vf_smartcrop.h"

/* What the frame of a decision is to core and to libavfilter. */
typedef struct Shot {
    smartcrop_decision decision;
    AVFrame *frame;
} Shot;

/* Crops by moving the plane pointers: no sample is touched. */
static void move_pointers(AVFrame *frame, const AVFilterLink *outlink, int x, int y)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    int step[4];

    av_image_fill_max_pixsteps(step, NULL, desc);
    for (int i = 0; i < 4 && frame->data[i]; i++) {
        const int is_chroma = i == 1 || i == 2;
        const int column    = is_chroma ? x >> desc->log2_chroma_w : x;
        const int row       = is_chroma ? y >> desc->log2_chroma_h : y;

        frame->data[i] += row * (ptrdiff_t)frame->linesize[i] + column * step[i];
    }
    frame->width  = outlink->w;
    frame->height = outlink->h;
}

/* Replaces the frame by a resampled window of it. */
static int resample(AVFilterContext *ctx, Shot *shot, AVFilterLink *outlink)
{
    SmartcropContext *s         = ctx->priv;
    const smartcrop_frame frame = ff_smartcrop_borrow(shot->frame);
    smartcrop_picture picture   = { .struct_size = sizeof(picture) };
    AVFrame *out                = ff_get_video_buffer(outlink, outlink->w, outlink->h);
    int ret;

    if (!out)
        return AVERROR(ENOMEM);
    if ((ret = av_frame_copy_props(out, shot->frame)) < 0) {
        av_frame_free(&out);
        return ret;
    }
    for (int i = 0; i < 4; i++) {
        picture.data[i]   = out->data[i];
        picture.stride[i] = out->linesize[i];
    }
    out->sample_aspect_ratio = outlink->sample_aspect_ratio;
    out->crop_left = out->crop_right = out->crop_top = out->crop_bottom = 0;
    ret = smartcrop_render(s->core, &shot->decision, &frame, &picture);
    av_frame_free(&shot->frame);
    shot->frame = out;
    return ret < 0 ? ff_smartcrop_report(ctx, ret) : 0;
}

/* Side data in the coordinates of the whole picture says nothing true of a part of it. */
static void drop_positions(AVFrame *frame)
{
    av_frame_remove_side_data(frame, AV_FRAME_DATA_PANSCAN);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_MOTION_VECTORS);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_VIDEO_ENC_PARAMS);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_REGIONS_OF_INTEREST);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_DETECTION_BBOXES);
}

/* Writes a number with at most two decimals, without needless zeros. */
static int set_number(AVDictionary **metadata, const char *key, double value)
{
    char text[32];
    const long long hundredths = llrint(value * 100);
    const int digits = hundredths % 10 ? 2 : hundredths % 100 ? 1 : 0;

    snprintf(text, sizeof(text), "%.*f", digits, hundredths / 100.);
    return av_dict_set(metadata, key, text, 0);
}

/* Which subject the window goes after, 0 for none with a number, and where it is. */
static int set_subject(AVDictionary **metadata, const smartcrop_decision *decision)
{
    int ret = av_dict_set_int(metadata, "lavfi.smartcrop.subject",
                              decision->has_subject ? decision->subject : 0, 0);

    if (ret < 0 || !decision->has_subject)
        return ret;
    if ((ret = set_number(metadata, "lavfi.smartcrop.subject_x", decision->subject_x)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.subject_y", decision->subject_y)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.subject_w", decision->subject_width)) < 0)
        return ret;
    return set_number(metadata, "lavfi.smartcrop.subject_h", decision->subject_height);
}

static int set_metadata(AVFrame *frame, const smartcrop_decision *decision)
{
    const char *strategy    = smartcrop_strategy_name(decision->strategy);
    AVDictionary **metadata = &frame->metadata;
    int ret;

    if ((ret = set_number(metadata, "lavfi.smartcrop.x", decision->x)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.y", decision->y)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.w", decision->width)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.h", decision->height)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.confidence", decision->confidence)) < 0 ||
        (ret = av_dict_set_int(metadata, "lavfi.smartcrop.shot", decision->shot, 0)) < 0 ||
        (ret = set_subject(metadata, decision)) < 0)
        return ret;
    return strategy ? av_dict_set(metadata, "lavfi.smartcrop.strategy", strategy, 0) : 0;
}

int ff_smartcrop_emit(AVFilterContext *ctx, const smartcrop_decision *decision)
{
    SmartcropContext *s   = ctx->priv;
    AVFilterLink *outlink = ctx->outputs[0];
    Shot shot             = { .decision = *decision };
    int x, y, ret         = 0;

    if (av_fifo_read(s->queue, &shot.frame, 1) < 0 || decision->opaque != shot.frame) {
        av_frame_free(&shot.frame);
        av_log(ctx, AV_LOG_ERROR, "libsmartcrop answered for another frame\n");
        return AVERROR_BUG;
    }
    if (smartcrop_is_exact(s->core, decision, &x, &y) == 1)
        move_pointers(shot.frame, outlink, x, y);
    else
        ret = resample(ctx, &shot, outlink);
    if (ret >= 0)
        ret = set_metadata(shot.frame, decision);
    if (ret < 0) {
        av_frame_free(&shot.frame);
        return ret;
    }
    drop_positions(shot.frame);
    return ff_filter_frame(outlink, shot.frame);
}
