// SPDX-License-Identifier: MIT
// The C interface: plans.
#include <memory>
#include <string>
#include <string_view>

#include "capi/capi.h"
#include "plan/plan.h"

using smartcrop::guarded;
using smartcrop::require;

extern "C" {

int smartcrop_options_set_plan(smartcrop_options* options, const char* name, const char* text,
                               size_t length) {
  return guarded([=] {
    require(options != nullptr && name != nullptr && name[0] != '\0' &&
                (length == 0 || text != nullptr),
            "options_set_plan needs options, a name and a text");
    smartcrop::set_option(&options->values, "plan", std::string(name));
    options->values.plan_text =
        std::make_shared<const std::string>(length == 0 ? "" : text, length);
    return SMARTCROP_OK;
  });
}

int smartcrop_check_plan(const char* name, const char* text, size_t length) {
  return guarded([=] {
    require(name != nullptr && (length == 0 || text != nullptr), "check_plan needs name and text");
    smartcrop::parse_plan(name, length == 0 ? std::string_view() : std::string_view(text, length));
    return SMARTCROP_OK;
  });
}

}  // extern "C"
