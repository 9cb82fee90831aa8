// SPDX-License-Identifier: MIT
#include "stage6_render/small_picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace smartcrop {
namespace {

template <typename T>
T to_sample(double value, int depth) {
  const double most = (1 << std::min(depth, 16)) - 1;
  return static_cast<T>(std::lround(std::clamp(value, 0.0, most)));
}
template <>
float to_sample<float>(double value, int) {
  return static_cast<float>(value);
}

template <typename T>
void load(const Samples& from, Small* to) {
  to->size = from.plane.size;
  to->values.resize(from.bytes.size() / sizeof(T));
  for (size_t i = 0; i < to->values.size(); ++i) {
    T sample;
    std::memcpy(&sample, from.bytes.data() + i * sizeof(T), sizeof(T));
    to->values[i] = static_cast<float>(sample);
  }
}

template <typename T>
void store(const Small& from, int depth, Samples* to) {
  for (size_t i = 0; i < from.values.size(); ++i) {
    const T sample = to_sample<T>(static_cast<double>(from.values[i]), depth);
    std::memcpy(to->bytes.data() + i * sizeof(T), &sample, sizeof(T));
  }
}

template <typename T>
void fill_with(const Plane& plane, double value, int depth) {
  const T sample = to_sample<T>(value, depth);
  const std::vector<T> row(static_cast<size_t>(plane.size.width), sample);
  for (int y = 0; y < plane.size.height; ++y) {
    std::memcpy(plane.row(y), row.data(), row.size() * sizeof(T));
  }
}

}  // namespace

Small floats_of(const Samples& from, int depth) {
  Small small;
  if (depth == 8) load<uint8_t>(from, &small);
  if (depth > 8 && depth <= 16) load<uint16_t>(from, &small);
  if (depth == 32) load<float>(from, &small);
  return small;
}

Samples samples_of_depth(const Small& from, int depth) {
  Samples samples(from.size, depth);
  if (depth == 8) store<uint8_t>(from, depth, &samples);
  if (depth > 8 && depth <= 16) store<uint16_t>(from, depth, &samples);
  if (depth == 32) store<float>(from, depth, &samples);
  return samples;
}

void fill_plane(const Plane& plane, double value, int depth) {
  if (depth == 8) return fill_with<uint8_t>(plane, value, depth);
  if (depth == 32) return fill_with<float>(plane, value, depth);
  fill_with<uint16_t>(plane, value, depth);
}

std::vector<float> bell(double sigma) {
  const int reach = static_cast<int>(std::ceil(3 * sigma));
  std::vector<float> weights;
  float sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    weights.push_back(static_cast<float>(std::exp(-i * i / (2 * sigma * sigma))));
    sum += weights.back();
  }
  for (float& weight : weights) weight /= sum;
  return weights;
}

void blur_line(float* line, int count, int step, const std::vector<float>& weights,
               std::vector<float>* scratch) {
  const int reach = static_cast<int>(weights.size()) / 2;
  scratch->resize(static_cast<size_t>(count + 2 * reach));
  for (int i = 0; i < count + 2 * reach; ++i) {
    (*scratch)[static_cast<size_t>(i)] = line[std::clamp(i - reach, 0, count - 1) * step];
  }
  for (int i = 0; i < count; ++i) {
    float sum = 0;
    for (size_t k = 0; k < weights.size(); ++k) {
      sum += weights[k] * (*scratch)[static_cast<size_t>(i) + k];
    }
    line[i * step] = sum;
  }
}

void blur(Small* picture, const std::vector<float>& weights) {
  std::vector<float> line;
  const Size size = picture->size;
  for (int y = 0; y < size.height; ++y) {
    blur_line(&picture->at(0, y), size.width, 1, weights, &line);
  }
  for (int x = 0; x < size.width; ++x) {
    blur_line(&picture->at(x, 0), size.height, size.width, weights, &line);
  }
}

}  // namespace smartcrop
