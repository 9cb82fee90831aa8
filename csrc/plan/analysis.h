// SPDX-License-Identifier: MIT
// An analysis file: the scenes of a video, from which its windows can be decided again.
//
// The first line is JSON: the kind, the version, the stream, the size of the maps, and the options
// that the observer was given. Binary records follow, little-endian: the number of bytes, one byte
// for the type, and the rest.
//
//   'F', a frame    i64 number, i64 pts, f64 time_s, u32 count of marks, the marks, u8 analysed;
//   and
//                   where that is 1: f32 confidence, f32 pan, f64 x 4 content, u8 fallback,
//                   u32 count of subjects, the subjects, a byte for each cell of the map
//   'M', marks      the marks that a decision asked for after the frame before
//   'E', the end    i64 count of frames; what follows is for hosts
//
//   a mark          u8: 1 a shot begins, 2 the window may jump, 4 in a transition. Marks are those
//                   of the frames 0, 1, 2 and so on
//   a subject       f64 x 4 box, f32 weight, u8: 1 required, 2 followed; u8 kind, i64 id,
//                   i32 label, f32 score, f64 x 2 speed, f32 preference, i64 owner
#ifndef SMARTCROP_PLAN_ANALYSIS_H_
#define SMARTCROP_PLAN_ANALYSIS_H_

#include <string>

#include "options.h"
#include "types.h"

namespace smartcrop {

constexpr char kAnalysisKind[] = "smartcrop analysis";
constexpr int kAnalysisVersion = 3;

enum class AnalysisRecord : unsigned char { kFrame = 'F', kMarks = 'M', kEnd = 'E' };
enum AnalysisSubject : unsigned { kSubjectRequired = 1, kSubjectFollowed = 2 };
enum AnalysisMark : unsigned { kMarkBegins = 1, kMarkStart = 2, kMarkTransition = 4 };

// The longest record; the largest map and 200,000 subjects fit.
constexpr size_t kLongestRecord = 16 << 20;
// The most frames whose marks are not known yet: more than a shot detector ever waits for.
constexpr int64_t kMostUnmarked = 4096;

struct AnalysisHeader {
  smartcrop_stream stream{};
  Size map;         // cells
  Options options;  // those that is_observed() and lookahead are as the observer had them
};

// True for an option that the observer reads and nobody after it.
bool is_observed(const smartcrop_option_row& row);

// The header's line without its end.
std::string text_of(const AnalysisHeader& header);

// Throws std::invalid_argument with what is wrong.
AnalysisHeader parse_analysis_header(const std::string& line);

// The options of a run over the file: those asked for, and those that were observed. Throws
// Error(ERROR_OPTION) where one is asked for that was decided when the file was made.
Options options_to_solve(const Options& asked, const AnalysisHeader& header,
                         const std::string& path);

}  // namespace smartcrop

#endif  // SMARTCROP_PLAN_ANALYSIS_H_
