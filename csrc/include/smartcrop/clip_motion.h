/* SPDX-License-Identifier: MIT
 *
 * libsmartcrop: where a clip moves, from the motion vectors of its codec, as one box for the clip.
 * The rules of smartcrop.h hold here too. Nothing here takes part in cropping a video.
 */
#ifndef SMARTCROP_CLIP_MOTION_H_
#define SMARTCROP_CLIP_MOTION_H_

#include <smartcrop/smartcrop.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- where a clip moves ---------------------------------------------------------------------- */

/* Adds up what the codec's motion vectors say moves other than the camera, for one box a clip. */
typedef struct smartcrop_clip_motion smartcrop_clip_motion;

typedef struct smartcrop_density_settings {
  size_t struct_size;    /* sizeof(smartcrop_density_settings) */
  int32_t rows, columns; /* of the grid, 1 to 256 each */
  int32_t samples;       /* places drawn by importance, 1 to 100,000,000; 0: exact shares instead */
  int32_t reserved;      /* 0 */
  uint64_t seed;         /* the same seed draws the same places on every platform */
} smartcrop_density_settings;

/* For frames of this size. On error *clip is NULL. */
SMARTCROP_API int smartcrop_clip_motion_open(smartcrop_clip_motion **clip, int width, int height);
SMARTCROP_API void smartcrop_clip_motion_close(smartcrop_clip_motion **clip); /* sets it to NULL */

/* Reads the motion vectors and flags of the next frame in order of display; its planes may be NULL.
 * The memory does not grow. */
SMARTCROP_API int smartcrop_clip_motion_add(smartcrop_clip_motion *clip,
                                            const smartcrop_frame *frame);
/* How many frames were added, and how many vectors of them count. */
SMARTCROP_API int smartcrop_clip_motion_counts(const smartcrop_clip_motion *clip, int64_t *frames,
                                               int64_t *vectors);
/* The blocks of the frame added last and what they moved by over one frame, the camera's motion
 * taken out (direction -1, distance 1); borrowed until the next call. block_size is
 * sizeof(smartcrop_motion_vector). camera is its motion: x0, x1, x2, y0, y1, y2 of
 * x = x0 + x1 u + x2 v and y = y0 + y1 u + y2 v pixels, at (u, v) from the middle of the picture in
 * picture widths. For looking at. */
SMARTCROP_API int smartcrop_clip_motion_last(const smartcrop_clip_motion *clip, size_t block_size,
                                             const smartcrop_motion_vector **blocks, int *count,
                                             float camera[6]);
/* Writes rows * columns shares of the motion that sum to 1, row by row. AGAIN: there is none. */
SMARTCROP_API int smartcrop_clip_motion_density(const smartcrop_clip_motion *clip,
                                                const smartcrop_density_settings *settings,
                                                float *values);

/* Finds the rectangle with about this share of the grid's cells, above 0 to 1, that holds the most
 * of the values (none below 0) beyond its share of the cells, where those near the middle count
 * more; box becomes its left, top, width and height in cells. */
SMARTCROP_API int smartcrop_densest_box(const float *values, int rows, int columns, double area,
                                        int box[4]);

#ifdef __cplusplus
}
#endif

#endif /* SMARTCROP_CLIP_MOTION_H_ */
