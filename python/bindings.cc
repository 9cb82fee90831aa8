// SPDX-License-Identifier: MIT
// The Python module smartcrop._core: smartcrop.h and nothing else. Pictures cross as lists of
// (address, stride) pairs; the Python side keeps the memory alive for the length of the call.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "smartcrop/smartcrop.h"

namespace py = pybind11;

namespace {

using Planes = std::vector<std::pair<uintptr_t, ptrdiff_t>>;

struct Failure {
  int status;
  std::string sentence;
};

// last_error belongs to the thread, so it is read before anything else can run on it.
int check(int status) {
  if (status < 0) throw Failure{status, smartcrop_last_error()};
  return status;
}

void translate(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const Failure& failure) {
    const py::object type = py::module_::import("smartcrop.errors").attr("Error");
    const py::object error = type(failure.sentence, smartcrop_status_name(failure.status));
    PyErr_SetObject(type.ptr(), error.ptr());
  }
}

class Options {
 public:
  explicit Options(const std::vector<std::pair<std::string, std::string>>& values)
      : options_(smartcrop_options_new()) {
    if (options_ == nullptr) throw std::bad_alloc();
    try {
      for (const auto& [key, value] : values) {
        check(smartcrop_options_set(options_, key.c_str(), value.c_str()));
      }
    } catch (...) {
      smartcrop_options_free(&options_);
      throw;
    }
  }
  ~Options() { smartcrop_options_free(&options_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  std::string get(const std::string& key) const {
    const int length = check(smartcrop_options_get(options_, key.c_str(), nullptr, 0));
    std::string value(static_cast<size_t>(length) + 1, '\0');
    check(smartcrop_options_get(options_, key.c_str(), value.data(), value.size()));
    value.resize(static_cast<size_t>(length));
    return value;
  }
  int max_delay(double fps) const { return smartcrop_max_delay(options_, fps); }
  // A line about it where the look-ahead had to be shortened.
  std::optional<std::string> fit_lookahead(const smartcrop_stream& stream) {
    std::optional<std::string> note;
    const auto keep = [](void* cookie, int, const char* line) {
      *static_cast<std::optional<std::string>*>(cookie) = line;
    };
    check(smartcrop_fit_lookahead(options_, &stream, keep, &note));
    return note;
  }
  const smartcrop_options* raw() const { return options_; }

 private:
  smartcrop_options* options_;
};

smartcrop_frame make_frame(const Planes& planes, int64_t pts, bool interlaced) {
  smartcrop_frame frame = {};
  frame.struct_size = sizeof(frame);
  for (size_t i = 0; i < planes.size() && i < 4; ++i) {
    frame.data[i] = reinterpret_cast<const void*>(planes[i].first);
    frame.stride[i] = planes[i].second;
  }
  frame.pts = pts;
  frame.flags = interlaced ? static_cast<uint32_t>(SMARTCROP_FRAME_INTERLACED) : 0u;
  return frame;
}

// One context. Calls release the GIL; the mutex keeps two Python threads out of one context.
class Context {
 private:
  // Runs one call of the interface without the GIL; its status, or the exception for its error.
  template <typename Call>
  int locked(Call call) {
    const py::gil_scoped_release release;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (context_ == nullptr) throw Failure{SMARTCROP_ERROR_ARGUMENT, "the cropper is closed"};
    return check(call());
  }

 public:
  Context(const Options& options, const smartcrop_stream& stream, py::object log)
      : log_(std::move(log)) {
    const py::gil_scoped_release release;
    check(smartcrop_open(&context_, options.raw(), &stream, &Context::write_log, this));
  }
  ~Context() { close(); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void close() {
    const py::gil_scoped_release release;
    const std::lock_guard<std::mutex> lock(mutex_);
    smartcrop_close(&context_);
  }

  // True: read. False: receive first.
  bool send(const std::optional<Planes>& planes, int64_t pts, bool interlaced) {
    const smartcrop_frame frame = make_frame(planes.value_or(Planes()), pts, interlaced);
    const smartcrop_frame* pointer = planes ? &frame : nullptr;
    return locked([&] { return smartcrop_send(context_, pointer); }) == SMARTCROP_OK;
  }

  std::optional<smartcrop_decision> receive() {
    smartcrop_decision decision = {};
    decision.struct_size = sizeof(decision);
    const int status = locked([&] { return smartcrop_receive(context_, &decision); });
    if (status != SMARTCROP_OK) return std::nullopt;
    return decision;
  }

  void reset() {
    locked([&] { return smartcrop_reset(context_); });
  }
  void set_live(const std::string& key, double value) {
    locked([&] { return smartcrop_set_live(context_, key.c_str(), value); });
  }
  smartcrop_geometry geometry() {
    smartcrop_geometry geometry = {};
    geometry.struct_size = sizeof(geometry);
    locked([&] { return smartcrop_geometry_of(context_, &geometry); });
    return geometry;
  }

  // The top left in luma samples where the window needs no resampling.
  std::optional<std::pair<int, int>> exact_offset(const smartcrop_decision& decision) {
    int x = 0;
    int y = 0;
    const int exact = locked([&] { return smartcrop_is_exact(context_, &decision, &x, &y); });
    if (exact == 0) return std::nullopt;
    return std::make_pair(x, y);
  }

  void render(const smartcrop_decision& decision, const Planes& from, const Planes& to,
              bool interlaced) {
    const smartcrop_frame frame = make_frame(from, decision.pts, interlaced);
    smartcrop_picture picture = {};
    picture.struct_size = sizeof(picture);
    for (size_t i = 0; i < to.size() && i < 4; ++i) {
      picture.data[i] = reinterpret_cast<void*>(to[i].first);
      picture.stride[i] = to[i].second;
    }
    locked([&] { return smartcrop_render(context_, &decision, &frame, &picture); });
  }

  std::optional<py::array_t<float>> last_map() {
    std::vector<float> copy;
    int width = 0;
    int height = 0;
    const int status = locked([&] {
      const float* values = nullptr;
      const int result = smartcrop_last_map(context_, &values, &width, &height);
      if (result == SMARTCROP_OK) {
        copy.assign(values, values + static_cast<ptrdiff_t>(width) * height);
      }
      return result;
    });
    if (status != SMARTCROP_OK) return std::nullopt;
    py::array_t<float> map({height, width});
    std::memcpy(map.mutable_data(), copy.data(), sizeof(float) * copy.size());
    return map;
  }

 private:
  static void write_log(void* cookie, int level, const char* line) {
    const py::gil_scoped_acquire acquire;
    try {
      static_cast<Context*>(cookie)->log_(level, py::str(line));
    } catch (py::error_already_set& error) {
      error.discard_as_unraisable("smartcrop log");  // it must not travel through the C interface
    }
  }

  smartcrop_context* context_ = nullptr;
  py::object log_;
  std::mutex mutex_;
};

py::list option_rows() {
  py::list rows;
  for (int i = 0; const smartcrop_option_row* row = smartcrop_option_at(i); ++i) {
    py::dict entry;
    entry["name"] = row->name;
    entry["kind"] = static_cast<int>(row->kind);
    entry["default"] = row->default_value;
    entry["minimum"] = row->minimum;
    entry["maximum"] = row->maximum;
    entry["unit"] = row->unit;
    entry["choices"] = row->choices;
    entry["flags"] = row->flags;
    entry["help"] = row->help;
    rows.append(entry);
  }
  return rows;
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  while (const char* name = smartcrop_model_at(static_cast<int>(names.size()))) {
    names.emplace_back(name);
  }
  return names;
}

using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;

// One axis of a shot: columns are the members of smartcrop_path_point, in their order.
Numbers smooth_path(const Options& options, const std::vector<Numbers>& columns, double window) {
  const py::ssize_t count = columns[0].size();
  for (const Numbers& column : columns) {
    if (column.ndim() != 1 || column.size() != count) {
      throw py::value_error("times, targets, lowest, highest and weights need one length");
    }
  }
  std::vector<smartcrop_path_point> points;
  points.reserve(static_cast<size_t>(count));
  for (py::ssize_t i = 0; i < count; ++i) {
    points.push_back(
        {columns[0].at(i), columns[1].at(i), columns[2].at(i), columns[3].at(i), columns[4].at(i)});
  }
  Numbers centres(count);
  double* to = centres.mutable_data();
  {
    const py::gil_scoped_release release;
    check(smartcrop_smooth_path(options.raw(), points.data(), points.size(), window, to));
  }
  return centres;
}

void bind_path(py::module_& module) {
  module.def(
      "smooth_path",
      [](const Options& options, const Numbers& times, const Numbers& targets,
         const Numbers& lowest, const Numbers& highest, const Numbers& weights, double window) {
        return smooth_path(options, {times, targets, lowest, highest, weights}, window);
      },
      py::arg("options"), py::arg("times"), py::arg("targets"), py::arg("lowest"),
      py::arg("highest"), py::arg("weights"), py::arg("window"));
}

void bind_stream(py::module_& module) {
  py::class_<smartcrop_pixel_format>(module, "PixelFormat")
      .def(py::init([](int family, int depth, int subsampling_w, int subsampling_h, bool alpha) {
             return smartcrop_pixel_format{family, depth, subsampling_w, subsampling_h,
                                           alpha ? 1 : 0};
           }),
           py::arg("family"), py::arg("depth"), py::arg("subsampling_w"), py::arg("subsampling_h"),
           py::arg("alpha"));

  py::class_<smartcrop_stream>(module, "Stream")
      .def(py::init([](int width, int height, const smartcrop_pixel_format& format) {
             smartcrop_stream stream = {};
             stream.struct_size = sizeof(stream);
             stream.width = width;
             stream.height = height;
             stream.format = format;
             stream.matrix = stream.transfer = stream.primaries = 2;
             return stream;
           }),
           py::arg("width"), py::arg("height"), py::arg("format"))
      .def_readwrite("time_base_num", &smartcrop_stream::time_base_num)
      .def_readwrite("time_base_den", &smartcrop_stream::time_base_den)
      .def_readwrite("frame_rate_num", &smartcrop_stream::frame_rate_num)
      .def_readwrite("frame_rate_den", &smartcrop_stream::frame_rate_den)
      .def_readwrite("sar_num", &smartcrop_stream::sar_num)
      .def_readwrite("sar_den", &smartcrop_stream::sar_den)
      .def_readwrite("matrix", &smartcrop_stream::matrix)
      .def_readwrite("transfer", &smartcrop_stream::transfer)
      .def_readwrite("primaries", &smartcrop_stream::primaries)
      .def_readwrite("full_range", &smartcrop_stream::full_range);
}

void bind_decision(py::module_& module) {
  py::class_<smartcrop_geometry>(module, "Geometry")
      .def_readonly("window_width", &smartcrop_geometry::window_width)
      .def_readonly("window_height", &smartcrop_geometry::window_height)
      .def_readonly("output_width", &smartcrop_geometry::output_width)
      .def_readonly("output_height", &smartcrop_geometry::output_height)
      .def_readonly("sar_num", &smartcrop_geometry::sar_num)
      .def_readonly("sar_den", &smartcrop_geometry::sar_den);

  py::class_<smartcrop_decision>(module, "Decision")
      .def(py::init([] {
        smartcrop_decision decision = {};
        decision.struct_size = sizeof(decision);
        return decision;
      }))
      .def_readwrite("frame", &smartcrop_decision::frame)
      .def_readwrite("pts", &smartcrop_decision::pts)
      .def_readwrite("x", &smartcrop_decision::x)
      .def_readwrite("y", &smartcrop_decision::y)
      .def_readwrite("width", &smartcrop_decision::width)
      .def_readwrite("height", &smartcrop_decision::height)
      .def_readwrite("confidence", &smartcrop_decision::confidence)
      .def_readwrite("shot", &smartcrop_decision::shot)
      .def_readwrite("strategy", &smartcrop_decision::strategy)
      .def_readwrite("flags", &smartcrop_decision::flags)
      .def_readonly("target_x", &smartcrop_decision::target_x)
      .def_readonly("target_y", &smartcrop_decision::target_y)
      .def_readonly("reason", &smartcrop_decision::reason);
}

void bind_context(py::module_& module) {
  py::class_<Options>(module, "Options")
      .def(py::init<const std::vector<std::pair<std::string, std::string>>&>(), py::arg("values"))
      .def("get", &Options::get, py::arg("key"))
      .def("max_delay", &Options::max_delay, py::arg("fps"))
      .def("fit_lookahead", &Options::fit_lookahead, py::arg("stream"));

  py::class_<Context>(module, "Context")
      .def(py::init<const Options&, const smartcrop_stream&, py::object>(), py::arg("options"),
           py::arg("stream"), py::arg("log"))
      .def("close", &Context::close)
      .def("send", &Context::send, py::arg("planes"), py::arg("pts"), py::arg("interlaced"))
      .def("receive", &Context::receive)
      .def("reset", &Context::reset)
      .def("set_live", &Context::set_live, py::arg("key"), py::arg("value"))
      .def("geometry", &Context::geometry)
      .def("exact_offset", &Context::exact_offset, py::arg("decision"))
      .def("render", &Context::render, py::arg("decision"), py::arg("source"), py::arg("target"),
           py::arg("interlaced"))
      .def("last_map", &Context::last_map);
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  module.doc() = "smartcrop.h for Python; use the package smartcrop instead.";
  py::register_exception_translator(&translate);

  module.attr("NO_PTS") = static_cast<int64_t>(SMARTCROP_NO_PTS);
  module.attr("SHOT_START") = static_cast<int>(SMARTCROP_SHOT_START);
  module.attr("FALLBACK") = static_cast<int>(SMARTCROP_FALLBACK);
  module.def("version", &smartcrop_version);
  module.def("api_version", &smartcrop_api_version);
  module.def("runtime_info", &smartcrop_runtime_info);
  module.def("model_names", &model_names);
  module.def("option_rows", &option_rows);

  bind_stream(module);
  bind_decision(module);
  bind_context(module);
  bind_path(module);
}
