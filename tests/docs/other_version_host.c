// SPDX-License-Identifier: MIT
// A host that calls all that takes or gives a struct, and prints what it is told. It is built with
// the header as it is, and with headers of an earlier and of a later version, whose structs are
// shorter and longer (test_other_versions.py). So it names no member that an earlier one may lack.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <smartcrop/clip_motion.h>
#include <smartcrop/smartcrop.h>

enum { WIDTH = 160, HEIGHT = 90, FRAMES = 40, BLOCK = 16, CANARY = 0x5A };

// What follows a struct in memory, which nobody may write to.
#define GUARDED(type)        \
  struct {                   \
    type value;              \
    unsigned char after[64]; \
  }
#define BEGIN(guarded)                       \
  (memset(&(guarded), CANARY, sizeof(guarded)), \
   memset(&(guarded).value, 0, sizeof(guarded).value))

// A later version's member holds something that this library does not know.
#ifdef LATER
#define FILL(value) memset((value).added, 0xEE, sizeof(value).added)
#else
#define FILL(value) ((void)0)
#endif

static unsigned char pixels[WIDTH * HEIGHT * 3 / 2];
static unsigned char output[WIDTH * HEIGHT * 3 / 2];

static void check(int status, const char *what) {
  if (status >= 0) return;
  fprintf(stderr, "%s: %s\n", what, smartcrop_last_error());
  exit(1);
}

static void check_after(const unsigned char after[64], const char *what) {
  for (int i = 0; i < 64; i++) {
    if (after[i] == CANARY) continue;
    fprintf(stderr, "%s: written beyond its end\n", what);
    exit(1);
  }
}

static int left_of(int number) { return 3 * number; }

static void draw(int number) {
  memset(pixels, 60, WIDTH * HEIGHT);
  memset(pixels + WIDTH * HEIGHT, 128, sizeof pixels - WIDTH * HEIGHT);
  for (int y = 30; y < 60; y++) memset(pixels + y * WIDTH + left_of(number), 220, 30);
}

// A square of blocks that moves, before others that rest.
static int add_vectors(int number, smartcrop_motion_vector *vectors) {
  int count = 0;
  for (int y = BLOCK / 2; y < HEIGHT; y += BLOCK) {
    for (int x = BLOCK / 2; x < WIDTH; x += BLOCK) {
      smartcrop_motion_vector *vector = &vectors[count++];
      memset(vector, 0, sizeof *vector);
      FILL(*vector);
      vector->x = (float)x;
      vector->y = (float)y;
      vector->width = vector->height = BLOCK;
      vector->dx = x >= left_of(number) && x < left_of(number) + 30 && y >= 30 && y < 60 ? 3 : 0;
      vector->direction = -1;
    }
  }
  return count;
}

static void add_boxes(int number, smartcrop_box boxes[2]) {
  for (int i = 0; i < 2; i++) {
    memset(&boxes[i], 0, sizeof boxes[i]);
    FILL(boxes[i]);
    boxes[i].x = left_of(number) + 8 * i;
    boxes[i].y = 30;
    boxes[i].width = 22;
    boxes[i].height = 30;
    boxes[i].weight = 1 + i;
  }
}

static void print_regions(smartcrop_context *context) {
  const smartcrop_box *boxes = NULL;
  int count = 0;
  const int status = smartcrop_last_regions(context, sizeof *boxes, &boxes, &count);
  check(status, "last_regions");
  for (int i = 0; i < count && status == SMARTCROP_OK; i++)
    printf("  box %.3f %.3f %.3f %.3f weight %.3f kind %d\n", boxes[i].x, boxes[i].y,
           boxes[i].width, boxes[i].height, boxes[i].weight, boxes[i].kind);
}

static void print_window(smartcrop_context *context, const smartcrop_decision *at,
                         const smartcrop_frame *frame) {
  smartcrop_geometry size = {sizeof size};
  smartcrop_picture picture;
  unsigned sum = 0;
  check(smartcrop_geometry_of(context, &size), "geometry_of");
  memset(&picture, 0, sizeof picture);
  FILL(picture);
  picture.struct_size = sizeof picture;
  picture.data[0] = output;
  picture.data[1] = output + WIDTH * HEIGHT;
  picture.data[2] = output + WIDTH * HEIGHT * 5 / 4;
  picture.stride[0] = WIDTH;
  picture.stride[1] = picture.stride[2] = WIDTH / 2;
  memset(output, 0, sizeof output);
  check(smartcrop_render(context, at, frame, &picture), "render");
  for (size_t i = 0; i < sizeof output; i++) sum = sum * 31 + output[i];
  printf("  picture %dx%d %08x\n", size.output_width, size.output_height, sum);
}

static int take(smartcrop_context *context, const smartcrop_frame *frame) {
  GUARDED(smartcrop_decision) at;
  int status;
  BEGIN(at);
  at.value.struct_size = sizeof at.value;
  while ((status = smartcrop_receive(context, &at.value)) == SMARTCROP_OK) {
    check_after(at.after, "decision");
    printf("%lld pts %lld window %.6f %.6f %.6f %.6f confidence %.6f shot %d %s flags %u\n",
           (long long)at.value.frame, (long long)at.value.pts, at.value.x, at.value.y,
           at.value.width, at.value.height, at.value.confidence, at.value.shot,
           smartcrop_strategy_name(at.value.strategy), at.value.flags);
    print_regions(context);
    print_window(context, &at.value, frame);
  }
  check(status, "receive");
  return status;
}

static void add_motion(smartcrop_clip_motion *clip, const smartcrop_frame *frame) {
  const smartcrop_motion_vector *blocks = NULL;
  float camera[6], sum = 0;
  int count = 0;
  check(smartcrop_clip_motion_add(clip, frame), "clip_motion_add");
  check(smartcrop_clip_motion_last(clip, sizeof *blocks, &blocks, &count, camera), "last");
  for (int i = 0; i < count; i++) sum += blocks[i].x * blocks[i].dx;
  printf("  %d blocks, %.3f\n", count, sum);
}

static void run(smartcrop_context *context, smartcrop_clip_motion *clip) {
  static smartcrop_motion_vector vectors[WIDTH * HEIGHT / BLOCK];
  smartcrop_box boxes[2];
  smartcrop_frame frame;
  memset(&frame, 0, sizeof frame);
  FILL(frame);
  frame.struct_size = sizeof frame;
  frame.data[0] = pixels;
  frame.data[1] = pixels + WIDTH * HEIGHT;
  frame.data[2] = pixels + WIDTH * HEIGHT * 5 / 4;
  frame.stride[0] = WIDTH;
  frame.stride[1] = frame.stride[2] = WIDTH / 2;
  frame.boxes = boxes;
  frame.box_size = sizeof *boxes;
  frame.motion_vectors = vectors;
  frame.motion_vector_size = sizeof *vectors;
  for (int number = 0; number < FRAMES; number++) {
    draw(number);
    add_boxes(number, boxes);
    frame.box_count = number % 10 == 9 ? 0 : 2;
    frame.motion_vector_count = add_vectors(number, vectors);
    frame.pts = 10 * number;
    check(smartcrop_send(context, &frame), "send");
    add_motion(clip, &frame);
    take(context, &frame);
  }
  check(smartcrop_send(context, NULL), "send");
  if (take(context, &frame) != SMARTCROP_END) exit(1);
}

static void print_density(const smartcrop_clip_motion *clip) {
  smartcrop_density_settings settings;
  float values[24] = {0};
  int box[4];
  memset(&settings, 0, sizeof settings);
  FILL(settings);
  settings.struct_size = sizeof settings;
  settings.rows = 4;
  settings.columns = 6;
  check(smartcrop_clip_motion_density(clip, &settings, values), "density");
  for (int i = 0; i < 24; i++) printf(" %.6f", values[i]);
  check(smartcrop_densest_box(values, 4, 6, 0.3, box), "densest_box");
  printf("\nbox %d %d %d %d\n", box[0], box[1], box[2], box[3]);
}

static void print_path(const smartcrop_options *options) {
  smartcrop_path_point points[30];
  double centres[30];
  memset(points, 0, sizeof points);
  for (int i = 0; i < 30; i++) {
    FILL(points[i]);
    points[i].time = i / 25.0;
    points[i].target = 0.5;
    points[i].lowest = i < 10 ? 0.1 : 0.5;
    points[i].highest = i < 10 ? 0.4 : 0.9;
  }
  check(smartcrop_smooth_path(options, points, sizeof *points, 30, 0.3, centres), "smooth_path");
  for (int i = 0; i < 30; i++) printf(" %.6f", centres[i]);
  printf("\n");
}

static smartcrop_stream make_stream(void) {
  smartcrop_stream stream;
  memset(&stream, 0, sizeof stream);
  FILL(stream);
  stream.struct_size = sizeof stream;
  stream.width = WIDTH;
  stream.height = HEIGHT;
  stream.format.family = SMARTCROP_YUV;
  stream.format.depth = 8;
  stream.format.subsampling_w = stream.format.subsampling_h = 1;
  stream.time_base_num = stream.frame_rate_den = 1;
  stream.time_base_den = 250;
  stream.frame_rate_num = 25;
  return stream;
}

// Over the points of a plan, with a key frame in the first shot and a still window in the second.
static void run_points(const smartcrop_options *options) {
  smartcrop_point points[FRAMES];
  smartcrop_point_list list;
  smartcrop_shot_wish still;
  smartcrop_key_wish key;
  smartcrop_context *context = NULL;
  smartcrop_decision at;
  const smartcrop_stream stream = make_stream();
  memset(points, 0, sizeof points);
  for (int i = 0; i < FRAMES; i++) {
    FILL(points[i]);
    points[i].time = i / 25.0;
    points[i].x = left_of(i);
    points[i].y = HEIGHT / 2;
    points[i].confidence = 0.5;
    points[i].shot = i / (FRAMES / 2);
    points[i].flags = i % (FRAMES / 2) == 0 ? SMARTCROP_SHOT_START : 0;
  }
  memset(&list, 0, sizeof list);
  FILL(list);
  list.struct_size = sizeof list;
  list.points = points;
  list.point_size = sizeof *points;
  list.count = FRAMES;
  check(smartcrop_open_points(&context, options, &stream, &list, NULL, NULL), "open_points");
  memset(&still, 0, sizeof still);
  FILL(still);
  still.struct_size = sizeof still;
  still.shot = 1;
  still.says = SMARTCROP_WISH_X;
  still.x = 0.4;
  check(smartcrop_wish_shot(context, &still), "wish_shot");
  memset(&key, 0, sizeof key);
  FILL(key);
  key.struct_size = sizeof key;
  key.time = 0.4;
  key.x = 0.5;
  check(smartcrop_wish_key(context, &key), "wish_key");
  memset(&at, 0, sizeof at);
  FILL(at);
  at.struct_size = sizeof at;
  while (smartcrop_receive(context, &at) == SMARTCROP_OK)
    printf("point %lld at %.6f of shot %d\n", (long long)at.frame, at.x, at.shot);
  smartcrop_close(&context);
}

static smartcrop_context *open_context(const smartcrop_options *options) {
  smartcrop_context *context = NULL;
  GUARDED(smartcrop_geometry) size;
  const smartcrop_stream stream = make_stream();
  check(smartcrop_open(&context, options, &stream, NULL, NULL), "open");
  BEGIN(size);
  size.value.struct_size = sizeof size.value;
  check(smartcrop_geometry_of(context, &size.value), "geometry_of");
  check_after(size.after, "geometry");
  printf("window %gx%g output %dx%d\n", size.value.window_width, size.value.window_height,
         size.value.output_width, size.value.output_height);
  return context;
}

int main(void) {
  smartcrop_options *options = smartcrop_options_new();
  smartcrop_clip_motion *clip = NULL;
  const smartcrop_option_row *row = smartcrop_option_find("lookahead");
  smartcrop_context *context;
  fprintf(stderr, "%zu %zu %zu %zu ", sizeof(smartcrop_point), sizeof(smartcrop_point_list),
          sizeof(smartcrop_shot_wish), sizeof(smartcrop_key_wish));
  fprintf(stderr, "%zu %zu %zu %zu %zu %zu %zu %zu %zu %zu\n", sizeof(smartcrop_option_row),
          sizeof(smartcrop_stream), sizeof(smartcrop_motion_vector), sizeof(smartcrop_box),
          sizeof(smartcrop_frame), sizeof(smartcrop_decision), sizeof(smartcrop_geometry),
          sizeof(smartcrop_picture), sizeof(smartcrop_path_point),
          sizeof(smartcrop_density_settings));
  printf("%s %s %g %g %s\n", row->name, row->default_value, row->minimum, row->maximum, row->unit);
  check(smartcrop_options_set(options, "aspect", "9/16"), "aspect");
  check(smartcrop_options_set(options, "model", "none"), "model");
  check(smartcrop_options_set(options, "motion", "codec"), "motion");
  check(smartcrop_options_set(options, "lookahead", "0.4"), "lookahead");
  check(smartcrop_options_set(options, "size", "36x64"), "size");
  check(smartcrop_clip_motion_open(&clip, WIDTH, HEIGHT), "clip_motion_open");
  context = open_context(options);
  run(context, clip);
  print_density(clip);
  print_path(options);
  run_points(options);
  smartcrop_clip_motion_close(&clip);
  smartcrop_close(&context);
  smartcrop_options_free(&options);
  return 0;
}
