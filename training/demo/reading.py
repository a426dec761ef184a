"""Invented articles with their readers, quizzes with misses, contests at every stage, evaluations, needs."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from people.access import viewer_for
from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.models import Cadre, User
from training.choices import SEATED_STATES, AnswerKind, Audience, EvaluationSubject, NeedMoment, Theme
from training.demo import reading_words as words
from training.models import (
    Article,
    Contest,
    ContestEntry,
    Evaluation,
    EvaluationAnswer,
    EvaluationMark,
    EvaluationSheet,
    EvaluationTemplate,
    Question,
    Quiz,
    QuizAnswer,
    QuizAttempt,
    Reading,
    TrainingClass,
    TrainingNeed,
)
from training.queries.audience import addressed, units_on
from training.queries.quizzes import takers_of
from training.scoring import is_right, share_of
from training.services.articles import publish_article, settle_readings
from training.services.contests import create_contest, enter_contest, set_judge
from training.services.evaluations import AskedQuestion, create_template, open_evaluation
from training.services.judging import close_judging, publish_contest, score_entry, start_judging
from training.services.needs import file_need, found_programme, take_reading, wish_need
from training.services.quizzes import create_question, create_quiz, settle_results

JUDGES = 5
ENTRIES = 8
EVALUATED = 3
BODY = "示例经济开发区管委会"


@register(order=910)  # after the accounts: judges and staff act with theirs
def seed_reading(context: DemoContext) -> None:
    context.say("引学文章、测验、比拼、评价和培训需求……")
    staff = User.objects.filter(grants__role=Role.HR).order_by("pk").first()
    if staff is None:
        return
    _Seeder(context, staff).run()


class _Seeder:
    def __init__(self, context: DemoContext, staff: User) -> None:
        self.context, self.on, self.staff = context, context.on, staff
        active = (p.cadre for p in context.people if p.cadre.status == CadreStatus.ACTIVE)
        self.cadres = [cadre for cadre in active if cadre.pk != staff.cadre_id]

    def run(self) -> None:
        articles = [self._article(*row) for row in words.ARTICLES]
        questions = [self._question(*row) for row in words.QUESTIONS]
        self._quizzes(articles, questions)
        self._contests()
        self._evaluations()
        self._needs()

    def by(self, day: date) -> Viewer:
        return viewer_for(self.staff, on=day)

    def random(self, purpose: str) -> Random:
        return self.context.random(f"reading:{purpose}")

    # Articles

    def _article(self, *row: object) -> Article:
        title, category, theme, source, ago, due, share = row
        day = self.on - timedelta(days=int(str(ago)))
        values = {
            "title": title,
            "category": category,
            "theme": theme,
            "source": source,
            "text": "\n\n".join(words.PARAGRAPHS),
            "is_must_read": due is not None,
            "due_on": day + timedelta(days=int(str(due))) if due is not None else None,
            "audience": Audience.ALL,
        }
        article = publish_article(values=values, by=self.by(day), on=day, at=noon(day))
        self._readings(article, day, float(str(share)))
        return article

    def _readings(self, article: Article, day: date, share: float) -> None:
        random = self.random(f"readers:{article.title}")
        known = set(addressed(article, day).values_list("pk", flat=True))
        readers = [cadre for cadre in self.cadres if cadre.pk in known and random.random() < share]
        places = units_on([cadre.pk for cadre in readers], day)
        rows = [
            Reading(
                article=article,
                cadre=cadre,
                unit_id=places.get(cadre.pk),
                read_at=noon(min(self.on, day + timedelta(days=random.randint(0, 9)))),
            )
            for cadre in readers
        ]
        settle_readings(self.context.insert(Reading, rows), by=None, at=noon(self.on))

    # Quizzes

    def _question(self, *row: str) -> Question:
        names = ("theme", "kind", "text", "options", "answer", "explanation")
        return create_question(values=dict(zip(names, row, strict=True)), by=self.by(self.on))

    def _quizzes(self, articles: list[Article], questions: list[Question]) -> None:
        safety = next(article for article in articles if article.theme == Theme.SAFETY)
        plans = (
            ("安全生产应知应会测验", {"article": safety, "theme": Theme.SAFETY}, 20, 15, 0.8),
            ("公文写作测验", {"theme": Theme.WRITING}, 5, 25, 0.35),
            ("开发区业务综合测验", {"theme": Theme.OTHER}, 45, 20, 0.7),
        )
        for title, more, ago, days, share in plans:
            chosen = [q for q in questions if more["theme"] in (q.theme, Theme.OTHER)]
            day = self.on - timedelta(days=ago)
            values: dict[str, Any] = {
                "title": title,
                "opens_on": day,
                "due_on": day + timedelta(days=days),
                **more,
            }
            quiz = create_quiz(values=values, questions=chosen, by=self.by(day), on=day)
            self._attempts(quiz, chosen, day, share)

    def _attempts(self, quiz: Quiz, questions: list[Question], day: date, share: float) -> None:
        random = self.random(f"attempts:{quiz.title}")
        known = set(takers_of(quiz).values_list("pk", flat=True))
        people = [cadre for cadre in self.cadres if cadre.pk in known and random.random() < share]
        places = units_on([cadre.pk for cadre in people], day)
        marked = [(cadre, self._answers(random, questions)) for cadre in people]
        attempts = [
            _attempt(quiz, cadre, places.get(cadre.pk), given, noon(min(self.on, day + timedelta(days=3))))
            for cadre, given in marked
        ]
        self.context.insert(QuizAttempt, attempts)
        answers = [
            QuizAnswer(attempt=attempt, question=question, chosen=chosen, is_right=right)
            for attempt, (_, given) in zip(attempts, marked, strict=True)
            for question, chosen, right in given
        ]
        self.context.insert(QuizAnswer, answers)
        settle_results(pairs=[(quiz.pk, cadre.pk) for cadre in people], by=None, at=noon(self.on))

    @staticmethod
    def _answers(random: Random, questions: list[Question]) -> list[tuple[Question, str, bool]]:
        able = random.uniform(0.45, 1)
        found = []
        for question in questions:
            wrong = next(letter for letter, _ in question.choices if letter not in question.answer[:1])
            chosen = question.answer if random.random() < able else wrong
            found.append((question, chosen, is_right(question.kind, question.answer, chosen)))
        return found

    # Contests

    def _contests(self) -> None:
        random = self.random("contests")
        judges = self._judges()
        for number, (title, kind, theme, rules) in enumerate(words.CONTESTS):
            until = self.on - timedelta(days=(40, 5, -20)[number])
            values: dict[str, Any] = {"title": title, "kind": kind, "theme": theme, "rules": rules}
            values |= {"entries_until": until, "judging_until": until + timedelta(days=10)}
            contest = create_contest(values=values, by=self.by(self.on))
            for judge in judges:
                set_judge(contest=contest, user=judge, weight=Decimal(1), by=self.by(self.on))
            entries = self._entries(random, contest, min(until, self.on))
            if number < 2:
                self._judge(random, contest, entries, judges, publish=number == 0)

    def _judges(self) -> list[User]:
        roles = (Role.TOP_LEADER, Role.VICE_LEADER, Role.DEPARTMENT_HEAD, Role.PARTY, Role.DISCIPLINE)
        rows = User.objects.filter(grants__role__in=roles).exclude(pk=self.staff.pk).distinct()
        return list(rows.order_by("pk")[:JUDGES])

    def _entries(self, random: Random, contest: Contest, day: date) -> list[ContestEntry]:
        titles = random.sample(words.ENTRY_TITLES, min(ENTRIES, len(words.ENTRY_TITLES), len(self.cadres)))
        people = random.sample(self.cadres, len(titles))
        return [
            enter_contest(
                contest=contest,
                cadre=cadre,
                values={"title": title},
                uploads=[],
                by=self.by(day),
                at=noon(day - timedelta(days=2)),
            )
            for cadre, title in zip(people, titles, strict=True)
        ]

    def _judge(
        self,
        random: Random,
        contest: Contest,
        entries: list[ContestEntry],
        judges: list[User],
        *,
        publish: bool,
    ) -> None:
        day = contest.entries_until + timedelta(days=1)
        start_judging(contest=contest, by=self.by(day), on=day)
        for entry in entries:
            level = random.randint(150, 190)
            for judge in contest.judges.select_related("user"):
                skips = not publish and random.random() < 0.4
                if skips or judge.user.cadre_id == entry.cadre_id or judge.user not in judges:
                    continue
                points = Decimal(max(0, min(200, level + random.randint(-8, 8)))) / 2
                by = viewer_for(judge.user, on=day)
                score_entry(entry=entry, judge=judge, points=points, by=by, at=noon(day))
        if publish:
            close_judging(contest=contest, by=self.by(day), on=day + timedelta(days=3))
            contest.refresh_from_db()
            published = day + timedelta(days=5)
            publish_contest(contest=contest, body=BODY, by=self.by(day), on=published)

    # Evaluation

    def _evaluations(self) -> None:
        template = self._template()
        recent = TrainingClass.objects.filter(ends_on__lt=self.on, state="archived").order_by(
            "-ends_on", "pk"
        )
        number = 0
        for found in recent[:40]:
            seated = found.participations.filter(state__in=SEATED_STATES).count()
            if seated < 8 or number == EVALUATED:
                continue
            number += 1
            day = found.ends_on
            evaluation = open_evaluation(
                training_class=found,
                template=template,
                closes_on=day + timedelta(days=10),
                by=self.by(day),
                on=day,
            )
            self._sheets(evaluation, level=(4.6, 4.2, 3.1)[number - 1])

    def _template(self) -> EvaluationTemplate:
        asked = [AskedQuestion(text, subject=EvaluationSubject(subject)) for text, subject in words.SCALES]
        asked.append(AskedQuestion("还希望增加哪些内容？", kind=AnswerKind.TEXT))
        return create_template(name="培训班通用问卷", questions=asked, by=self.by(self.on))

    def _sheets(self, evaluation: Evaluation, level: float) -> None:
        random = self.random(f"sheets:{evaluation.training_class_id}")
        marks = list(evaluation.marks.order_by("cadre_id"))
        used = [mark for mark in marks if random.random() < 0.8]
        EvaluationMark.objects.filter(pk__in=[mark.pk for mark in used]).update(is_used=True)
        sheets = [EvaluationSheet(pk=demo_uid(random), evaluation=evaluation) for _ in used]
        self.context.insert(EvaluationSheet, sheets)
        questions = list(evaluation.template.questions.all())
        answers = [_answer(random, sheet, question, level) for sheet in sheets for question in questions]
        self.context.insert(EvaluationAnswer, answers)

    # Needs

    def _needs(self) -> None:
        random = self.random("needs")
        filed = list(self._department_needs(random))
        self._wishes(random)
        if filed:
            values = {"name": f"{self.on.year}年安全生产专题培训", "year": self.on.year, "kind": "topical"}
            values |= {"theme": Theme.SAFETY, "organiser": BODY, "purpose": "据部门填报和测验失分情况设立。"}
            served = [need for need in filed if need.theme == Theme.SAFETY]
            found_programme(values=values, needs=served, by=self.by(self.on))
        self._before_and_after()

    def _department_needs(self, random: Random) -> Iterator[TrainingNeed]:
        departments = [unit for unit in self.context.units.values() if unit.parent_id and not unit.closed_on]
        for theme, topic, reason, people in words.DEPARTMENT_NEEDS:
            for unit in random.sample(departments, min(2, len(departments))):
                day = self.on - timedelta(days=random.randint(10, 150))
                values = {"theme": theme, "topic": topic, "reason": reason, "people": people}
                yield file_need(unit=unit, values=values, by=self.by(day), on=day)

    def _wishes(self, random: Random) -> None:
        accounts = list(User.objects.filter(cadre__in=self.cadres).order_by("pk"))
        for (theme, topic), account in zip(words.WISHES, accounts, strict=False):
            day = self.on - timedelta(days=random.randint(5, 90))
            viewer = viewer_for(account, on=self.on)
            if viewer.cadre_id in units_on([account.cadre_id or 0], day) and _placed(account, day):
                wish_need(values={"theme": theme, "topic": topic, "reason": ""}, by=viewer, on=day)

    def _before_and_after(self) -> None:
        """For classes that ended more than 60 days ago the figures of both sides are known."""
        over = TrainingClass.objects.filter(ends_on__lt=self.on - timedelta(days=61), state="archived")
        for found in over.exclude(theme=Theme.OTHER).order_by("-ends_on", "pk")[:EVALUATED]:
            for moment in NeedMoment:
                take_reading(training_class=found, moment=moment, at=noon(self.on))


def _placed(account: User, day: date) -> bool:
    return units_on([account.cadre_id or 0], day).get(account.cadre_id or 0) is not None


def _attempt(
    quiz: Quiz,
    cadre: Cadre,
    unit_id: int | None,
    given: Iterable[tuple[Question, str, bool]],
    at: datetime,
) -> QuizAttempt:
    rights = [right for _, _, right in given]
    score = share_of(sum(rights), len(rights))
    return QuizAttempt(
        quiz=quiz,
        cadre=cadre,
        unit_id=unit_id,
        number=1,
        taken_at=at,
        score=score,
        passed=score >= quiz.pass_mark,
    )


def _answer(random: Random, sheet: EvaluationSheet, question: object, level: float) -> EvaluationAnswer:
    row = EvaluationAnswer(pk=demo_uid(random), sheet=sheet)
    row.question = question  # type: ignore[assignment]
    if row.question.kind == AnswerKind.SCALE:
        row.points = max(1, min(5, round(random.gauss(level, 0.7))))
    else:
        row.text = random.choice(words.WORDS)
    return row


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
