// SPDX-License-Identifier: MIT
// What sample values mean: the matrix of a stream, and colours as its samples.
#ifndef SMARTCROP_PICTURE_COLOUR_H_
#define SMARTCROP_PICTURE_COLOUR_H_

#include <zimg.h>

#include <array>

#include "option_kinds.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {

// The matrix to decode with. Where the stream does not say, or names one that takes more than a
// matrix (constant luminance, ICtCp), the likely one: players go by the height, too.
zimg_matrix_coefficients_e matrix_of(const smartcrop_stream& stream);

// RGB counts as full range: hosts rarely say, and a limited one loses only some contrast.
zimg_pixel_range_e range_of(const smartcrop_stream& stream);

// The colour in each plane of the stream, in the order of its planes; alpha: opaque.
std::array<double, 4> samples_of(const Colour& colour, const smartcrop_stream& stream);

}  // namespace smartcrop

#endif  // SMARTCROP_PICTURE_COLOUR_H_
