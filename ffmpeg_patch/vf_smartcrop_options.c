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
#include <stdint.h>
#include <stdio.h>
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
#define FLAGS(roles) (AV_OPT_FLAG_FILTERING_PARAM | AV_OPT_FLAG_VIDEO_PARAM | \
                      ((roles) & SMARTCROP_OPTION_LIVE ? AV_OPT_FLAG_RUNTIME_PARAM : 0))
#define HELP(help, unit) (sizeof(unit) > 1 ? help " [" unit "]" : help)

/* The numbers of each choice's values. */
#define SC_CHOICE(member, name, type, default, roles, help) enum {
#define SC_VALUE(member, value, name, help) member##_##value,
#define SC_END(member) };
#include <smartcrop/options.def>

/* Their names, side by side, so that one of them is a constant. */
#define SC_CHOICE(member, name, type, default, roles, help) \
    static const char names_##member[][16] = {
#define SC_VALUE(member, value, name, help) name,
#define SC_END(member) };
#include <smartcrop/options.def>

/* A choice is a string, since FFmpeg refuses the wrong name of a number without saying which ones
 * there are; the library lists them. Its values are constants for the help. */
const AVOption ff_smartcrop_options[] = {
#define SC_NUMBER(name, default, minimum, maximum, unit, roles, help) \
    { #name, HELP(help, unit), OFFSET(name), AV_OPT_TYPE_DOUBLE, { .dbl = default }, minimum, \
      maximum, FLAGS(roles) },
#define SC_INTEGER(name, default, minimum, maximum, unit, roles, help) \
    { #name, HELP(help, unit), OFFSET(name), AV_OPT_TYPE_INT, { .i64 = default }, minimum, \
      maximum, FLAGS(roles) },
#define SC_BOOL(name, default, roles, help) \
    { #name, help, OFFSET(name), AV_OPT_TYPE_BOOL, { .i64 = default }, 0, 1, FLAGS(roles) },
#define SC_TEXT(name, default, roles, help) \
    { #name, help, OFFSET(name), AV_OPT_TYPE_STRING, { .str = default }, 0, 0, FLAGS(roles) },
#define SC_FOLLOW(name, default, roles, help) \
    { #name, help, OFFSET(name), AV_OPT_TYPE_STRING, { .str = default }, 0, 0, \
      FLAGS((roles) | SMARTCROP_OPTION_LIVE) },
#define SC_CHOICE(member, name, type, default, roles, help) \
    { name, help, OFFSET(member), AV_OPT_TYPE_STRING, \
      { .str = names_##member[member##_##default] }, 0, 0, FLAGS(roles), .unit = #member },
#define SC_VALUE(member, value, name, help) \
    { name, help, 0, AV_OPT_TYPE_CONST, { .i64 = member##_##value }, 0, 0, FLAGS(0), \
      .unit = #member },
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
static int set_size(AVFilterContext *ctx, const char *key, const char *text)
{
    SmartcropContext *s = ctx->priv;
    int width, height, status = smartcrop_options_set(s->options, key, text);
    char expanded[32];

    if (status >= 0 || av_isdigit(*text) || av_parse_video_size(&width, &height, text) < 0)
        return status;
    snprintf(expanded, sizeof(expanded), "%dx%d", width, height);
    return smartcrop_options_set(s->options, key, expanded);
}

/* So are names of colours, such as navy; the library takes #RRGGBB. */
static int set_colour(AVFilterContext *ctx, const char *key, const char *text)
{
    SmartcropContext *s = ctx->priv;
    int status = smartcrop_options_set(s->options, key, text);
    uint8_t rgba[4];
    char expanded[8];

    if (status >= 0 || *text == '#' || av_parse_color(rgba, text, -1, ctx) < 0 || rgba[3] != 255)
        return status;
    snprintf(expanded, sizeof(expanded), "#%02x%02x%02x", rgba[0], rgba[1], rgba[2]);
    return smartcrop_options_set(s->options, key, expanded);
}

int ff_smartcrop_set_options(AVFilterContext *ctx)
{
    SmartcropContext *s = ctx->priv;
    int status;

    if ((status = join_aspect(&s->values)) < 0)
        return status;

#define SET(call)                                                                                  \
    if ((status = call) < 0)                                                                       \
        return ff_smartcrop_report(ctx, status);
#define TEXT(value) ((value) ? (value) : "")
#define SC_NUMBER(name, default, minimum, maximum, unit, roles, help)                              \
    SET(smartcrop_options_set_number(s->options, #name, s->values.name))
#define SC_INTEGER(name, default, minimum, maximum, unit, roles, help)                             \
    SET(smartcrop_options_set_number(s->options, #name, s->values.name))
#define SC_BOOL(name, default, roles, help)                                                        \
    SET(smartcrop_options_set_number(s->options, #name, s->values.name))
#define SC_TEXT(name, default, roles, help)                                                        \
    SET(smartcrop_options_set(s->options, #name, TEXT(s->values.name)))
#define SC_SIZE(name, default, roles, help) SET(set_size(ctx, #name, TEXT(s->values.name)))
#define SC_COLOUR(name, default, roles, help) SET(set_colour(ctx, #name, TEXT(s->values.name)))
#define SC_CHOICE(member, name, type, default, roles, help)                                        \
    SET(smartcrop_options_set(s->options, name, TEXT(s->values.member)))
#include <smartcrop/options.def>
#undef SET
#undef TEXT
    return 0;
}

/* The subject of a command is followed from the next frame on; a core that is opened again for
 * another stream begins with it. */
static int follow(AVFilterContext *ctx, const char *subject)
{
    SmartcropContext *s = ctx->priv;
    int status          = s->core ? smartcrop_follow(s->core, subject) : SMARTCROP_OK;

    if (status >= 0)
        status = smartcrop_options_set(s->options, "follow", subject);
    return status < 0 ? ff_smartcrop_report(ctx, status) : 0;
}

int ff_smartcrop_process_command(AVFilterContext *ctx, const char *command, const char *argument,
                                 char *answer, int answer_size, int flags)
{
    SmartcropContext *s = ctx->priv;
    double value;
    int ret;

    if (!strcmp(command, "follow"))
        return follow(ctx, argument ? argument : "");
    ret = ff_filter_process_command(ctx, command, argument, answer, answer_size, flags);
    if (ret < 0)
        return ret;
    if ((ret = av_opt_get_double(s, command, 0, &value)) < 0)
        return ret;
    ret = smartcrop_options_set_number(s->options, command, value);
    if (ret >= 0 && s->core)
        ret = smartcrop_set_live(s->core, command, value);
    return ret < 0 ? ff_smartcrop_report(ctx, ret) : 0;
}
