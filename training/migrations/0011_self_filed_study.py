from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_notifications"),
        ("people", "0003_discipline_role"),
        ("training", "0010_default_need_weights"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnlineLesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="课件名称")),
                ("provider", models.CharField(blank=True, max_length=100, verbose_name="学习平台")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(600),
                        ],
                        verbose_name="时长（分钟）",
                    ),
                ),
                ("finished_on", models.DateField(verbose_name="完成日期")),
                ("passed_test", models.BooleanField(default=False, verbose_name="通过测试")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "网络课件",
                "verbose_name_plural": "网络课件",
                "ordering": ["-finished_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SelfFiledStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审批"),
                            ("approved", "已通过"),
                            ("returned", "已退回"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_id", models.PositiveBigIntegerField(null=True, verbose_name="经办账号")),
                ("by_name", models.CharField(blank=True, max_length=60, verbose_name="经办人")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "填报经过",
                "verbose_name_plural": "填报经过",
                "ordering": ["study", "at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SelfFiledStudy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("on_the_job", "在岗培训"),
                            ("continuing", "继续教育"),
                            ("online", "网络课件"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="学习内容")),
                ("organiser", models.CharField(blank=True, max_length=100, verbose_name="主办单位或平台")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                (
                    "measure",
                    models.CharField(
                        choices=[("day", "天"), ("half_day", "半天"), ("hour", "小时"), ("lesson", "个课件")],
                        default="day",
                        max_length=12,
                        verbose_name="计量",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("1"),
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("999")),
                        ],
                        verbose_name="数量",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(600),
                        ],
                        verbose_name="每个课件时长（分钟）",
                    ),
                ),
                ("passed_test", models.BooleanField(default=False, verbose_name="通过测试")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审批"),
                            ("approved", "已通过"),
                            ("returned", "已退回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("decided_by", models.CharField(blank=True, max_length=60, verbose_name="审批人")),
                (
                    "decided_by_id",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="审批账号"),
                ),
                ("decision_reason", models.CharField(blank=True, max_length=200, verbose_name="审批意见")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "自学填报",
                "verbose_name_plural": "自学填报",
                "ordering": ["-starts_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="hourentry",
            name="by_hand",
            field=models.BooleanField(default=False, verbose_name="人工冲销"),
        ),
        migrations.AlterField(
            model_name="hourrule",
            name="regime",
            field=models.CharField(
                choices=[("annual", "年度学时"), ("five_year", "五年学时"), ("party", "党员学习")],
                max_length=12,
                verbose_name="适用",
            ),
        ),
        migrations.AddIndex(
            model_name="hourentry",
            index=models.Index(fields=["source_key"], name="entries_of_source"),
        ),
        migrations.AddConstraint(
            model_name="hourentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_hand", False), ("reversed_at__isnull", False), _connector="OR"),
                name="by_hand_is_a_reversal",
            ),
        ),
        migrations.AddField(
            model_name="onlinelesson",
            name="cadre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="online_lessons",
                to="people.cadre",
                verbose_name="干部",
            ),
        ),
        migrations.AddField(
            model_name="selffiledstudy",
            name="cadre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="self_filed",
                to="people.cadre",
                verbose_name="干部",
            ),
        ),
        migrations.AddField(
            model_name="selffiledstudy",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
                verbose_name="证明材料",
            ),
        ),
        migrations.AddField(
            model_name="selffiledstep",
            name="study",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="training.selffiledstudy",
                verbose_name="自学填报",
            ),
        ),
        migrations.AddConstraint(
            model_name="onlinelesson",
            constraint=models.UniqueConstraint(
                fields=("cadre", "title", "finished_on"),
                name="online_lesson_once_a_day",
                violation_error_message="这个课件当天已经登记过。",
            ),
        ),
        migrations.AddIndex(
            model_name="selffiledstudy",
            index=models.Index(fields=["cadre", "starts_on"], name="self_filed_of_cadre"),
        ),
        migrations.AddIndex(
            model_name="selffiledstudy",
            index=models.Index(fields=["state", "submitted_at"], name="self_filed_by_state"),
        ),
        migrations.AddConstraint(
            model_name="selffiledstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="self_filed_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selffiledstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)),
                name="self_filed_quantity_positive",
                violation_error_message="数量须大于 0。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selffiledstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "online"), ("measure", "lesson"), ("minutes__isnull", False)),
                    models.Q(
                        models.Q(("kind", "online"), _negated=True),
                        models.Q(("measure", "lesson"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="online_study_is_measured_in_lessons",
                violation_error_message="网络课件按个数和每个时长填报；其他学习按天、半天或小时填报。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selffiledstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("decision_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_return_has_a_reason",
                violation_error_message="退回须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selffiledstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("submitted_at__isnull", False), _connector="OR"),
                name="what_is_decided_was_sent",
            ),
        ),
    ]
