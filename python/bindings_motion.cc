// SPDX-License-Identifier: MIT
// Motion vectors of a codec, and where a clip moves.
#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include "bindings.h"
#include "smartcrop/clip_motion.h"

namespace smartcrop_python {
namespace {

using Floats = py::array_t<float, py::array::c_style | py::array::forcecast>;

// Calls release the GIL; the mutex keeps two Python threads out of one clip.
class ClipMotion {
 public:
  ClipMotion(int width, int height) { check(smartcrop_clip_motion_open(&clip_, width, height)); }
  ~ClipMotion() { smartcrop_clip_motion_close(&clip_); }
  ClipMotion(const ClipMotion&) = delete;
  ClipMotion& operator=(const ClipMotion&) = delete;

  void add(const std::optional<Vectors>& vectors, uint32_t flags) {
    smartcrop_frame frame = {};
    frame.struct_size = sizeof(frame);
    frame.flags = flags;
    if (vectors) {
      frame.motion_vectors = vectors->data();
      frame.motion_vector_size = sizeof(smartcrop_motion_vector);
      frame.motion_vector_count = count_of(static_cast<size_t>(vectors->size()));
    }
    const py::gil_scoped_release release;
    const std::lock_guard<std::mutex> lock(mutex_);
    check(smartcrop_clip_motion_add(clip_, &frame));
  }

  std::pair<int64_t, int64_t> counts() {
    const std::lock_guard<std::mutex> lock(mutex_);
    int64_t frames = 0;
    int64_t vectors = 0;
    check(smartcrop_clip_motion_counts(clip_, &frames, &vectors));
    return {frames, vectors};
  }

  std::pair<Vectors, std::array<float, 6>> last() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const smartcrop_motion_vector* blocks = nullptr;
    int count = 0;
    std::array<float, 6> camera = {};
    check(smartcrop_clip_motion_last(clip_, sizeof(*blocks), &blocks, &count, camera.data()));
    return {Vectors(count, blocks), camera};
  }

  std::optional<Floats> density(int rows, int columns, int samples, uint64_t seed) {
    smartcrop_density_settings settings = {};
    settings.struct_size = sizeof(settings);
    settings.rows = rows;
    settings.columns = columns;
    settings.samples = samples;
    settings.seed = seed;
    // Numbers that are out of range are for the library to refuse.
    Floats values({std::clamp(rows, 1, 4096), std::clamp(columns, 1, 4096)});
    float* to = values.mutable_data();
    int status = 0;
    {
      const py::gil_scoped_release release;
      const std::lock_guard<std::mutex> lock(mutex_);
      status = check(smartcrop_clip_motion_density(clip_, &settings, to));
    }
    if (status != SMARTCROP_OK) return std::nullopt;
    return values;
  }

 private:
  smartcrop_clip_motion* clip_ = nullptr;
  std::mutex mutex_;
};

std::array<int, 4> densest_box(const Floats& density, double area) {
  if (density.ndim() != 2 || density.size() == 0) {
    throw Failure{SMARTCROP_ERROR_ARGUMENT, "a density has rows and columns"};
  }
  std::array<int, 4> box = {};
  const int rows = count_of(static_cast<size_t>(density.shape(0)));
  const int columns = count_of(static_cast<size_t>(density.shape(1)));
  check(smartcrop_densest_box(density.data(), rows, columns, area, box.data()));
  return box;
}

}  // namespace

void bind_motion(py::module_& module) {
  PYBIND11_NUMPY_DTYPE(smartcrop_motion_vector, x, y, width, height, dx, dy, direction, distance);
  module.attr("MOTION_VECTOR") = py::dtype::of<smartcrop_motion_vector>();

  py::class_<ClipMotion>(module, "ClipMotion")
      .def(py::init<int, int>(), py::arg("width"), py::arg("height"))
      .def("add", &ClipMotion::add, py::arg("vectors"), py::arg("flags"))
      .def("counts", &ClipMotion::counts)
      .def("last", &ClipMotion::last)
      .def("density", &ClipMotion::density, py::arg("rows"), py::arg("columns"), py::arg("samples"),
           py::arg("seed"));
  module.def("densest_box", &densest_box, py::arg("density"), py::arg("area"));
}

}  // namespace smartcrop_python
