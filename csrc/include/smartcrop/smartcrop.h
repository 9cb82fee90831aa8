/* SPDX-License-Identifier: MIT
 *
 * libsmartcrop: chooses, for each frame of a video, the part of the picture to keep.
 *
 * A whole host, in C99. It reads raw 4:2:0 frames and prints a window for each. The tests build
 * and run this very text, tests/examples/host.c:
 *
 *     // ffmpeg -i in.mp4 -f rawvideo -pix_fmt yuv420p - | ./host 1280 720 25 > windows.txt
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *
 *     #include <smartcrop/smartcrop.h>
 *
 *     // Takes every decision that is ready: one for each frame, in the order of the frames.
 *     static int take(smartcrop_context *context) {
 *       smartcrop_decision at = {sizeof at};
 *       int status;
 *       while ((status = smartcrop_receive(context, &at)) == SMARTCROP_OK)
 *         printf("%lld %g %g %g %g\n", (long long)at.frame, at.x, at.y, at.width, at.height);
 *       return status;  // AGAIN: send the next frame. END: that was the last decision.
 *     }
 *
 *     // Sends every frame, then NULL, and takes until the end.
 *     static int run(smartcrop_context *context, unsigned char *pixels, int width, int height) {
 *       const int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
 *       const size_t luma = (size_t)width * height, chroma = (size_t)half_width * half_height;
 *       smartcrop_frame frame = {sizeof frame, {pixels, pixels + luma, pixels + luma + chroma}};
 *       frame.stride[0] = width;
 *       frame.stride[1] = frame.stride[2] = half_width;
 *       int status = SMARTCROP_AGAIN;
 *       while (status == SMARTCROP_AGAIN) {
 *         const int more = fread(pixels, 1, luma + 2 * chroma, stdin) == luma + 2 * chroma;
 *         while ((status = smartcrop_send(context, more ? &frame : NULL)) == SMARTCROP_AGAIN)
 *           if ((status = take(context)) < 0) return status;
 *         if (status < 0) return status;
 *         status = take(context);
 *         frame.pts++;
 *       }
 *       return status;
 *     }
 *
 *     int main(int count, char **words) {
 *       if (count != 4) return fputs("host WIDTH HEIGHT FRAMES_PER_SECOND < frames\n", stderr), 2;
 *       const int width = atoi(words[1]), height = atoi(words[2]), rate = atoi(words[3]);
 *       smartcrop_stream stream = {sizeof stream, width, height, {SMARTCROP_YUV, 8, 1, 1, 0}};
 *       stream.time_base_num = stream.frame_rate_den = 1;
 *       stream.time_base_den = stream.frame_rate_num = rate;
 *       stream.matrix = stream.transfer = stream.primaries = 2;  // unspecified
 *       unsigned char *pixels = malloc((size_t)(width + 1) * (height + 1) * 3 / 2);
 *       smartcrop_context *context = NULL;
 *       smartcrop_options *options = smartcrop_options_new();
 *       int status = smartcrop_options_set(options, "aspect", "9/16");
 *       if (status >= 0) status = smartcrop_open(&context, options, &stream, NULL, NULL);
 *       if (status >= 0) status = run(context, pixels, width, height);
 *       if (status < 0) fprintf(stderr, "%s\n", smartcrop_last_error());
 *       smartcrop_close(&context);
 *       smartcrop_options_free(&options);
 *       free(pixels);
 *       return status < 0;
 *     }
 *
 * Ownership: pixels are borrowed. They are read during the call that gets them and never kept; the
 * host holds its own frames until their decisions arrive. No call takes ownership of anything.
 *
 * Threads: a context, and an options object, may be used by one thread at a time. Different
 * contexts are independent.
 *
 * Statuses: >= 0 is not an error. After an error, smartcrop_last_error() says in one sentence what
 * is wrong and with which value.
 *
 * Versions: a program goes on with a later library. A struct that begins with struct_size may grow
 * at its end, and so may the elements of an array, whose size is given with it. What a shorter
 * struct lacks counts as 0; what a longer one adds is left alone.
 *
 * Where a clip moves as a whole is told by <smartcrop/clip_motion.h>.
 */
#ifndef SMARTCROP_SMARTCROP_H_
#define SMARTCROP_SMARTCROP_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SMARTCROP_API_VERSION 1

#if defined(_WIN32)
#define SMARTCROP_API __declspec(dllexport)
#else
#define SMARTCROP_API __attribute__((visibility("default")))
#endif

typedef struct smartcrop_options smartcrop_options;
typedef struct smartcrop_context smartcrop_context;

/* ---- statuses ------------------------------------------------------------------------------- */

typedef enum smartcrop_status {
  SMARTCROP_OK = 0,
  SMARTCROP_AGAIN = 1,           /* send: receive first. receive: send first. Never both at once. */
  SMARTCROP_END = 2,             /* receive, after send(NULL): that was all */
  SMARTCROP_ERROR_ARGUMENT = -1, /* a call that breaks the rules of this header */
  SMARTCROP_ERROR_OPTION = -2,   /* unknown option, or a value out of its range */
  SMARTCROP_ERROR_FORMAT = -3,   /* a picture size or pixel format that cannot be cropped so */
  SMARTCROP_ERROR_MODEL = -4,    /* model file or inference runtime missing or unfit */
  SMARTCROP_ERROR_FILE = -5,     /* another file (a plan) missing or malformed */
  SMARTCROP_ERROR_MEMORY = -6,
  SMARTCROP_ERROR_INTERNAL = -7
} smartcrop_status;

/* Short name of a status, such as "again"; never NULL. */
SMARTCROP_API const char *smartcrop_status_name(int status);

/* The sentence about the last failed call on this thread; "" if there was none. Valid until the
 * next call on this thread. */
SMARTCROP_API const char *smartcrop_last_error(void);

/* Version of the library, "major.minor.patch", and of this interface. */
SMARTCROP_API const char *smartcrop_version(void);
SMARTCROP_API int smartcrop_api_version(void);

/* One line about the inference runtime: its version, where it was found and which devices it
 * offers, or why there is none. Loads it on the first call. Never NULL. */
SMARTCROP_API const char *smartcrop_runtime_info(void);

/* ---- options -------------------------------------------------------------------------------- */

typedef enum smartcrop_option_kind {
  SMARTCROP_OPTION_NUMBER = 0,
  SMARTCROP_OPTION_INTEGER = 1,
  SMARTCROP_OPTION_BOOL = 2,   /* 0/1, and true/false, yes/no, on/off when set as text */
  SMARTCROP_OPTION_CHOICE = 3, /* one of choices */
  SMARTCROP_OPTION_SHAPE = 4,  /* width over height: auto, W/H, WxH, W:H or a number */
  SMARTCROP_OPTION_SIZE = 5,   /* WxH in pixels; "": none */
  SMARTCROP_OPTION_COLOUR = 6, /* black, white, grey or #RRGGBB */
  SMARTCROP_OPTION_PATH = 7,   /* of a file; "": none */
  SMARTCROP_OPTION_MODEL = 8,  /* the name of a network, the path of its file, or none */
  SMARTCROP_OPTION_NAMES = 9,  /* names with + or , between them; "": none */
  SMARTCROP_OPTION_FOLLOW = 10 /* XxY, XxYxWxH or #ID, each with @SECONDS, with + between */
} smartcrop_option_kind;

/* Roles of an option: what it has an effect on, and whether it may change while running. */
enum {
  SMARTCROP_OPTION_LIVE = 1,    /* smartcrop_set_live() may change it */
  SMARTCROP_OPTION_HOST = 2,    /* hosts that hold frames until they are decided; not the core */
  SMARTCROP_OPTION_ANALYSE = 4, /* the decisions; none of these has an effect where the option plan
                                   is set: the first opening says so in the log */
  SMARTCROP_OPTION_RENDER = 8,  /* the picture made of a decision */
  SMARTCROP_OPTION_SOLVE = 16, /* of those that ANALYSE has: smartcrop_open_analysis() reads it, for
                                  it decides from what was seen, and not what is seen */
  SMARTCROP_OPTION_WRITTEN = 32 /* of a path: the file is written; other paths are read */
};

/* Read it through the pointers that are given: it may grow at its end. Texts are never NULL. */
typedef struct smartcrop_option_row {
  size_t struct_size; /* of the library's */
  const char *name;
  smartcrop_option_kind kind;
  int roles;                       /* a set of SMARTCROP_OPTION_LIVE and so on */
  const char *section;             /* title of the group that it is shown in */
  const char *default_value;       /* as text */
  double minimum, maximum;         /* numbers and integers */
  const char *unit;                /* to write behind a number; "" where there is none */
  const char *const *choices;      /* of a choice: the names, ended by NULL; else NULL */
  const char *const *choice_helps; /* what each of them means */
  const char *help;                /* one sentence */
} smartcrop_option_row;

/* All options at their defaults; NULL when out of memory. */
SMARTCROP_API smartcrop_options *smartcrop_options_new(void);
SMARTCROP_API void smartcrop_options_free(smartcrop_options **options); /* sets it to NULL */
SMARTCROP_API int smartcrop_options_set(smartcrop_options *options, const char *key,
                                        const char *value);
SMARTCROP_API int smartcrop_options_set_number(smartcrop_options *options, const char *key,
                                               double value);
/* Sets the option plan to a plan that is at hand: its text, in place of the file's content. The
 * name is for messages. The text is copied. */
SMARTCROP_API int smartcrop_options_set_plan(smartcrop_options *options, const char *name,
                                             const char *text, size_t length);
/* Writes the value as text; returns its length without the final NUL, as snprintf does, or an
 * error. */
SMARTCROP_API int smartcrop_options_get(const smartcrop_options *options, const char *key,
                                        char *buffer, size_t buffer_size);

/* The rows of the table, in order, those of a section together; NULL past the end or for an unknown
 * name. */
SMARTCROP_API const smartcrop_option_row *smartcrop_option_at(int index);
SMARTCROP_API const smartcrop_option_row *smartcrop_option_find(const char *key);

/* The names of the built-in models, for the options model and subjects; NULL past the end. */
SMARTCROP_API const char *smartcrop_model_at(int index);

/* ---- what goes in --------------------------------------------------------------------------- */

typedef enum smartcrop_family {
  SMARTCROP_GREY = 0, /* planes: Y */
  SMARTCROP_YUV = 1,  /* planes: Y, U, V */
  SMARTCROP_RGB = 2   /* planes: G, B, R */
} smartcrop_family;

/* A planar pixel format. Samples are 1 byte wide at depth 8, 2 bytes (native byte order, low bits)
 * at 9 to 16, and floats at depth 32. It lies inside smartcrop_stream, so it does not grow. */
typedef struct smartcrop_pixel_format {
  int32_t family;                       /* smartcrop_family */
  int32_t depth;                        /* 8 to 16, or 32 */
  int32_t subsampling_w, subsampling_h; /* log2, 0 to 2; YUV only */
  int32_t alpha;                        /* 1: one more plane, after the others, full size */
  int32_t reserved[3];                  /* 0 */
} smartcrop_pixel_format;

typedef struct smartcrop_stream {
  size_t struct_size; /* sizeof(smartcrop_stream) */
  int32_t width, height;
  smartcrop_pixel_format format;
  int32_t time_base_num, time_base_den;   /* seconds of one pts tick */
  int32_t frame_rate_num, frame_rate_den; /* nominal; 0/1 where unknown */
  int32_t sar_num, sar_den;               /* shape of a pixel, width/height; 0/1 counts as 1/1 */
  /* Colour, as ITU-T H.273 code points; 2 = unspecified. full_range: 1 full, 0 limited. */
  int32_t matrix, transfer, primaries, full_range;
} smartcrop_stream;

/* Where the samples of a picture lie. */
typedef enum smartcrop_memory {
  SMARTCROP_MEMORY_HOST = 0 /* in the memory of the program, behind the pointers in data */
} smartcrop_memory;

/* frame flags */
enum {
  SMARTCROP_FRAME_INTERLACED = 1,
  SMARTCROP_FRAME_BIDIRECTIONAL = 2 /* a B frame: the others are what motion is counted from */
};

/* What a decoder knows of a block: how far its content is from where it was in another frame. What
 * cannot be (a block outside the picture, a number that is none) is left out. */
typedef struct smartcrop_motion_vector {
  float x, y;          /* middle of the block in this frame, in pixels */
  float width, height; /* of the block, in pixels */
  float dx, dy;        /* the place here minus the place in the other frame, in pixels */
  int32_t direction;   /* below 0: the other frame is an earlier one; above 0: a later one */
  int32_t distance;    /* how many frames lie between; 0: unknown, as FFmpeg exports them */
} smartcrop_motion_vector;

/* What a box is. */
typedef enum smartcrop_box_kind {
  SMARTCROP_BOX_SUBJECT = 0, /* found by the network of the option subjects */
  SMARTCROP_BOX_FACE = 1,    /* the same, of a class that is faces */
  SMARTCROP_BOX_TEXT = 2,    /* burnt into the picture */
  SMARTCROP_BOX_CALLER = 3   /* given with a frame, or by the option hints */
} smartcrop_box_kind;

/* Something that should be seen whole, in source pixels. */
typedef struct smartcrop_box {
  double x, y, width, height; /* may reach out of the picture; what lies outside is ignored */
  double weight;    /* up to 100: what seeing it whole counts, beside a full evidence map's 1;
                       0 counts as 1 */
  int32_t required; /* 1: whole in the window in every frame, or the shot is fitted */
  int32_t kind;     /* smartcrop_box_kind; not read where the caller gives it */
  int64_t id;       /* the same for the same subject; 0: none. The caller's are given back. */
  double score;     /* how sure its finder is, up to 1; 0: unknown */
  int32_t category; /* number of its class, from 1; 0: unknown. The caller's are given back. */
  int32_t followed; /* 1: the window goes after it, whatever else there is */
  int64_t owner;    /* of a face: the id of the person whose it is; 0: unknown. Not read where the
                       caller gives it */
} smartcrop_box;

typedef struct smartcrop_frame {
  size_t struct_size; /* sizeof(smartcrop_frame) */
  const void *data[4];
  ptrdiff_t stride[4]; /* bytes from a row to the next; may be negative, not shorter than a row */
  int64_t pts;         /* in the stream's time base; SMARTCROP_NO_PTS: one frame after the last */
  uint32_t flags;
  void *opaque; /* given back in the decision, never followed */
  /* What the caller knows of this frame, read during send. It holds until another frame says
   * something, the next cut, or 0.75 s. NULL says nothing; boxes with a count of 0 say that there
   * are none any more. A plan that is rendered does not ask for them. */
  const smartcrop_box *boxes;
  size_t box_size;   /* sizeof(smartcrop_box) */
  int32_t box_count; /* 0 to 1000 */
  /* Motion vectors of the codec, in any order, read during send; NULL where there are none, as in
   * an intra frame. They have to be those of this very picture: not scaled, cropped or turned. */
  int32_t motion_vector_count; /* 0 to 1,000,000 */
  const smartcrop_motion_vector *motion_vectors;
  size_t motion_vector_size; /* sizeof(smartcrop_motion_vector) */
  int32_t memory;            /* smartcrop_memory */
  int32_t reserved;          /* 0 */
} smartcrop_frame;

#define SMARTCROP_NO_PTS INT64_MIN

/* ---- what comes out ------------------------------------------------------------------------- */

typedef enum smartcrop_strategy {
  SMARTCROP_HOLD = 0,   /* one window for the shot */
  SMARTCROP_PAN = 1,    /* one eased move */
  SMARTCROP_FOLLOW = 2, /* track the subject */
  SMARTCROP_FIT = 3     /* a window of another shape than the output's, padded */
} smartcrop_strategy;

/* Its name, which is also the choice of the option strategy that asks for it; NULL past the end. */
SMARTCROP_API const char *smartcrop_strategy_name(int strategy);

/* decision flags */
enum {
  SMARTCROP_SHOT_START = 1, /* first frame of a shot: jump here, do not glide */
  SMARTCROP_FALLBACK = 2    /* the evidence asked for failed; the window rests on what was left */
};

/* A part of the source, and the part of the output that it fills. Of another shape, it is
 * stretched.
 */
typedef struct smartcrop_pane {
  double x, y, width, height;             /* in source pixels, inside the picture */
  double to_x, to_y, to_width, to_height; /* in pixels of the output, inside it; brought to whole
                                             chroma samples and whole pairs of rows */
  int64_t subject;                        /* the id of the box that it is of; 0: none */
} smartcrop_pane;

typedef struct smartcrop_decision {
  size_t struct_size;         /* sizeof(smartcrop_decision), set by the caller */
  int64_t frame;              /* number of the frame, from 0, in the order sent */
  int64_t pts;                /* as sent */
  void *opaque;               /* as sent */
  double x, y, width, height; /* window in source pixels, inside the picture; where its shape is not
                                 the output's, it is fitted into the output and padded */
  double confidence;          /* 0 (guess) to 1 */
  int32_t shot;               /* number of the shot, from 0 */
  int32_t strategy;           /* smartcrop_strategy: what the shot came to so far */
  uint32_t flags;
  double target_x,
      target_y;       /* where the window's centre was wanted, before the path was smoothed */
  const char *reason; /* why this strategy, in a few words; never freed; NULL: unknown */
  /* Where the output is divided: its parts, in the order in which they are drawn, borrowed until
   * the next call on the context. NULL and 0: the window alone fills it; this version decides no
   * others. A host may set panes of its own to render. Then they count and the window does not, and
   * what they leave free is padded as beside a window, from the first of them. */
  const smartcrop_pane *panes;
  size_t pane_size;   /* of an element */
  int32_t pane_count; /* 0 to 64 */
  int32_t
      has_subject; /* 1: the window goes after a subject, which is where subject_x and so on say */
  int64_t subject; /* its id; 0: it has none */
  double subject_x, subject_y, subject_width, subject_height; /* in source pixels */
} smartcrop_decision;

typedef enum smartcrop_log_level {
  SMARTCROP_LOG_ERROR = 0,
  SMARTCROP_LOG_WARNING = 1,
  SMARTCROP_LOG_INFO = 2
} smartcrop_log_level;

/* One line without a line break. Called only from inside calls on the context. */
typedef void (*smartcrop_log)(void *cookie, int level, const char *line);

/* ---- the work ------------------------------------------------------------------------------- */

/* Copies what it needs of options and stream. log may be NULL. On error *context is NULL. */
SMARTCROP_API int smartcrop_open(smartcrop_context **context, const smartcrop_options *options,
                                 const smartcrop_stream *stream, smartcrop_log log, void *cookie);
SMARTCROP_API void smartcrop_close(smartcrop_context **context); /* sets it to NULL */

/* Reads one frame, or with NULL ends the stream. AGAIN: not read; receive first. */
SMARTCROP_API int smartcrop_send(smartcrop_context *context, const smartcrop_frame *frame);
/* The next decision, one for each frame, in order. */
SMARTCROP_API int smartcrop_receive(smartcrop_context *context, smartcrop_decision *decision);
/* Forgets every frame and starts again, with the model still loaded. */
SMARTCROP_API int smartcrop_reset(smartcrop_context *context);
/* Changes an option that has the role LIVE, from the next decision on. */
SMARTCROP_API int smartcrop_set_live(smartcrop_context *context, const char *key, double value);

/* Follows another subject from the next frame on, in the words of the option follow, without a
 * time. Of "auto" the camera chooses again. The networks for it are opened by the first
 * call where the option follow did not open them with the context; where that fails, nothing
 * changes. */
SMARTCROP_API int smartcrop_follow(smartcrop_context *context, const char *subject);

/* The most frames that can have been sent and not yet be decided at this frame rate: what a host
 * must be able to hold. Known before opening. A rate of 0 or less, or above 240 (the ticks of a
 * clock), is unknown and counted as 60. */
SMARTCROP_API int smartcrop_max_delay(const smartcrop_options *options, double fps);

/* For hosts that hold the frames: shortens the option lookahead, where that many frames of this
 * stream would not fit into the option buffer, and says so in the log. 1: shortened. 0: it fits. */
SMARTCROP_API int smartcrop_fit_lookahead(smartcrop_options *options,
                                          const smartcrop_stream *stream, smartcrop_log log,
                                          void *cookie);

/* The size of the window in source pixels (the same for each decision; whole numbers unless the
 * output is scaled), the size and the pixel shape of the output picture. */
typedef struct smartcrop_geometry {
  size_t struct_size; /* sizeof(smartcrop_geometry), set by the caller */
  double window_width, window_height;
  int32_t output_width, output_height;
  int32_t sar_num, sar_den; /* of the output's pixels; 0/1 where the input's is unknown */
} smartcrop_geometry;
SMARTCROP_API int smartcrop_geometry_of(const smartcrop_context *context,
                                        smartcrop_geometry *geometry);

/* 1: the decision's window is the output picture sample by sample, so that moving the plane
 * pointers crops it; then offset_x and offset_y (may be NULL) get its top left in luma samples. 0:
 * smartcrop_render() has to resample. Of panes, only one that fills the output can be exact. */
SMARTCROP_API int smartcrop_is_exact(const smartcrop_context *context,
                                     const smartcrop_decision *decision, int *offset_x,
                                     int *offset_y);

/* A picture to write: planes of the stream's format, of the output size. */
typedef struct smartcrop_picture {
  size_t struct_size; /* sizeof(smartcrop_picture) */
  void *data[4];
  ptrdiff_t stride[4];
  int32_t memory;   /* smartcrop_memory */
  int32_t reserved; /* 0 */
} smartcrop_picture;

/* Writes the decision's window of a frame, or its panes, into a picture of the output size, copied
 * where it is exact, resampled where it is not. */
SMARTCROP_API int smartcrop_render(smartcrop_context *context, const smartcrop_decision *decision,
                                   const smartcrop_frame *frame, const smartcrop_picture *picture);

/* The evidence map behind the decision received last: rows of width values that sum to 1, over the
 * whole picture; borrowed until the next call. AGAIN: there is none (a plan is rendered, or nothing
 * was received). For looking at, not for deciding. */
SMARTCROP_API int smartcrop_last_map(const smartcrop_context *context, const float **values,
                                     int *width, int *height);

/* The boxes that were known of the frame of the decision received last, from all sources; borrowed
 * until the next call. box_size is sizeof(smartcrop_box). AGAIN: as for smartcrop_last_map(). For
 * looking at, not for deciding. */
SMARTCROP_API int smartcrop_last_regions(const smartcrop_context *context, size_t box_size,
                                         const smartcrop_box **boxes, int *count);

/* ---- analyses -------------------------------------------------------------------------------- */

/* Opens a run over a file that the option keep wrote. Its frames were seen before, so none are
 * sent: smartcrop_receive() gives the decision of each, and then END. The file is read as it goes.
 * What the run of the video would decide with the same options is decided here, to the bit. options
 * has to be without what was decided when the file was made: what has the role ANALYSE and not
 * SOLVE; and with a lookahead that lets shots be seen as they were. There are no pictures, so
 * nothing can be rendered. smartcrop_reset() goes back to the first frame. On error *context is
 * NULL. */
SMARTCROP_API int smartcrop_open_analysis(smartcrop_context **context,
                                          const smartcrop_options *options, const char *path,
                                          smartcrop_log log, void *cookie);

/* What is known of a frame where no analysis of the video is left, as a plan has it. */
typedef struct smartcrop_point {
  double time;          /* seconds on any clock, not before those of the point before */
  double x, y;          /* where the window's centre was wanted, in source pixels */
  double confidence;    /* 0 (guess) to 1 */
  int32_t shot;         /* number of the shot, from 0, not below that of the point before */
  uint32_t flags;       /* of a decision: SMARTCROP_SHOT_START lets the window jump to a new shot */
  double width, height; /* of the window that was decided, which zooming may go to; 0: unknown */
} smartcrop_point;

typedef struct smartcrop_point_list {
  size_t struct_size; /* sizeof(smartcrop_point_list) */
  const smartcrop_point *points;
  size_t point_size; /* sizeof(smartcrop_point) */
  size_t count;      /* 1 or more */
  size_t reserved;   /* 0 */
} smartcrop_point_list;

/* Opens a run over points, one for each frame. It decides as smartcrop_open_analysis() does, from
 * all that is left to know: the window goes after the points, and there are no boxes and no
 * borders. The option zoom zooms to the sizes that the points say, and not beyond. Options with the
 * role SOLVE are read, and analysis_fps; of stream the size, the format, the frame rate and the
 * shape of the pixels. Points are copied. Decisions have the pts SMARTCROP_NO_PTS. On error
 * *context is NULL. */
SMARTCROP_API int smartcrop_open_points(smartcrop_context **context,
                                        const smartcrop_options *options,
                                        const smartcrop_stream *stream,
                                        const smartcrop_point_list *points, smartcrop_log log,
                                        void *cookie);

/* ---- wishes ---------------------------------------------------------------------------------- */

/* What a wish for a shot says. */
enum {
  SMARTCROP_WISH_STRATEGY = 1, /* its member strategy counts */
  SMARTCROP_WISH_X = 2,        /* its x does */
  SMARTCROP_WISH_Y = 4         /* its y does */
};

/* How a person wants one shot to be cropped. */
typedef struct smartcrop_shot_wish {
  size_t struct_size; /* sizeof(smartcrop_shot_wish) */
  int32_t shot;       /* its number, as decisions have it */
  int32_t says;       /* a set of SMARTCROP_WISH_STRATEGY and so on, of one at least */
  double x, y;        /* the centre of a still window, as shares of the picture; for hold alone */
  int32_t strategy;   /* smartcrop_strategy: hold, where only a place is said */
  int32_t reserved;   /* 0 */
} smartcrop_shot_wish;

/* Where a person wants the centre of the window at one moment of a shot. */
typedef struct smartcrop_key_wish {
  size_t struct_size; /* sizeof(smartcrop_key_wish) */
  double time;        /* seconds since the first frame; of points, on their own clock */
  double x, y;        /* shares of the picture */
  int32_t shot;       /* the shot that it is in, as decisions have it */
  int32_t says;       /* SMARTCROP_WISH_Y: y counts; 0: it is left to the camera */
} smartcrop_key_wish;

/* Asks something of a shot, on a run that decides and before its first decision: over an analysis
 * or points before receive, over frames before send. hold stands at x and y where they are said.
 * pan goes through its key frames, and rests before the first and after the last; a single one is
 * the end that it is nearer to. Any other strategy meets its key frames on its own way; hold and
 * fit take none. A later wish takes the place of an earlier one for the same shot, or for the same
 * time of it. Wishes stay after a reset. A shot that never comes changes nothing, but points have
 * to have it. Errors are ERROR_ARGUMENT. */
SMARTCROP_API int smartcrop_wish_shot(smartcrop_context *context, const smartcrop_shot_wish *wish);
SMARTCROP_API int smartcrop_wish_key(smartcrop_context *context, const smartcrop_key_wish *wish);

/* ---- plans ----------------------------------------------------------------------------------- */

/* Checks the text of a plan file, for hosts that read plans themselves: OK, or ERROR_FILE with a
 * sentence that names the plan and the line. These are the checks of the option plan. */
SMARTCROP_API int smartcrop_check_plan(const char *name, const char *text, size_t length);

/* ---- paths alone ---------------------------------------------------------------------------- */

/* Where the window's centre should be at one moment, along one axis, in shares of the picture. */
typedef struct smartcrop_path_point {
  double time;            /* seconds, not before the point before */
  double target;          /* where it is wanted */
  double lowest, highest; /* where it has to be; 0 and 1: anywhere in the picture */
  double weight;          /* how much the target is to be trusted; 0: it is not known */
} smartcrop_path_point;

/* Smooths a shot's targets as the options smoother, dead_zone, max_speed, max_accel and ema_time
 * say, with the whole shot in view; point_size is sizeof(smartcrop_path_point), window the window's
 * share of the picture's side, above 0 to 1. Writes count centres. */
SMARTCROP_API int smartcrop_smooth_path(const smartcrop_options *options,
                                        const smartcrop_path_point *points, size_t point_size,
                                        size_t count, double window, double *centres);

#ifdef __cplusplus
}
#endif

#endif /* SMARTCROP_SMARTCROP_H_ */
