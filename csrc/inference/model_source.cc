// SPDX-License-Identifier: MIT
#include "inference/model_source.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "error.h"
#include "inference/model_kinds.h"

// Of builtin_models.S, which knows no C++ names.
extern "C" {
#define SC_BUILTIN(name, kind) \
  extern const unsigned char builtin_##name##_begin[], builtin_##name##_end[];
#include "inference/builtin_models.def"
}

namespace smartcrop {
namespace {

namespace fs = std::filesystem;

struct Builtin {
  const char* name;
  ModelKind kind;
  const unsigned char *begin, *end;
};

const Builtin kBuiltins[] = {
#define SC_BUILTIN(name, kind) \
  {#name, ModelKind::kind, builtin_##name##_begin, builtin_##name##_end},
#include "inference/builtin_models.def"
};

[[noreturn]] void refuse(const std::string& subject, const std::string& problem) {
  throw Error(SMARTCROP_ERROR_MODEL, subject + ": " + problem);
}

// A folder that an environment variable names; empty where it names none.
fs::path folder_in(const char* variable) {
  const char* const folder = std::getenv(variable);
  return folder == nullptr ? fs::path() : fs::path(folder);
}

// The sentence for a name that means nothing.
std::string nothing_of(ModelKind kind) {
  std::string names;
  int count = 0;
  for (const Builtin& model : kBuiltins) {
    if (model.kind != kind) continue;
    names += (count++ == 0 ? "" : ", ") + std::string(model.name);
  }
  const std::string folder = models_folder();
  return std::string("there is no such file, and the built-in ") +
         (count == 1 ? "model is " : "models are ") + names + "; give " + option_of(kind) + "= " +
         (count == 1 ? "this name" : "one of these names") +
         (folder.empty() ? "" : ", that of a network in " + folder) +
         (kind == ModelKind::kTracker ? ", or the path of an ONNX file"
                                      : ", the path of an ONNX file, or none");
}

// What is wrong with a file; empty where it can be read.
std::string problem_of(const std::string& file, ModelKind kind) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) return nothing_of(kind);
  if (fs::is_directory(status)) {
    return std::string("it is a folder; give ") + option_of(kind) + "= the path of an ONNX file";
  }
  if (!fs::is_regular_file(status)) return "it is no ordinary file";
  if (!std::ifstream(file).good()) return "it cannot be read; check its permissions";
  if (fs::file_size(file, error) == 0) return "the file is empty";
  return "";
}

// The file that a name stands for: itself, or that of one of the user's networks.
std::string file_of(const std::string& name) {
  std::error_code error;
  const std::string folder = models_folder();
  const bool is_path = name.empty() || name.find('/') != std::string::npos;
  if (is_path || folder.empty() || fs::is_regular_file(name, error)) return name;
  const std::string file = (fs::path(folder) / (name + ".onnx")).string();
  return fs::exists(file, error) ? file : name;
}

}  // namespace

const char* builtin_model_at(int index) {
  if (index < 0) return nullptr;
  for (const Builtin& model : kBuiltins) {
    if (model.kind == ModelKind::kFeatures) continue;
    if (index-- == 0) return model.name;
  }
  return nullptr;
}

std::string models_folder() {
  const fs::path named = folder_in("SMARTCROP_MODELS");
  if (!named.empty()) return named.string();
  fs::path caches = folder_in("XDG_CACHE_HOME");
  // The standard says to ignore one that is not absolute.
  if (!caches.is_absolute()) caches = folder_in("HOME") / ".cache";
  return caches.is_absolute() ? (caches / "smartcrop" / "models").string() : "";
}

ModelSource find_model(ModelKind kind, const std::string& name) {
  const std::string option = option_of(kind);
  const std::string subject = option + " " + (name.empty() ? "\"\"" : name);
  for (const Builtin& model : kBuiltins) {
    if (name != model.name) continue;
    if (model.kind != kind) {
      refuse(subject, std::string("this built-in model answers ") + answer_of(model.kind) +
                          "; give it as " + option_of(model.kind) + "= instead");
    }
    return {"built-in model " + name, "", model.begin,
            static_cast<size_t>(model.end - model.begin)};
  }
  const std::string file = file_of(name);
  const std::string problem = problem_of(file, kind);
  if (!problem.empty()) refuse(subject, problem);
  return {subject, file, nullptr, 0};
}

ModelSource find_trunk(const ModelSource& tracker, const std::string& file) {
  if (tracker.bytes != nullptr)
    return find_model(ModelKind::kFeatures, fs::path(file).stem().string());
  const std::string path = (fs::path(tracker.path).parent_path() / file).string();
  std::error_code error;
  const bool is_there = fs::exists(path, error);
  const std::string problem = is_there ? problem_of(path, ModelKind::kTracker)
                                       : "there is no such file; it has to lie beside the tracker";
  if (!problem.empty()) refuse(tracker.subject + ": its trunk " + path, problem);
  return {"tracker " + path, path, nullptr, 0};
}

}  // namespace smartcrop
