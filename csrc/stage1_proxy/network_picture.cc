// SPDX-License-Identifier: MIT
#include "stage1_proxy/network_picture.h"

#include <algorithm>
#include <cmath>

namespace smartcrop {
namespace {

int rounded(double value, int largest) {
  return std::clamp(static_cast<int>(std::lround(value)), 1, largest);
}

}  // namespace

InputPlace place_picture(const smartcrop_stream& stream, Size input, ModelFit fit) {
  InputPlace placement{0, 0, input};
  if (fit == ModelFit::kStretch) return placement;
  const bool square = stream.sar_num <= 0 || stream.sar_den <= 0;
  const double width = stream.width * (square ? 1.0 : 1.0 * stream.sar_num / stream.sar_den);
  const double scale = std::min(input.width / width, 1.0 * input.height / stream.height);
  placement.size = {rounded(width * scale, input.width),
                    rounded(stream.height * scale, input.height)};
  placement.x = (input.width - placement.size.width) / 2;
  placement.y = (input.height - placement.size.height) / 2;
  return placement;
}

NetworkPicture::NetworkPicture(const smartcrop_stream& stream, const PictureModel& model)
    : placement_(place_picture(stream, model.input_size(), model.fit())),
      padded_(placement_.size.width != model.input_size().width ||
              placement_.size.height != model.input_size().height) {
  input_.width = model.input_size().width;
  input_.height = model.input_size().height;
  const size_t count = static_cast<size_t>(input_.width) * static_cast<size_t>(input_.height);
  for (auto& plane : input_.planes) plane.assign(count, model.pad_value());
}

const Proxy& NetworkPicture::make(Pictures* pictures) {
  const Proxy& picture = pictures->rgb(placement_.size);
  if (!padded_) return picture;
  const auto width = static_cast<ptrdiff_t>(placement_.size.width);
  for (size_t p = 0; p < input_.planes.size(); ++p) {
    for (ptrdiff_t y = 0; y < placement_.size.height; ++y) {
      const auto row = picture.planes[p].begin() + y * width;
      const ptrdiff_t to = (placement_.y + y) * input_.width + placement_.x;
      std::copy(row, row + width, input_.planes[p].begin() + to);
    }
  }
  return input_;
}

Box NetworkPicture::place() const {
  const double across = 1.0 / input_.width;
  const double down = 1.0 / input_.height;
  return {placement_.x * across, placement_.y * down, placement_.size.width * across,
          placement_.size.height * down};
}

}  // namespace smartcrop
