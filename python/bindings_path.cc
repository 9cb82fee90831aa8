// SPDX-License-Identifier: MIT
// The camera's path alone.
#include "bindings.h"

namespace smartcrop_python {
namespace {

using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;

// One axis of a shot: columns are the members of smartcrop_path_point, in their order.
Numbers smooth_path(const Options& options, const std::vector<Numbers>& columns, double window) {
  const py::ssize_t count = columns[0].size();
  for (const Numbers& column : columns) {
    if (column.ndim() != 1 || column.size() != count) {
      throw Failure{SMARTCROP_ERROR_ARGUMENT,
                    "times, targets, lowest, highest and weights need one length"};
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
    check(smartcrop_smooth_path(options.raw(), points.data(), sizeof(smartcrop_path_point),
                                points.size(), window, to));
  }
  return centres;
}

}  // namespace

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

}  // namespace smartcrop_python
