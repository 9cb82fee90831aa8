/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file is an addition to FFmpeg, under FFmpeg's own terms: you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public License as published by the Free
 * Software Foundation; either version 2.1 of the License, or (at your option) any later version.
 */

/**
 * @file
 * the options, whose table is libsmartcrop's own
 */

#include <stddef.h>
#include <string.h>

#include <smartcrop/smartcrop.h>

#include "libavutil/avstring.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"
#include "libavutil/opt.h"
#include "libavutil/parseutils.h"
#include "avfilter.h"
#include "vf_smartcrop.h"

#define OFFSET(name) offsetof(SmartcropContext, values.name)
#define FLAGS(flags) (AV_OPT_FLAG_FILTERING_PARAM | AV_OPT_FLAG_VIDEO_PARAM | \
                      ((flags) & SMARTCROP_OPTION_LIVE ? AV_OPT_FLAG_RUNTIME_PARAM : 0))
#define HELP(help, unit) (sizeof(unit) > 1 ? help " [" unit "]" : help)

const AVOption ff_smartcrop_options[] = {
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

int ff_smartcrop_set_options(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    int status;

    if ((status = join_aspect(&s->values)) < 0 || (status = expand_size(&s->values)) < 0)
        return status;

#define SET_AS(set, name, value)                                                                   \
    if ((status = set(s->options, name, value)) < 0)                                               \
        return ff_smartcrop_report(ctx, status);
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

int ff_smartcrop_process_command(AVFilterContext *ctx, const char *command, const char *argument,
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
    return ret < 0 ? ff_smartcrop_report(ctx, ret) : 0;
}
