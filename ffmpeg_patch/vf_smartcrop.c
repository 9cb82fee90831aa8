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
 */

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <smartcrop/smartcrop.h>

#include "libavutil/avstring.h"
#include "libavutil/detection_bbox.h"
#include "libavutil/fifo.h"
#include "libavutil/imgutils.h"
#include "libavutil/mem.h"
#include "libavutil/motion_vector.h"
#include "libavutil/opt.h"
#include "libavutil/parseutils.h"
#include "libavutil/pixdesc.h"
#include "avfilter.h"
#include "filters.h"
#include "formats.h"
#include "video.h"
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

#define MAX_BOXES 64 ///< of a frame, given by filters before this one

typedef struct SmartcropValues {
#define SC_NUMBER(name, default, minimum, maximum, unit, flags, help) double name;
#define SC_INTEGER(name, default, minimum, maximum, unit, flags, help) int name;
#define SC_BOOL(name, default, flags, help) int name;
#define SC_STRING(name, default, flags, help) char *name;
#define SC_CHOICE(name, default, choices, flags, help) char *name;
#define SC_CHOICE_AS(member, name, default, choices, flags, help) char *member;
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
    int64_t nb_sent;              ///< frames sent since core was opened
    int opening_again;            ///< what core logs was said when it was opened before
    int draining;                 ///< NULL was sent: core gives what is left
    int at_end;                   ///< the input has ended
    int end_status;
    int64_t end_pts;
} SmartcropContext;

/* What the frame of a decision is to core and to libavfilter. */
typedef struct Shot {
    smartcrop_decision decision;
    AVFrame *frame;
} Shot;

static int error_of(int status)
{
    switch (status) {
    case SMARTCROP_ERROR_MEMORY:   return AVERROR(ENOMEM);
    case SMARTCROP_ERROR_FILE:     return AVERROR_INVALIDDATA;
    case SMARTCROP_ERROR_INTERNAL: return AVERROR_EXTERNAL;
    default:                       return AVERROR(EINVAL);
    }
}

/* Says why the last call failed and gives the AVERROR for it. */
static int report(AVFilterContext *ctx, int status)
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

/* ---- options --------------------------------------------------------------------------------- */

static int is_number(const char *text)
{
    return text && *text && !text[strspn(text, "0123456789.")];
}

/* A colon separates options, so that 9:16 arrives as an aspect of 9 and a size of 16. That is no
 * size in any notation, so it can only have been meant as the shape. */
static int join_aspect(SmartcropValues *values)
{
    char *joined;

    if (!is_number(values->aspect) || !is_number(values->size))
        return 0;
    joined = av_asprintf("%s:%s", values->aspect, values->size);
    if (!joined)
        return AVERROR(ENOMEM);
    av_free(values->aspect);
    values->aspect  = joined;
    values->size[0] = '\0';
    return 0;
}

/* Names of sizes, such as hd1080, are FFmpeg's own; the library takes WxH. */
static int expand_size(SmartcropValues *values)
{
    int width, height;
    char *expanded;

    if (!values->size || !*values->size || av_isdigit(*values->size) ||
        av_parse_video_size(&width, &height, values->size) < 0)
        return 0;
    expanded = av_asprintf("%dx%d", width, height);
    if (!expanded)
        return AVERROR(ENOMEM);
    av_free(values->size);
    values->size = expanded;
    return 0;
}

static int set_options(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    int status;

#define SET_AS(set, name, value)                                                                   \
    if ((status = set(s->options, name, value)) < 0)                                               \
        return report(ctx, status);
#define SET(set, name, value) SET_AS(set, #name, value)
#define SC_NUMBER(name, default, minimum, maximum, unit, flags, help)                              \
    SET(smartcrop_options_set_number, name, s->values.name)
#define SC_INTEGER(name, default, minimum, maximum, unit, flags, help)                             \
    SET(smartcrop_options_set_number, name, s->values.name)
#define SC_BOOL(name, default, flags, help)                                                        \
    SET(smartcrop_options_set_number, name, s->values.name)
#define SC_STRING(name, default, flags, help)                                                      \
    SET(smartcrop_options_set, name, s->values.name ? s->values.name : "")
#define SC_CHOICE(name, default, choices, flags, help)                                             \
    SET(smartcrop_options_set, name, s->values.name ? s->values.name : "")
#define SC_CHOICE_AS(member, name, default, choices, flags, help)                                  \
    SET_AS(smartcrop_options_set, name, s->values.member ? s->values.member : "")
#include <smartcrop/options.def>
#undef SET
#undef SET_AS
    return 0;
}

static av_cold int init(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    int ret;

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
    if ((ret = join_aspect(&s->values)) < 0 || (ret = expand_size(&s->values)) < 0)
        return ret;
    return set_options(ctx);
}

static void drop_queue(SmartcropContext *s)
{
    AVFrame *frame;

    while (s->queue && av_fifo_read(s->queue, &frame, 1) >= 0)
        av_frame_free(&frame);
    av_frame_free(&s->held);
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
    drop_queue(s);
    av_fifo_freep2(&s->queue);
    av_freep(&s->vectors);
    smartcrop_close(&s->core);
    smartcrop_options_free(&s->options);
}

static int process_command(AVFilterContext *ctx, const char *command, const char *argument,
                           char *answer, int answer_size, int flags)
{
    SmartcropContext *s = ctx->priv;
    double value;
    int ret = ff_filter_process_command(ctx, command, argument, answer, answer_size, flags);

    if (ret < 0)
        return ret;
    if ((ret = av_opt_get_double(s, command, 0, &value)) < 0)
        return ret;
    ret = smartcrop_options_set_number(s->options, command, value);
    if (ret >= 0 && s->core)
        ret = smartcrop_set_live(s->core, command, value);
    return ret < 0 ? report(ctx, ret) : 0;
}

/* ---- opening --------------------------------------------------------------------------------- */

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

static void describe_link(AVFilterLink *link, smartcrop_stream *stream)
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

/* The stream as this frame says it is. */
static smartcrop_stream describe_frame(const SmartcropContext *s, const AVFrame *frame)
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

/* Frames that wait cost memory; shortens the look-ahead until they fit into buffer. */
static int fit_lookahead(AVFilterContext *ctx, const smartcrop_stream *stream)
{
    SmartcropContext *s = ctx->priv;
    int status = smartcrop_options_set_number(s->options, "lookahead", s->values.lookahead);

    if (status >= 0)
        status = smartcrop_fit_lookahead(s->options, stream, log_line, ctx);
    return status < 0 ? report(ctx, status) : 0;
}

static int open_core(AVFilterContext *ctx, const smartcrop_stream *stream)
{
    SmartcropContext *s = ctx->priv;
    int status;

    s->opening_again = s->core != NULL;
    smartcrop_close(&s->core);
    status = smartcrop_open(&s->core, s->options, stream, log_line, ctx);
    s->opening_again = 0;
    if (status < 0)
        return report(ctx, status);
    s->stream   = *stream;
    s->nb_sent  = 0;
    s->draining = 0;
    return 0;
}

static int config_output(AVFilterLink *outlink)
{
    AVFilterContext *ctx = outlink->src;
    SmartcropContext *s  = ctx->priv;
    AVFilterLink *inlink = ctx->inputs[0];
    smartcrop_geometry geometry = { .struct_size = sizeof(geometry) };
    smartcrop_stream stream;
    int ret;

    describe_link(inlink, &stream);
    if ((ret = fit_lookahead(ctx, &stream)) < 0 ||
        (ret = open_core(ctx, &stream)) < 0)
        return ret;
    if ((ret = smartcrop_geometry_of(s->core, &geometry)) < 0)
        return report(ctx, ret);

    outlink->w = geometry.output_width;
    outlink->h = geometry.output_height;
    outlink->sample_aspect_ratio = (AVRational){ geometry.sar_num, geometry.sar_den };
    av_log(ctx, AV_LOG_VERBOSE, "%dx%d: a window of %gx%g to %dx%d sar:%d/%d\n", inlink->w,
           inlink->h, geometry.window_width, geometry.window_height, outlink->w, outlink->h,
           geometry.sar_num, geometry.sar_den);
    return 0;
}

/* ---- frames out ------------------------------------------------------------------------------ */

static smartcrop_frame borrow(const AVFrame *frame)
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
    const smartcrop_frame frame = borrow(shot->frame);
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
    return ret < 0 ? report(ctx, ret) : 0;
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

static int set_metadata(AVFrame *frame, const smartcrop_decision *decision)
{
    static const char *const strategies[] = { "hold", "pan", "follow", "fit" };
    AVDictionary **metadata = &frame->metadata;
    int ret;

    if ((ret = set_number(metadata, "lavfi.smartcrop.x", decision->x)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.y", decision->y)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.w", decision->width)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.h", decision->height)) < 0 ||
        (ret = set_number(metadata, "lavfi.smartcrop.confidence", decision->confidence)) < 0 ||
        (ret = av_dict_set_int(metadata, "lavfi.smartcrop.shot", decision->shot, 0)) < 0)
        return ret;
    if (decision->strategy < 0 || decision->strategy >= FF_ARRAY_ELEMS(strategies))
        return 0;
    return av_dict_set(metadata, "lavfi.smartcrop.strategy", strategies[decision->strategy], 0);
}

/* Sends on the oldest waiting frame, cropped as decided. */
static int emit(AVFilterContext *ctx, const smartcrop_decision *decision)
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

/* ---- frames in ------------------------------------------------------------------------------- */

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
        to->boxes = boxes;
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
    if (header)
        to->boxes = boxes;
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
    to->motion_vector_count = count;
    return 0;
}

static int send_frame(AVFilterContext *ctx, AVFrame *frame)
{
    SmartcropContext *s      = ctx->priv;
    smartcrop_frame borrowed = borrow(frame);
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
        ret = report(ctx, ret);
    }
    av_frame_free(&frame);
    return ret;
}

static int send_end(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    const int status    = smartcrop_send(s->core, NULL);

    s->draining = 1;
    return status < 0 ? report(ctx, status) : 0;
}

/* Opens core for the stream that begins with this frame and sends it. The output stays as it is. */
static int begin_stream(AVFilterContext *ctx, AVFrame *frame)
{
    SmartcropContext *s           = ctx->priv;
    const AVFilterLink *inlink    = ctx->inputs[0];
    const AVFilterLink *outlink   = ctx->outputs[0];
    const smartcrop_stream stream = describe_frame(s, frame);
    char size[32];
    int ret;

    if (frame->width == inlink->w && frame->height == inlink->h)
        snprintf(size, sizeof(size), "%s", s->values.size ? s->values.size : "");
    else
        snprintf(size, sizeof(size), "%dx%d", outlink->w, outlink->h);
    ret = smartcrop_options_set(s->options, "size", size);
    if (ret < 0)
        ret = report(ctx, ret);
    else if (stream.width != s->stream.width || stream.height != s->stream.height)
        ret = fit_lookahead(ctx, &stream);
    if (ret >= 0)
        ret = open_core(ctx, &stream);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    return send_frame(ctx, frame);
}

static int take_frame(AVFilterContext *ctx, AVFrame *frame)
{
    SmartcropContext *s           = ctx->priv;
    const smartcrop_stream stream = describe_frame(s, frame);
    const int new_size   = stream.width != s->stream.width || stream.height != s->stream.height;
    const int new_colour = stream.matrix != s->stream.matrix ||
                           stream.full_range != s->stream.full_range;

    if (frame->format != ctx->inputs[0]->format) {
        av_log(ctx, AV_LOG_ERROR, "the pixel format changes from %s to %s in mid-stream; put a "
               "format filter before smartcrop\n", av_get_pix_fmt_name(ctx->inputs[0]->format),
               av_get_pix_fmt_name(frame->format));
        av_frame_free(&frame);
        return AVERROR(EINVAL);
    }
    if (!s->nb_sent && (new_size || new_colour))
        return begin_stream(ctx, frame);
    if (!new_size)
        return send_frame(ctx, frame);
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
        return report(ctx, status);
    if (status == SMARTCROP_AGAIN)
        return FFERROR_NOT_READY;
    if (status == SMARTCROP_OK) {
        ff_filter_set_ready(ctx, 100);
        return emit(ctx, &decision);
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

static int activate(AVFilterContext *ctx)
{
    SmartcropContext *s   = ctx->priv;
    AVFilterLink *inlink  = ctx->inputs[0];
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *frame;
    int ret = ff_outlink_get_status(outlink);

    if (ret) {
        ff_inlink_set_status(inlink, ret);
        drop_queue(s);
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

/* ---- description ----------------------------------------------------------------------------- */

#define OFFSET(name) offsetof(SmartcropContext, values.name)
#define FLAGS(flags) (AV_OPT_FLAG_FILTERING_PARAM | AV_OPT_FLAG_VIDEO_PARAM | \
                      ((flags) & SMARTCROP_OPTION_LIVE ? AV_OPT_FLAG_RUNTIME_PARAM : 0))
#define HELP(help, unit) (sizeof(unit) > 1 ? help " [" unit "]" : help)

static const AVOption smartcrop_filter_options[] = {
#define SC_NUMBER(name, default, minimum, maximum, unit, flags, help) \
    { #name, HELP(help, unit), OFFSET(name), AV_OPT_TYPE_DOUBLE, { .dbl = default }, minimum, \
      maximum, FLAGS(flags) },
#define SC_INTEGER(name, default, minimum, maximum, unit, flags, help) \
    { #name, HELP(help, unit), OFFSET(name), AV_OPT_TYPE_INT, { .i64 = default }, minimum, \
      maximum, FLAGS(flags) },
#define SC_BOOL(name, default, flags, help) \
    { #name, help, OFFSET(name), AV_OPT_TYPE_BOOL, { .i64 = default }, 0, 1, FLAGS(flags) },
#define SC_STRING(name, default, flags, help) \
    { #name, help, OFFSET(name), AV_OPT_TYPE_STRING, { .str = default }, 0, 0, FLAGS(flags) },
#define SC_CHOICE(name, default, choices, flags, help) \
    { #name, help " (" choices ")", OFFSET(name), AV_OPT_TYPE_STRING, { .str = default }, 0, 0, \
      FLAGS(flags) },
#define SC_CHOICE_AS(member, name, default, choices, flags, help) \
    { name, help " (" choices ")", OFFSET(member), AV_OPT_TYPE_STRING, { .str = default }, 0, 0, \
      FLAGS(flags) },
#include <smartcrop/options.def>
    { NULL }
};

AVFILTER_DEFINE_CLASS_EXT(smartcrop_filter, "smartcrop", smartcrop_filter_options);

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
    .activate        = activate,
    .process_command = process_command,
    FILTER_INPUTS(smartcrop_inputs),
    FILTER_OUTPUTS(smartcrop_outputs),
    FILTER_PIXFMTS_ARRAY(pixel_formats),
};
