// SPDX-License-Identifier: MIT
#include "plan/analysis_reader.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "error.h"
#include "map_bytes.h"

namespace smartcrop {
namespace {

constexpr size_t kLongestHeader = 1 << 16;
constexpr double kLeastContent = 1e-3;  // share of the picture; borders leave far more
constexpr double kOutside = 1;          // shares of the picture that a box may lie beside it
constexpr float kLargestScore = 100;    // a network may answer more than 1
constexpr size_t kSubjectBytes = 82;

[[noreturn]] void complain(const std::string& what) { throw std::invalid_argument(what); }

// Takes numbers from the bytes of one record, and never beyond them.
class Bytes {
 public:
  explicit Bytes(const std::vector<uint8_t>& bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  size_t left() const { return static_cast<size_t>(end_ - at_); }
  const uint8_t* take(size_t count) {
    if (count > left()) complain("is shorter than what it says it holds");
    const uint8_t* const taken = at_;
    at_ += count;
    return taken;
  }
  template <typename Whole>
  Whole whole() {
    const uint8_t* const from = take(sizeof(Whole));
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof(Whole); ++i) bits |= static_cast<uint64_t>(from[i]) << (8 * i);
    return static_cast<Whole>(bits);
  }
  double number() {
    const auto bits = whole<uint64_t>();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) complain("holds a number that is not finite");
    return value;
  }
  float number_in(float least, float most) {
    const auto bits = whole<uint32_t>();
    float value;
    std::memcpy(&value, &bits, sizeof value);
    if (!(value >= least && value <= most)) complain("holds a number out of its range");
    return value;
  }
  bool flag() {
    const auto byte = whole<uint8_t>();
    if (byte > 1) complain("holds a flag that is neither 0 nor 1");
    return byte == 1;
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

Box read_box(Bytes* bytes) {
  Box box;
  for (double* side : {&box.x, &box.y, &box.width, &box.height}) *side = bytes->number();
  const auto fits = [](double from, double length) {
    return from >= -kOutside && length >= 0 && from + length <= 1 + kOutside;
  };
  if (!fits(box.x, box.width) || !fits(box.y, box.height)) {
    complain("holds a box outside the picture");
  }
  return box;
}

Subject read_subject(Bytes* bytes) {
  Subject subject;
  subject.box = read_box(bytes);
  subject.weight = bytes->number_in(0, 1);
  const auto flags = bytes->whole<uint8_t>();
  if (flags > (kSubjectRequired | kSubjectFollowed)) complain("holds flags of no known meaning");
  subject.required = (flags & kSubjectRequired) != 0;
  subject.followed = (flags & kSubjectFollowed) != 0;
  const auto kind = bytes->whole<uint8_t>();
  if (kind > static_cast<uint8_t>(SubjectKind::kCaller)) complain("holds a box of no known kind");
  subject.kind = static_cast<SubjectKind>(kind);
  subject.id = bytes->whole<int64_t>();
  subject.label = bytes->whole<int32_t>();
  subject.score = bytes->number_in(0, kLargestScore);
  for (double* speed : {&subject.speed.x, &subject.speed.y}) *speed = bytes->number();
  subject.preference = bytes->number_in(0, 1);
  subject.owner = bytes->whole<int64_t>();
  return subject;
}

HeatMap read_map(Bytes* bytes, Size size) {
  HeatMap map;
  map.width = size.width;
  map.height = size.height;
  const size_t count = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
  const uint8_t* const values = bytes->take(count);
  if (*std::max_element(values, values + count) != 255) complain("holds a map without its peak");
  set_bytes(values, &map);
  return map;
}

Evidence read_evidence(Bytes* bytes, Size size) {
  Evidence evidence;
  const float confidence = bytes->number_in(0, 1);
  evidence.pan = bytes->number_in(0, 1e6F);
  evidence.content = read_box(bytes);
  if (std::min(evidence.content.width, evidence.content.height) < kLeastContent) {
    complain("holds a picture without content");
  }
  evidence.fallback = bytes->flag();
  const auto subjects = bytes->whole<uint32_t>();
  if (subjects > bytes->left() / kSubjectBytes) complain("is shorter than what it says it holds");
  for (uint32_t i = 0; i < subjects; ++i) evidence.subjects.push_back(read_subject(bytes));
  evidence.map = read_map(bytes, size);
  evidence.map.confidence = confidence;
  return evidence;
}

}  // namespace

AnalysisReader::AnalysisReader(std::string path) : path_(std::move(path)) { open(); }

void AnalysisReader::refuse(const std::string& what) {
  broken_ = "analysis " + path_ + ": " + what;
  std::replace(broken_.begin(), broken_.end(), '\n', ' ');
  throw Error(SMARTCROP_ERROR_FILE, broken_);
}

void AnalysisReader::open() {
  std::error_code none;
  const auto size = std::filesystem::file_size(path_, none);
  if (!none) file_.reset(std::fopen(path_.c_str(), "rb"));
  if (file_ == nullptr) {
    refuse(std::string("cannot be read: ") + (none ? none.message() : std::strerror(errno)));
  }
  left_ = size;
  read_header();
}

void AnalysisReader::read_header() {
  std::string line;
  for (int byte = std::fgetc(file_.get()); byte != '\n'; byte = std::fgetc(file_.get())) {
    if (byte == EOF || line.size() >= kLongestHeader) {
      refuse("it is no analysis; make one with 'smartcrop analyze VIDEO --keep FILE'");
    }
    line.push_back(static_cast<char>(byte));
  }
  left_ -= std::min<uint64_t>(left_, line.size() + 1);
  try {
    header_ = parse_analysis_header(line);
  } catch (const std::invalid_argument& wrong) {
    refuse(wrong.what());
  }
}

// The next record, whole; its length is checked against what is left of the file first.
bool AnalysisReader::read_record() {
  if (ended_) return false;
  constexpr size_t kLengthBytes = 4;
  record_.resize(kLengthBytes);
  const std::string cut =
      "ends after frame " + std::to_string(frames_ - 1) + " without its last part; analyze again";
  if (left_ < kLengthBytes) refuse(cut);
  const auto read = [this] {
    return std::fread(record_.data(), 1, record_.size(), file_.get()) == record_.size();
  };
  if (!read()) refuse(cut);
  left_ -= kLengthBytes;
  const auto length = Bytes(record_).whole<uint32_t>();
  if (length > left_) refuse(cut);
  if (length == 0 || length > kLongestRecord) {
    refuse("the record after frame " + std::to_string(frames_ - 1) + " has a length of " +
           std::to_string(length) + " bytes");
  }
  record_.resize(length);
  if (!read()) refuse(cut);
  left_ -= length;
  return true;
}

void AnalysisReader::take_marks(const uint8_t* marks, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const unsigned bits = marks[i];
    ShotMark mark = newest_mark_;
    ++mark.frame;
    if (bits > (kMarkBegins | kMarkStart | kMarkTransition)) complain("holds a mark of no meaning");
    if (mark.frame >= frames_) complain("holds a mark of a frame that comes later");
    if ((bits & kMarkBegins) != 0) ++mark.shot;
    mark.start = (bits & kMarkStart) != 0;
    mark.transition = (bits & kMarkTransition) != 0;
    if (mark.shot < 0 || (mark.start && (bits & kMarkBegins) == 0)) {
      complain("holds a mark that belongs to no shot");
    }
    marks_.push_back(mark);
    newest_mark_ = mark;
  }
  if (frames_ - 1 - newest_mark_.frame > kMostUnmarked)
    complain("lacks marks of the frames before");
}

void AnalysisReader::read_frame() {
  Bytes bytes(record_);
  bytes.take(1);
  Ready ready;
  Scene& scene = ready.scene;
  scene.frame = bytes.whole<int64_t>();
  if (scene.frame != frames_) complain("has another number");
  ready.pts = bytes.whole<int64_t>();
  scene.time_s = bytes.number();
  if (frames_ > 0 && scene.time_s < newest_s_) complain("is before the one before it");
  const auto count = bytes.whole<uint32_t>();
  const uint8_t* const marks = bytes.take(count);
  scene.analysed = bytes.flag();
  if (scene.analysed) {
    scene.evidence = read_evidence(&bytes, header_.map);
    scene.evidence.frame = scene.frame;
    scene.evidence.time_s = scene.time_s;
  }
  if (bytes.left() > 0) complain("is longer than what it says it holds");
  ++frames_;
  newest_s_ = scene.time_s;
  take_marks(marks, count);
  ready.marked = newest_mark_.frame;
  ready_.push_back(std::move(ready));
}

void AnalysisReader::read_end() {
  Bytes bytes(record_);
  bytes.take(1);
  const auto count = bytes.whole<int64_t>();
  if (bytes.left() > 0 || count != frames_) complain("counts other frames than there are");
  if (frames_ == 0) complain("comes before any frame");
  if (newest_mark_.frame != frames_ - 1) complain("comes before the last marks");
  ended_ = true;
}

// One more record, where there is one.
void AnalysisReader::take_records() {
  if (!broken_.empty()) throw Error(SMARTCROP_ERROR_FILE, broken_);
  if (!read_record()) return;
  std::string name = "the record after frame " + std::to_string(frames_ - 1);
  try {
    switch (static_cast<AnalysisRecord>(record_[0])) {
      case AnalysisRecord::kFrame:
        name = "frame " + std::to_string(frames_);
        read_frame();
        return;
      case AnalysisRecord::kMarks:
        take_marks(record_.data() + 1, record_.size() - 1);
        return;
      case AnalysisRecord::kEnd:
        name = "the end";
        read_end();
        return;
    }
    complain("is of no known type");
  } catch (const std::invalid_argument& wrong) {
    refuse(name + " " + wrong.what());
  }
}

std::vector<ShotMark> AnalysisReader::marks_through(int64_t frame) {
  std::vector<ShotMark> marks;
  while (!marks_.empty() && marks_.front().frame <= frame) {
    marks.push_back(marks_.front());
    marks_.pop_front();
  }
  return marks;
}

bool AnalysisReader::next(Scene* scene, int64_t* pts) {
  while (ready_.empty() && !ended_) take_records();
  if (ready_.empty()) return false;
  *scene = std::move(ready_.front().scene);
  *pts = ready_.front().pts;
  scene->marks = marks_through(ready_.front().marked);
  ready_.pop_front();
  return true;
}

std::vector<ShotMark> AnalysisReader::mark_through(int64_t frame) {
  while (newest_mark_.frame < frame && !ended_) take_records();
  return marks_through(frame);
}

void AnalysisReader::rewind() {
  ready_.clear();
  marks_.clear();
  newest_mark_ = {-1, -1, false, false};
  frames_ = 0;
  newest_s_ = 0;
  ended_ = false;
  broken_.clear();
  open();
}

}  // namespace smartcrop
