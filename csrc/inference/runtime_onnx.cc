// SPDX-License-Identifier: MIT
#include "inference/runtime_onnx.h"

#include "inference/model.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>

#include "error.h"
#include "inference/runtime_search.h"

namespace smartcrop {
namespace {

// The runtime would write to standard error, where the core never prints. What matters comes back
// as a status.
void ORT_API_CALL drop_line(void*, OrtLoggingLevel, const char*, const char*, const char*,
                            const char*) {}

std::string one_line(std::string text) {
  // Where in the runtime's sources it happened tells a user nothing.
  const std::string mark = "[ONNXRuntimeError] : ";
  const size_t found = text.rfind(mark);
  const size_t kind = found == std::string::npos ? found : text.find(" : ", found + mark.size());
  const size_t words = kind == std::string::npos ? kind : text.find(" : ", kind + 3);
  if (words != std::string::npos) text = text.substr(words + 3);
  std::replace(text.begin(), text.end(), '\n', ' ');
  constexpr size_t kLongest = 300;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// True where "1.20.3" is a version that knows our version of the interface. (Asking an older one
// for it makes it print.)
bool is_new_enough(const std::string& version) {
  char* rest = nullptr;
  const long major = std::strtol(version.c_str(), &rest, 10);
  const long minor = *rest == '.' ? std::strtol(rest + 1, nullptr, 10) : 0;
  return major > 1 || (major == 1 && minor >= kOrtApiVersion);
}

// Fills in what an open library offers; else says why not.
std::string adopt(void* library, const std::string& name, OrtRuntime* runtime) {
  using GetBase = const OrtApiBase* (*)();
  const auto get_base = reinterpret_cast<GetBase>(dlsym(library, "OrtGetApiBase"));
  if (get_base == nullptr) return name + " is not ONNX Runtime";
  const OrtApiBase* base = get_base();
  runtime->version = base->GetVersionString();
  Dl_info info;
  const bool known = dladdr(reinterpret_cast<const void*>(get_base), &info) != 0;
  runtime->file = known && info.dli_fname != nullptr ? info.dli_fname : name;
  if (!is_new_enough(runtime->version)) {
    return runtime->file + " is version " + runtime->version + ", 1." +
           std::to_string(kOrtApiVersion) + " or newer is needed";
  }
  runtime->api = base->GetApi(kOrtApiVersion);
  if (runtime->api == nullptr) {
    return runtime->file + " (version " + runtime->version + ") no longer offers version " +
           std::to_string(kOrtApiVersion) + " of its interface";
  }
  return std::string();
}

// Opens one library; says why not where that fails.
std::string open_library(const std::string& name, OrtRuntime* runtime) {
  void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    return one_line(reason == nullptr ? name + " cannot be opened" : reason);
  }
  const std::string problem = adopt(library, name, runtime);
  if (!problem.empty()) dlclose(library);
  return problem;
}

// Throws Error where an open library does not start.
void start(OrtRuntime* runtime) {
  const OrtApi* api = runtime->api;
  const std::string doing = "ONNX Runtime (" + runtime->file + ") does not start";
  runtime->check(api->CreateEnvWithCustomLogger(drop_line, nullptr, ORT_LOGGING_LEVEL_FATAL,
                                                "smartcrop", &runtime->env),
                 doing);
  runtime->check(api->DisableTelemetryEvents(runtime->env), doing);
  char** providers = nullptr;
  int count = 0;
  runtime->check(api->GetAvailableProviders(&providers, &count), doing);
  runtime->providers.assign(providers, providers + count);
  runtime->check(api->ReleaseAvailableProviders(providers, count), doing);
}

std::string open_and_start(const std::string& name, OrtRuntime* runtime) {
  const std::string problem = open_library(name, runtime);
  if (!problem.empty()) return problem;
  try {
    start(runtime);
    return std::string();
  } catch (const Error& error) {
    return error.what();
  }
}

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

[[noreturn]] void fail_to_open(const std::string& chosen, const RuntimeSearch& search,
                               const std::vector<std::string>& problems) {
  std::string sentence;
  if (!chosen.empty()) {
    sentence = "no ONNX Runtime at SMARTCROP_ONNXRUNTIME=" + chosen;
    sentence += problems.empty() ? " (no libonnxruntime.so there)" : ": " + joined(problems, "; ");
    sentence +=
        "; set it to a libonnxruntime.so or to the site-packages of an onnxruntime wheel (1.19 or "
        "newer), or unset it";
  } else {
    sentence = "no ONNX Runtime found, looked in " + joined(search.places, ", ");
    if (!problems.empty()) sentence += " (" + joined(problems, "; ") + ")";
    sentence +=
        "; pip install 'onnxruntime>=1.19' (or onnxruntime-gpu), or set SMARTCROP_ONNXRUNTIME to "
        "its library or folder";
  }
  throw RuntimeMissing(sentence);
}

std::unique_ptr<OrtRuntime> open_runtime(const std::string& chosen) {
  // From 1.29 on the runtime reports its use unless this is set before it loads.
  setenv("ORT_DISABLE_TELEMETRY", "1", /*overwrite=*/0);
  const RuntimeSearch search = search_runtime(chosen);
  std::vector<std::string> problems;
  for (const std::string& file : search.files) {
    auto runtime = std::make_unique<OrtRuntime>();
    const std::string problem = open_and_start(file, runtime.get());
    if (problem.empty()) return runtime;
    // That the loader does not know a bare name is what "the system's libraries" already says.
    if (file.find('/') != std::string::npos) problems.push_back(problem);
  }
  fail_to_open(chosen, search, problems);
}

}  // namespace

bool OrtRuntime::has_provider(const std::string& name) const {
  return std::find(providers.begin(), providers.end(), name) != providers.end();
}

std::string OrtRuntime::message(OrtStatus* status) const {
  if (status == nullptr) return std::string();
  std::string text = one_line(api->GetErrorMessage(status));
  api->ReleaseStatus(status);
  return text.empty() ? "unknown error" : text;
}

void OrtRuntime::check(OrtStatus* status, const std::string& doing) const {
  if (status != nullptr) throw Error(SMARTCROP_ERROR_MODEL, doing + ": " + message(status));
}

const OrtRuntime& ort_runtime() {
  static std::mutex mutex;
  static auto* const opened = new std::map<std::string, std::unique_ptr<OrtRuntime>>;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::string chosen = chosen_runtime();
  std::unique_ptr<OrtRuntime>& runtime = (*opened)[chosen];
  if (runtime == nullptr) runtime = open_runtime(chosen);
  return *runtime;
}

std::string describe_runtime() {
  try {
    const OrtRuntime& runtime = ort_runtime();
    return "ONNX Runtime " + runtime.version + " (" + runtime.file + "), providers " +
           joined(runtime.providers, ", ");
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace smartcrop

#else

namespace smartcrop {

std::string describe_runtime() {
  return "this build has no model support: it was made without the header of ONNX Runtime (run "
         "csrc/stage2_evidence/fetch_onnxruntime_headers and give CMake the folder as "
         "SMARTCROP_ONNXRUNTIME_INCLUDE)";
}

}  // namespace smartcrop

#endif
