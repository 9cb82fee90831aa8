// SPDX-License-Identifier: MIT
#include "plan/analysis_writer.h"

#include <cstring>
#include <type_traits>

#include "error.h"
#include "map_bytes.h"

namespace smartcrop {
namespace {

// Little-endian on every machine.
template <typename Whole>
void put(Whole value, std::string* bytes) {
  using Bits = std::make_unsigned_t<Whole>;
  const auto bits = static_cast<uint64_t>(static_cast<Bits>(value));
  for (size_t i = 0; i < sizeof value; ++i) {
    bytes->push_back(static_cast<char>(bits >> (8 * i) & 0xff));
  }
}

void put_float(float value, std::string* bytes) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  put(bits, bytes);
}

void put_double(double value, std::string* bytes) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  put(bits, bytes);
}

void put_box(const Box& box, std::string* bytes) {
  for (const double side : {box.x, box.y, box.width, box.height}) put_double(side, bytes);
}

void put_subject(const Subject& subject, std::string* bytes) {
  put_box(subject.box, bytes);
  put_float(subject.weight, bytes);
  const unsigned flags =
      (subject.required ? kSubjectRequired : 0U) | (subject.followed ? kSubjectFollowed : 0U);
  put(static_cast<uint8_t>(flags), bytes);
  put(static_cast<uint8_t>(subject.kind), bytes);
  put(subject.id, bytes);
  put(static_cast<int32_t>(subject.label), bytes);
  put_float(subject.score, bytes);
  for (const double speed : {subject.speed.x, subject.speed.y}) put_double(speed, bytes);
  put_float(subject.preference, bytes);
  put(subject.owner, bytes);
}

}  // namespace

AnalysisWriter::AnalysisWriter(const std::string& path, const AnalysisHeader& header)
    : file_("analysis", path, kAnalysisKind), header_(text_of(header) + '\n'), map_(header.map) {
  begin();
}

void AnalysisWriter::begin() {
  file_.begin();
  frames_ = 0;
  shot_ = -1;
  file_.write(header_);
}

void AnalysisWriter::begin_record(AnalysisRecord type) {
  record_.clear();
  record_.push_back(static_cast<char>(type));
}

void AnalysisWriter::put_record() {
  if (record_.size() > kLongestRecord) {
    file_.refuse("frame " + std::to_string(frames_) + " has more boxes than an analysis holds");
  }
  std::string length;
  put(static_cast<uint32_t>(record_.size()), &length);
  file_.write(length);
  file_.write(record_);
}

void AnalysisWriter::put_mark(const ShotMark& mark) {
  unsigned bits = 0;
  if (mark.shot != shot_) bits |= kMarkBegins;
  if (mark.start) bits |= kMarkStart;
  if (mark.transition) bits |= kMarkTransition;
  shot_ = mark.shot;
  put(static_cast<uint8_t>(bits), &record_);
}

void AnalysisWriter::put_evidence(const Evidence& evidence) {
  if (evidence.map.width != map_.width || evidence.map.height != map_.height) {
    throw Error(SMARTCROP_ERROR_INTERNAL, "a map of another size came to an analysis");
  }
  put_float(evidence.map.confidence, &record_);
  put_float(evidence.pan, &record_);
  put_box(evidence.content, &record_);
  put(static_cast<uint8_t>(evidence.fallback ? 1 : 0), &record_);
  put(static_cast<uint32_t>(evidence.subjects.size()), &record_);
  for (const Subject& subject : evidence.subjects) put_subject(subject, &record_);
  const std::vector<uint8_t> bytes = bytes_of(evidence.map);
  record_.append(bytes.begin(), bytes.end());
}

void AnalysisWriter::write(const Scene& scene, int64_t pts) {
  if (ended()) begin();
  begin_record(AnalysisRecord::kFrame);
  put(scene.frame, &record_);
  put(pts, &record_);
  put_double(scene.time_s, &record_);
  put(static_cast<uint32_t>(scene.marks.size()), &record_);
  for (const ShotMark& mark : scene.marks) put_mark(mark);
  put(static_cast<uint8_t>(scene.analysed ? 1 : 0), &record_);
  if (scene.analysed) put_evidence(scene.evidence);
  put_record();
  ++frames_;
}

void AnalysisWriter::write(const std::vector<ShotMark>& marks) {
  if (ended() || marks.empty()) return;
  begin_record(AnalysisRecord::kMarks);
  for (const ShotMark& mark : marks) put_mark(mark);
  put_record();
}

void AnalysisWriter::end() {
  if (ended()) return;
  begin_record(AnalysisRecord::kEnd);
  put(frames_, &record_);
  put_record();
  file_.close();
}

}  // namespace smartcrop
