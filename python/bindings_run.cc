// SPDX-License-Identifier: MIT
// A run: frames and boxes in, decisions out, windows rendered.
#include <cstring>
#include <mutex>
#include <tuple>

#include "bindings.h"

namespace smartcrop_python {
namespace {

using Planes = std::vector<std::pair<uintptr_t, ptrdiff_t>>;
using Boxes = std::vector<smartcrop_box>;
// Time, x, y, confidence, shot, whether the window may jump, width, height.
using Point = std::tuple<double, double, double, double, int32_t, bool, double, double>;

// More addresses than planes that any format has are no picture.
void check_count(const Planes& planes) {
  constexpr size_t kMostPlanes = 4;
  if (planes.size() <= kMostPlanes) return;
  throw Failure{SMARTCROP_ERROR_ARGUMENT,
                "a picture has 1 to 4 planes, not " + std::to_string(planes.size())};
}

smartcrop_frame make_frame(const Planes& planes, int64_t pts, uint32_t flags) {
  smartcrop_frame frame = {};
  frame.struct_size = sizeof(frame);
  check_count(planes);
  for (size_t i = 0; i < planes.size(); ++i) {
    frame.data[i] = reinterpret_cast<const void*>(planes[i].first);
    frame.stride[i] = planes[i].second;
  }
  frame.pts = pts;
  frame.flags = flags;
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
  // Over an analysis file.
  Context(const Options& options, const py::str& path, py::object log) : log_(std::move(log)) {
    const std::string name = encoded(path);
    const py::gil_scoped_release release;
    check(
        smartcrop_open_analysis(&context_, options.raw(), name.c_str(), &Context::write_log, this));
  }
  // Over the points of a plan.
  Context(const Options& options, const smartcrop_stream& stream, const std::vector<Point>& points,
          py::object log)
      : log_(std::move(log)) {
    std::vector<smartcrop_point> given;
    given.reserve(points.size());
    for (const auto& [time, x, y, confidence, shot, jumps, width, height] : points) {
      const uint32_t flags = jumps ? SMARTCROP_SHOT_START : 0;
      given.push_back({time, x, y, confidence, shot, flags, width, height});
    }
    const smartcrop_point_list list = {sizeof(list), given.data(), sizeof(smartcrop_point),
                                       given.size(), 0};
    const py::gil_scoped_release release;
    check(
        smartcrop_open_points(&context_, options.raw(), &stream, &list, &Context::write_log, this));
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
  bool send(const std::optional<Planes>& planes, int64_t pts, uint32_t flags,
            const std::optional<Boxes>& boxes, const std::optional<Vectors>& vectors) {
    smartcrop_frame frame = make_frame(planes.value_or(Planes()), pts, flags);
    const smartcrop_box nothing = {};
    if (boxes) {
      frame.boxes = boxes->empty() ? &nothing : boxes->data();
      frame.box_size = sizeof(smartcrop_box);
      frame.box_count = count_of(boxes->size());
    }
    if (vectors) {
      frame.motion_vectors = vectors->data();
      frame.motion_vector_size = sizeof(smartcrop_motion_vector);
      frame.motion_vector_count = count_of(static_cast<size_t>(vectors->size()));
    }
    const smartcrop_frame* pointer = planes ? &frame : nullptr;
    return locked([&] { return smartcrop_send(context_, pointer); }) == SMARTCROP_OK;
  }

  std::optional<Decision> receive() {
    Decision decision;
    const int status = locked([&] {
      const int result = smartcrop_receive(context_, &decision);
      if (result == SMARTCROP_OK) decision.keep_panes();
      return result;
    });
    if (status != SMARTCROP_OK) return std::nullopt;
    return decision;
  }

  void reset() {
    locked([&] { return smartcrop_reset(context_); });
  }
  void set_live(const py::str& name, double value) {
    const std::string key = encoded(name);
    locked([&] { return smartcrop_set_live(context_, key.c_str(), value); });
  }
  void follow(const py::str& subject) {
    const std::string text = encoded(subject);
    locked([&] { return smartcrop_follow(context_, text.c_str()); });
  }
  void wish_shot(int32_t shot, int32_t strategy, std::optional<double> x, std::optional<double> y) {
    smartcrop_shot_wish wish = {};
    wish.struct_size = sizeof(wish);
    wish.shot = shot;
    wish.strategy = strategy;
    wish.says = SMARTCROP_WISH_STRATEGY | (x ? SMARTCROP_WISH_X : 0) | (y ? SMARTCROP_WISH_Y : 0);
    wish.x = x.value_or(0);
    wish.y = y.value_or(0);
    locked([&] { return smartcrop_wish_shot(context_, &wish); });
  }
  void wish_key(int32_t shot, double time, double x, std::optional<double> y) {
    smartcrop_key_wish wish = {};
    wish.struct_size = sizeof(wish);
    wish.shot = shot;
    wish.time = time;
    wish.x = x;
    wish.says = y ? SMARTCROP_WISH_Y : 0;
    wish.y = y.value_or(0);
    locked([&] { return smartcrop_wish_key(context_, &wish); });
  }
  smartcrop_geometry geometry() {
    smartcrop_geometry geometry = {};
    geometry.struct_size = sizeof(geometry);
    locked([&] { return smartcrop_geometry_of(context_, &geometry); });
    return geometry;
  }

  // The top left in luma samples where the window needs no resampling.
  std::optional<std::pair<int, int>> exact_offset(const Decision& decision) {
    int x = 0;
    int y = 0;
    const smartcrop_decision lent = decision.lent();
    const int exact = locked([&] { return smartcrop_is_exact(context_, &lent, &x, &y); });
    if (exact == 0) return std::nullopt;
    return std::make_pair(x, y);
  }

  void render(const Decision& decision, const Planes& from, const Planes& to, uint32_t flags) {
    const smartcrop_frame frame = make_frame(from, decision.pts, flags);
    smartcrop_picture picture = {};
    picture.struct_size = sizeof(picture);
    check_count(to);
    for (size_t i = 0; i < to.size(); ++i) {
      picture.data[i] = reinterpret_cast<void*>(to[i].first);
      picture.stride[i] = to[i].second;
    }
    const smartcrop_decision lent = decision.lent();
    locked([&] { return smartcrop_render(context_, &lent, &frame, &picture); });
  }

  std::optional<Boxes> last_regions() {
    Boxes copy;
    const int status = locked([&] {
      const smartcrop_box* boxes = nullptr;
      int count = 0;
      const int result = smartcrop_last_regions(context_, sizeof(*boxes), &boxes, &count);
      if (result == SMARTCROP_OK) copy.assign(boxes, boxes + count);
      return result;
    });
    if (status != SMARTCROP_OK) return std::nullopt;
    return copy;
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
      static_cast<Context*>(cookie)->log_(level, decoded(line));
    } catch (py::error_already_set& error) {
      error.discard_as_unraisable("smartcrop log");  // it must not travel through the C interface
    }
  }

  smartcrop_context* context_ = nullptr;
  py::object log_;
  std::mutex mutex_;
};

}  // namespace

void bind_run(py::module_& module) {
  py::class_<smartcrop_box>(module, "Box")
      .def(py::init([](double x, double y, double width, double height, double weight,
                       bool required, int64_t id, double score, int32_t category, bool followed) {
             smartcrop_box box = {};
             box.x = x;
             box.y = y;
             box.width = width;
             box.height = height;
             box.weight = weight;
             box.required = required ? 1 : 0;
             box.kind = SMARTCROP_BOX_CALLER;
             box.id = id;
             box.score = score;
             box.category = category;
             box.followed = followed ? 1 : 0;
             return box;
           }),
           py::arg("x"), py::arg("y"), py::arg("width"), py::arg("height"), py::arg("weight"),
           py::arg("required"), py::arg("id"), py::arg("score"), py::arg("category"),
           py::arg("followed"))
      .def_readonly("x", &smartcrop_box::x)
      .def_readonly("y", &smartcrop_box::y)
      .def_readonly("width", &smartcrop_box::width)
      .def_readonly("height", &smartcrop_box::height)
      .def_readonly("weight", &smartcrop_box::weight)
      .def_readonly("required", &smartcrop_box::required)
      .def_readonly("kind", &smartcrop_box::kind)
      .def_readonly("id", &smartcrop_box::id)
      .def_readonly("score", &smartcrop_box::score)
      .def_readonly("category", &smartcrop_box::category)
      .def_readonly("followed", &smartcrop_box::followed)
      .def_readonly("owner", &smartcrop_box::owner);

  py::class_<Context>(module, "Context")
      .def(py::init<const Options&, const smartcrop_stream&, py::object>(), py::arg("options"),
           py::arg("stream"), py::arg("log"))
      .def(py::init<const Options&, const py::str&, py::object>(), py::arg("options"),
           py::arg("analysis"), py::arg("log"))
      .def(py::init<const Options&, const smartcrop_stream&, const std::vector<Point>&,
                    py::object>(),
           py::arg("options"), py::arg("stream"), py::arg("points"), py::arg("log"))
      .def("close", &Context::close)
      .def("send", &Context::send, py::arg("planes"), py::arg("pts"), py::arg("flags"),
           py::arg("boxes") = py::none(), py::arg("vectors") = py::none())
      .def("receive", &Context::receive)
      .def("reset", &Context::reset)
      .def("set_live", &Context::set_live, py::arg("key"), py::arg("value"))
      .def("follow", &Context::follow, py::arg("subject"))
      .def("wish_shot", &Context::wish_shot, py::arg("shot"), py::arg("strategy"), py::arg("x"),
           py::arg("y"))
      .def("wish_key", &Context::wish_key, py::arg("shot"), py::arg("time"), py::arg("x"),
           py::arg("y"))
      .def("geometry", &Context::geometry)
      .def("exact_offset", &Context::exact_offset, py::arg("decision"))
      .def("render", &Context::render, py::arg("decision"), py::arg("source"), py::arg("target"),
           py::arg("flags"))
      .def("last_map", &Context::last_map)
      .def("last_regions", &Context::last_regions);
}

}  // namespace smartcrop_python
