/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * frames in: what libsmartcrop is told of a frame, its samples and what came attached to it
 */

#include <string.h>

#include <smartcrop/smartcrop.h>

#include "libavutil/common.h"
#include "libavutil/detection_bbox.h"
#include "libavutil/error.h"
#include "libavutil/fifo.h"
#include "libavutil/frame.h"
#include "libavutil/mem.h"
#include "libavutil/motion_vector.h"
#include "avfilter.h"
#include "vf_smartcrop.h"

#define MAX_BOXES 64 ///< of a frame, given by filters before this one

smartcrop_frame ff_smartcrop_borrow(const AVFrame *frame)
{
    smartcrop_frame result = { .struct_size = sizeof(result), .opaque = (void *)frame };

    for (int i = 0; i < 4; i++) {
        result.data[i]   = frame->data[i];
        result.stride[i] = frame->linesize[i];
    }
    result.pts = frame->pts == AV_NOPTS_VALUE ? SMARTCROP_NO_PTS : frame->pts;
#ifdef AV_FRAME_FLAG_INTERLACED
    if (frame->flags & AV_FRAME_FLAG_INTERLACED)
#else
    if (frame->interlaced_frame)
#endif
        result.flags |= SMARTCROP_FRAME_INTERLACED;
    if (frame->pict_type == AV_PICTURE_TYPE_B)
        result.flags |= SMARTCROP_FRAME_BIDIRECTIONAL;
    return result;
}

/* Regions of interest, as addroi attaches them. Those that are to be coded worse than the rest are
 * of no interest. */
static void add_regions(const AVFrame *frame, smartcrop_frame *to, smartcrop_box *boxes)
{
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_REGIONS_OF_INTEREST);
    const AVRegionOfInterest *roi;

    for (size_t at = 0; data && at + sizeof(*roi) <= data->size; at += roi->self_size) {
        roi = (const AVRegionOfInterest *)(data->data + at);
        if (roi->self_size < sizeof(*roi))
            break;
        to->boxes    = boxes;
        to->box_size = sizeof(*boxes);
        if (to->box_count < MAX_BOXES && roi->qoffset.num <= 0 && roi->right > roi->left &&
            roi->bottom > roi->top)
            boxes[to->box_count++] = (smartcrop_box) {
                .x      = roi->left,
                .y      = roi->top,
                .width  = roi->right - roi->left,
                .height = roi->bottom - roi->top,
            };
    }
}

/* What a detector found, such as the filter dnn_detect. */
static void add_detections(const AVFrame *frame, smartcrop_frame *to, smartcrop_box *boxes)
{
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_DETECTION_BBOXES);
    const AVDetectionBBoxHeader *header = data ? (const AVDetectionBBoxHeader *)data->data : NULL;

    for (unsigned i = 0; header && i < header->nb_bboxes && to->box_count < MAX_BOXES; i++) {
        const AVDetectionBBox *box = av_get_detection_bbox(header, i);
        const AVRational sure      = box->detect_confidence;

        if (box->w > 0 && box->h > 0)
            boxes[to->box_count++] = (smartcrop_box) {
                .x      = box->x,
                .y      = box->y,
                .width  = box->w,
                .height = box->h,
                .weight = sure.num > 0 && sure.den > 0 ? FFMIN(av_q2d(sure), 1) : 1,
            };
    }
    if (header) {
        to->boxes    = boxes;
        to->box_size = sizeof(*boxes);
    }
}

/* Motion vectors, which decoders attach where flags2 has export_mvs. Theirs lead from this frame to
 * the other. */
static int add_vectors(SmartcropContext *s, const AVFrame *frame, smartcrop_frame *to)
{
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_MOTION_VECTORS);
    const AVMotionVector *exported = data ? (const AVMotionVector *)data->data : NULL;
    const size_t count = data ? data->size / sizeof(*exported) : 0;

    if (!count || !strcmp(s->values.motion, "proxy") || !strcmp(s->values.motion, "none"))
        return 0;
    av_fast_malloc(&s->vectors, &s->vectors_size, count * sizeof(*s->vectors));
    if (!s->vectors)
        return AVERROR(ENOMEM);
    for (size_t i = 0; i < count; i++) {
        const float scale = FFMAX(exported[i].motion_scale, 1);

        s->vectors[i] = (smartcrop_motion_vector) {
            .x         = exported[i].dst_x,
            .y         = exported[i].dst_y,
            .width     = exported[i].w,
            .height    = exported[i].h,
            .dx        = -exported[i].motion_x / scale,
            .dy        = -exported[i].motion_y / scale,
            .direction = FFDIFFSIGN(exported[i].source, 0),
        };
    }
    to->motion_vectors      = s->vectors;
    to->motion_vector_size  = sizeof(*s->vectors);
    to->motion_vector_count = count;
    return 0;
}

int ff_smartcrop_send_frame(AVFilterContext *ctx, AVFrame *frame)
{
    SmartcropContext *s      = ctx->priv;
    smartcrop_frame borrowed = ff_smartcrop_borrow(frame);
    smartcrop_box boxes[MAX_BOXES];
    int ret;

    add_regions(frame, &borrowed, boxes);
    add_detections(frame, &borrowed, boxes);
    ret = add_vectors(s, frame, &borrowed);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    ret = smartcrop_send(s->core, &borrowed);
    if (ret == SMARTCROP_OK) {
        s->nb_sent++;
        ret = av_fifo_write(s->queue, &frame, 1);
        if (ret >= 0)
            return 0;
    } else if (ret == SMARTCROP_AGAIN) { /* not after receive has just said so */
        ret = AVERROR_BUG;
    } else {
        ret = ff_smartcrop_report(ctx, ret);
    }
    av_frame_free(&frame);
    return ret;
}
