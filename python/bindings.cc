// SPDX-License-Identifier: MIT
// The Python module smartcrop._core: smartcrop.h and nothing else. Pictures cross as lists of
// (address, stride) pairs; the Python side keeps the memory alive for the length of the call.
#include "bindings.h"

#include <string>
#include <string_view>
#include <vector>

namespace py = pybind11;

namespace smartcrop_python {
namespace {

void translate(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const Failure& failure) {
    const py::object made = py::module_::import("smartcrop.errors").attr("of_core");
    const py::object error =
        made(decoded(failure.sentence.c_str()), smartcrop_status_name(failure.status));
    PyErr_SetObject(py::type::of(error).ptr(), error.ptr());
  }
}

// Texts up to a NULL; none where there is no list.
std::vector<std::string> texts_of(const char* const* list) {
  std::vector<std::string> texts;
  for (; list != nullptr && *list != nullptr; ++list) texts.emplace_back(*list);
  return texts;
}

py::list option_rows() {
  py::list rows;
  for (int i = 0; const smartcrop_option_row* row = smartcrop_option_at(i); ++i) {
    py::dict entry;
    entry["name"] = row->name;
    entry["kind"] = static_cast<int>(row->kind);
    entry["roles"] = row->roles;
    entry["section"] = row->section;
    entry["default"] = row->default_value;
    entry["minimum"] = row->minimum;
    entry["maximum"] = row->maximum;
    entry["unit"] = row->unit;
    entry["choices"] = texts_of(row->choices);
    entry["choice_helps"] = texts_of(row->choice_helps);
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

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  while (const char* name = smartcrop_strategy_name(static_cast<int>(names.size()))) {
    names.emplace_back(name);
  }
  return names;
}

void bind_stream(py::module_& module) {
  py::class_<smartcrop_pixel_format>(module, "PixelFormat")
      .def(py::init([](int family, int depth, int subsampling_w, int subsampling_h, bool alpha) {
             return smartcrop_pixel_format{family,        depth,         subsampling_w,
                                           subsampling_h, alpha ? 1 : 0, {}};
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

  py::class_<smartcrop_pane>(module, "Pane")
      .def(py::init<>())
      .def_readwrite("x", &smartcrop_pane::x)
      .def_readwrite("y", &smartcrop_pane::y)
      .def_readwrite("width", &smartcrop_pane::width)
      .def_readwrite("height", &smartcrop_pane::height)
      .def_readwrite("to_x", &smartcrop_pane::to_x)
      .def_readwrite("to_y", &smartcrop_pane::to_y)
      .def_readwrite("to_width", &smartcrop_pane::to_width)
      .def_readwrite("to_height", &smartcrop_pane::to_height)
      .def_readwrite("subject", &smartcrop_pane::subject);

  py::class_<Decision>(module, "Decision")
      .def(py::init<>())
      .def_readwrite("frame", &Decision::frame)
      .def_readwrite("pts", &Decision::pts)
      .def_readwrite("x", &Decision::x)
      .def_readwrite("y", &Decision::y)
      .def_readwrite("width", &Decision::width)
      .def_readwrite("height", &Decision::height)
      .def_readwrite("confidence", &Decision::confidence)
      .def_readwrite("shot", &Decision::shot)
      .def_readwrite("strategy", &Decision::strategy)
      .def_readwrite("flags", &Decision::flags)
      .def_readonly("target_x", &Decision::target_x)
      .def_readonly("target_y", &Decision::target_y)
      .def_readonly("reason", &Decision::reason)
      .def_property_readonly("has_subject", [](const Decision& d) { return d.has_subject != 0; })
      .def_readonly("subject", &Decision::subject)
      .def_readonly("subject_x", &Decision::subject_x)
      .def_readonly("subject_y", &Decision::subject_y)
      .def_readonly("subject_width", &Decision::subject_width)
      .def_readonly("subject_height", &Decision::subject_height)
      .def_readwrite("panes", &Decision::own_panes);
}

void bind_options(py::module_& module) {
  py::class_<Options>(module, "Options")
      .def(py::init<const std::vector<std::pair<py::str, py::str>>&,
                    const std::optional<std::pair<py::str, py::bytes>>&>(),
           py::arg("values"), py::arg("plan") = py::none())
      .def("get", &Options::get, py::arg("key"))
      .def("max_delay", &Options::max_delay, py::arg("fps"))
      .def("fit_lookahead", &Options::fit_lookahead, py::arg("stream"));
}

}  // namespace
}  // namespace smartcrop_python

PYBIND11_MODULE(_core, module) {
  namespace core = smartcrop_python;
  module.doc() = "smartcrop.h for Python; use the package smartcrop instead.";
  py::register_exception_translator(&core::translate);

  module.attr("NO_PTS") = static_cast<int64_t>(SMARTCROP_NO_PTS);
  module.attr("SHOT_START") = static_cast<int>(SMARTCROP_SHOT_START);
  module.attr("INTERLACED") = static_cast<int>(SMARTCROP_FRAME_INTERLACED);
  module.attr("BIDIRECTIONAL") = static_cast<int>(SMARTCROP_FRAME_BIDIRECTIONAL);
  module.attr("FALLBACK") = static_cast<int>(SMARTCROP_FALLBACK);
  module.def("version", &smartcrop_version);
  module.def("api_version", &smartcrop_api_version);
  module.def("runtime_info", &smartcrop_runtime_info);
  module.def("check_plan", [](const std::string& name, const py::bytes& text) {
    const std::string_view view(text);
    core::check(smartcrop_check_plan(name.c_str(), view.data(), view.size()));
  });
  module.def("model_names", &core::model_names);
  module.def("option_rows", &core::option_rows);
  module.def("strategy_names", &core::strategy_names);

  core::bind_stream(module);
  core::bind_decision(module);
  core::bind_options(module);
  core::bind_motion(module);
  core::bind_run(module);
  core::bind_path(module);
}
