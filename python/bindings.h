// SPDX-License-Identifier: MIT
// What the files of the Python module share.
#ifndef SMARTCROP_PYTHON_BINDINGS_H_
#define SMARTCROP_PYTHON_BINDINGS_H_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "smartcrop/smartcrop.h"

namespace smartcrop_python {

namespace py = pybind11;

struct Failure {
  int status;
  std::string sentence;
};

// last_error belongs to the thread, so it is read before anything else can run on it.
inline int check(int status) {
  if (status < 0) throw Failure{status, smartcrop_last_error()};
  return status;
}

// Names of files may hold bytes that are no UTF-8; Python keeps them as lone surrogates.
inline py::str decoded(const char* text) {
  PyObject* made =
      PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), "surrogateescape");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(made);
}

inline std::string encoded(const py::str& text) {
  PyObject* made = PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogateescape");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::bytes>(made);
}

// The count of an array as the interface takes it; what is beyond its range is refused there.
inline int32_t count_of(size_t size) {
  return static_cast<int32_t>(std::min<size_t>(size, std::numeric_limits<int32_t>::max()));
}

class Options {
 public:
  // plan: its name and its text, where it is at hand.
  Options(const std::vector<std::pair<py::str, py::str>>& values,
          const std::optional<std::pair<py::str, py::bytes>>& plan)
      : options_(smartcrop_options_new()) {
    if (options_ == nullptr) throw std::bad_alloc();
    try {
      for (const auto& [key, value] : values) {
        check(smartcrop_options_set(options_, encoded(key).c_str(), encoded(value).c_str()));
      }
      if (plan) set_plan(encoded(plan->first), std::string_view(plan->second));
    } catch (...) {
      smartcrop_options_free(&options_);
      throw;
    }
  }
  ~Options() { smartcrop_options_free(&options_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  py::str get(const std::string& key) const {
    const int length = check(smartcrop_options_get(options_, key.c_str(), nullptr, 0));
    std::string value(static_cast<size_t>(length) + 1, '\0');
    check(smartcrop_options_get(options_, key.c_str(), value.data(), value.size()));
    return decoded(value.c_str());
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
  void set_plan(const std::string& name, std::string_view text) {
    check(smartcrop_options_set_plan(options_, name.c_str(), text.data(), text.size()));
  }

  smartcrop_options* options_;
};

// A decision that has panes of its own, where the interface only borrows them.
struct Decision : smartcrop_decision {
  std::vector<smartcrop_pane> own_panes;

  Decision() : smartcrop_decision() { struct_size = sizeof(smartcrop_decision); }
  // Copies those that were lent with it.
  void keep_panes() { own_panes.assign(panes, panes + pane_count); }
  // As the interface reads it, for as long as this object lives and does not change.
  smartcrop_decision lent() const {
    smartcrop_decision decision = *this;
    decision.panes = own_panes.data();
    decision.pane_size = sizeof(smartcrop_pane);
    decision.pane_count = count_of(own_panes.size());
    return decision;
  }
};

// As NumPy's records; bindings_motion.cc says how they are laid out.
using Vectors = py::array_t<smartcrop_motion_vector, py::array::c_style | py::array::forcecast>;

// bindings_run.cc, bindings_path.cc, bindings_motion.cc
void bind_motion(py::module_& module);
void bind_run(py::module_& module);
void bind_path(py::module_& module);

}  // namespace smartcrop_python

#endif  // SMARTCROP_PYTHON_BINDINGS_H_
