// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/asked_subject.h"

#include <gtest/gtest.h>

namespace smartcrop {
namespace {

Subject subject(int64_t id, double x) {
  Subject subject;
  subject.id = id;
  subject.box = {x, 0.3, 0.2, 0.4};
  return subject;
}

// Two subjects, with ids 0 on the left and 1 on the right; five scenes a second.
class AskedSubjectTest : public testing::Test {
 protected:
  // The ids of those that are followed in each scene.
  static std::vector<int64_t> followed(AskedSubject* asked, bool observed_first = false) {
    std::vector<int64_t> ids;
    for (int i = 0; i < 10; ++i) {
      Scene scene;
      scene.frame = i;
      scene.time_s = 7 + i / 5.0;  // times need not begin at 0
      scene.analysed = true;
      scene.evidence.subjects = {subject(0, 0.1), subject(1, 0.6)};
      scene.evidence.subjects[0].followed = observed_first;
      asked->mark(&scene);
      int64_t id = -1;
      for (const Subject& each : scene.evidence.subjects) {
        if (each.followed) id = each.id;
      }
      ids.push_back(id);
    }
    return ids;
  }
};

TEST_F(AskedSubjectTest, IsMarkedByItsNumberInTheInterface) {
  AskedSubject asked("#2");
  EXPECT_EQ(followed(&asked), std::vector<int64_t>(10, 1));
}

TEST_F(AskedSubjectTest, IsTheOneAtThePointOrInTheBox) {
  AskedSubject point("0.15x0.5"), box("0.62x0.4x0.1x0.1");
  EXPECT_EQ(followed(&point), std::vector<int64_t>(10, 0));
  EXPECT_EQ(followed(&box), std::vector<int64_t>(10, 1));
}

TEST_F(AskedSubjectTest, ChangesAtTheTimeOfAWishFromTheFirstScene) {
  AskedSubject asked("0.15x0.5+#2@1");
  const std::vector<int64_t> ids = followed(&asked);
  EXPECT_EQ(ids, (std::vector<int64_t>{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
  asked.reset();
  EXPECT_EQ(followed(&asked), ids);
}

TEST_F(AskedSubjectTest, LeavesWhatTheCallerMarkedUntilAWishBegins) {
  for (const char* follow : {"#2@1", "auto@1"}) {
    AskedSubject asked(follow);
    for (int i = 0; i < 10; ++i) {
      Scene scene;
      scene.frame = i;
      scene.time_s = i / 5.0;
      scene.analysed = true;
      Subject marked = subject(6, 0.3);
      marked.kind = SubjectKind::kCaller;
      marked.followed = true;
      scene.evidence.subjects = {marked, subject(1, 0.6)};
      asked.mark(&scene);
      EXPECT_EQ(scene.evidence.subjects[0].followed, i < 5) << follow << " " << i;
      EXPECT_EQ(scene.evidence.subjects[1].followed, i >= 5 && follow[0] == '#') << i;
    }
  }
}

TEST_F(AskedSubjectTest, IsTheOneThatWasFollowedWhereTheDetectorHasItToo) {
  for (const char* follow : {"0.15x0.5", "#4"}) {
    AskedSubject asked(follow);
    for (int i = 0; i < 5; ++i) {
      Scene scene;
      scene.time_s = i / 5.0;
      scene.analysed = true;
      Subject seen = subject(i < 2 ? 3 : -1, 0.1);
      seen.followed = true;
      // The detector's box is smaller, and its id goes over to another one.
      Subject detected = subject(3, i < 2 ? 0.11 : 0.7);
      detected.box.width = 0.15;
      scene.evidence.subjects = {detected, seen};
      asked.mark(&scene);
      EXPECT_FALSE(scene.evidence.subjects[0].followed) << follow << i;
      EXPECT_TRUE(scene.evidence.subjects[1].followed) << follow << i;
    }
  }
}

TEST_F(AskedSubjectTest, IsNobodyWherePointsAtNothingAndNobodyIsInvented) {
  AskedSubject asked("0.5x0.95");
  EXPECT_EQ(followed(&asked), std::vector<int64_t>(10, -1));
}

TEST_F(AskedSubjectTest, StaysAsItWasObservedWhereNothingIsAskedOrTheSameIs) {
  AskedSubject nothing(""), same("0.15x0.5"), camera("auto");
  EXPECT_EQ(followed(&nothing, true), std::vector<int64_t>(10, 0));
  EXPECT_EQ(followed(&same, true), std::vector<int64_t>(10, 0));
  EXPECT_EQ(followed(&camera, true), std::vector<int64_t>(10, -1));
}

}  // namespace
}  // namespace smartcrop
