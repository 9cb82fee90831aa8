// SPDX-License-Identifier: MIT
#include "inference/model_source.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "error.h"

// Of builtin_models.S, which knows no C++ names.
extern "C" {
extern const unsigned char builtin_saliency_begin[], builtin_saliency_end[];
extern const unsigned char builtin_center_begin[], builtin_center_end[];
}

namespace smartcrop {
namespace {

struct Builtin {
  const char* name;
  const unsigned char *begin, *end;
};

const Builtin kBuiltins[] = {
    {"saliency", builtin_saliency_begin, builtin_saliency_end},
    {"center", builtin_center_begin, builtin_center_end},
};

std::string builtin_names() {
  std::string names;
  for (const Builtin& model : kBuiltins)
    names += (names.empty() ? "" : ", ") + std::string(model.name);
  return names;
}

// What is wrong with the file that an option names; empty where it can be read.
std::string problem_of(const std::string& file, const std::string& option) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status) && option == "boxes") {
    return "there is no such file; give boxes= the path of an ONNX file that answers boxes";
  }
  if (!fs::exists(status)) {
    return "there is no such file, and the built-in models are " + builtin_names() +
           "; give model= one of these names, the path of an ONNX file, or none";
  }
  if (fs::is_directory(status))
    return "it is a folder; give " + option + "= the path of an ONNX file";
  if (!fs::is_regular_file(status)) return "it is no ordinary file";
  if (!std::ifstream(file).good()) return "it cannot be read; check its permissions";
  if (fs::file_size(file, error) == 0) return "the file is empty";
  return "";
}

ModelSource find_file(const std::string& path, const std::string& option) {
  const std::string subject = option + " " + (path.empty() ? "\"\"" : path);
  const std::string problem = problem_of(path, option);
  if (!problem.empty()) throw Error(SMARTCROP_ERROR_MODEL, subject + ": " + problem);
  return {subject, path, nullptr, 0};
}

}  // namespace

const char* builtin_model_at(int index) {
  if (index < 0 || index >= static_cast<int>(std::size(kBuiltins))) return nullptr;
  return kBuiltins[index].name;
}

ModelSource find_model(const std::string& name) {
  for (const Builtin& model : kBuiltins) {
    if (name != model.name) continue;
    return {"built-in model " + name, "", model.begin,
            static_cast<size_t>(model.end - model.begin)};
  }
  return find_file(name, "model");
}

ModelSource find_box_model(const std::string& path) { return find_file(path, "boxes"); }

ModelSource find_tracker(const std::string& name) { return find_file(name, "tracker"); }

ModelSource find_trunk(const ModelSource& tracker, const std::string& file) {
  return find_file((std::filesystem::path(tracker.path).parent_path() / file).string(), "tracker");
}

}  // namespace smartcrop
