// SPDX-License-Identifier: MIT
#include "inference/runtime_search.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace smartcrop {
namespace {

namespace fs = std::filesystem;

constexpr char kLibrary[] = "libonnxruntime.so";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// The numbers in ".1.20.3", so that 1.20 comes after 1.9.
std::vector<long> version_of(const fs::path& file) {
  std::vector<long> numbers;
  const std::string name = file.filename().string().substr(sizeof(kLibrary) - 1);
  for (size_t at = name.find('.'); at != std::string::npos; at = name.find('.', at + 1)) {
    numbers.push_back(std::strtol(name.c_str() + at + 1, nullptr, 10));
  }
  return numbers;
}

// Entries of a folder whose names begin so; none where there is no such folder.
std::vector<fs::path> entries(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().rfind(prefix, 0) == 0) found.push_back(it->path());
  }
  return found;
}

void look_in(const fs::path& folder, RuntimeSearch* search) {
  search->places.push_back(folder.string());
  std::vector<fs::path> found = entries(folder, kLibrary);
  std::sort(found.begin(), found.end(),
            [](const fs::path& a, const fs::path& b) { return version_of(a) > version_of(b); });
  for (const fs::path& file : found) search->files.push_back(file.string());
}

// lib/python3.X/site-packages of a Python environment.
void look_in_environment(const fs::path& root, RuntimeSearch* search) {
  for (const fs::path& python : entries(root / "lib", "python3")) {
    look_in(python / "site-packages" / "onnxruntime" / "capi", search);
  }
}

// The folder of the file that holds a symbol, links followed; empty where that is unknown.
fs::path folder_of(const void* symbol) {
  Dl_info info;
  if (dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code error;
  const fs::path file = fs::canonical(info.dli_fname, error);
  return error ? fs::path() : file.parent_path();
}

void look_in_chosen(const fs::path& chosen, RuntimeSearch* search) {
  std::error_code error;
  if (!fs::is_directory(chosen, error)) {
    search->places.push_back(chosen.string());
    if (fs::exists(chosen, error)) search->files.push_back(fs::absolute(chosen, error).string());
    return;
  }
  const fs::path root = fs::absolute(chosen, error);
  for (const char* below : {"", "lib", "capi", "onnxruntime/capi"}) {
    look_in(*below == '\0' ? root : root / below, search);
  }
  look_in_environment(root, search);
}

}  // namespace

std::string chosen_runtime() { return environment("SMARTCROP_ONNXRUNTIME"); }

RuntimeSearch search_runtime(const std::string& chosen) {
  RuntimeSearch search;
  if (!chosen.empty()) {
    look_in_chosen(chosen, &search);
    return search;
  }
  const fs::path own = folder_of(reinterpret_cast<const void*>(&chosen_runtime));
  if (!own.empty()) look_in(own.parent_path() / "onnxruntime" / "capi", &search);
  const std::string virtual_env = environment("VIRTUAL_ENV");
  if (!virtual_env.empty()) look_in_environment(virtual_env, &search);

  // Distributions number the library by its minor version, which the loader cannot be asked for;
  // so beside its own names look where the C library is.
  search.places.push_back("the system's libraries");
  search.files.insert(search.files.end(), {"libonnxruntime.so.1", kLibrary});
  for (const fs::path& folder :
       {fs::path("/usr/local/lib"), folder_of(reinterpret_cast<const void*>(&std::getenv))}) {
    if (!folder.empty()) look_in(folder, &search);
  }
  return search;
}

}  // namespace smartcrop
