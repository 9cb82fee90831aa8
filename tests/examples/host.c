// SPDX-License-Identifier: MIT
// ffmpeg -i in.mp4 -f rawvideo -pix_fmt yuv420p - | ./host 1280 720 25 > windows.txt
#include <stdio.h>
#include <stdlib.h>

#include <smartcrop/smartcrop.h>

// Takes every decision that is ready: one for each frame, in the order of the frames.
static int take(smartcrop_context *context) {
  smartcrop_decision at = {sizeof at};
  int status;
  while ((status = smartcrop_receive(context, &at)) == SMARTCROP_OK)
    printf("%lld %g %g %g %g\n", (long long)at.frame, at.x, at.y, at.width, at.height);
  return status;  // AGAIN: send the next frame. END: that was the last decision.
}

// Sends every frame, then NULL, and takes until the end.
static int run(smartcrop_context *context, unsigned char *pixels, int width, int height) {
  const int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
  const size_t luma = (size_t)width * height, chroma = (size_t)half_width * half_height;
  smartcrop_frame frame = {sizeof frame, {pixels, pixels + luma, pixels + luma + chroma}};
  frame.stride[0] = width;
  frame.stride[1] = frame.stride[2] = half_width;
  int status = SMARTCROP_AGAIN;
  while (status == SMARTCROP_AGAIN) {
    const int more = fread(pixels, 1, luma + 2 * chroma, stdin) == luma + 2 * chroma;
    while ((status = smartcrop_send(context, more ? &frame : NULL)) == SMARTCROP_AGAIN)
      if ((status = take(context)) < 0) return status;
    if (status < 0) return status;
    status = take(context);
    frame.pts++;
  }
  return status;
}

int main(int count, char **words) {
  if (count != 4) return fputs("host WIDTH HEIGHT FRAMES_PER_SECOND < frames\n", stderr), 2;
  const int width = atoi(words[1]), height = atoi(words[2]), rate = atoi(words[3]);
  smartcrop_stream stream = {sizeof stream, width, height, {SMARTCROP_YUV, 8, 1, 1, 0}};
  stream.time_base_num = stream.frame_rate_den = 1;
  stream.time_base_den = stream.frame_rate_num = rate;
  stream.matrix = stream.transfer = stream.primaries = 2;  // unspecified
  unsigned char *pixels = malloc((size_t)(width + 1) * (height + 1) * 3 / 2);
  smartcrop_context *context = NULL;
  smartcrop_options *options = smartcrop_options_new();
  int status = smartcrop_options_set(options, "aspect", "9/16");
  if (status >= 0) status = smartcrop_open(&context, options, &stream, NULL, NULL);
  if (status >= 0) status = run(context, pixels, width, height);
  if (status < 0) fprintf(stderr, "%s\n", smartcrop_last_error());
  smartcrop_close(&context);
  smartcrop_options_free(&options);
  free(pixels);
  return status < 0;
}
