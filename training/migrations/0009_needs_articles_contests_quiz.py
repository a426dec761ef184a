import django.core.validators
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_notifications'),
        ('people', '0003_discipline_role'),
        ('training', '0008_study_defaults'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvaluationQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=1, verbose_name='序号')),
                ('text', models.CharField(max_length=120, verbose_name='问题')),
                ('kind', models.CharField(choices=[('scale', '评分（1–5 分）'), ('text', '文字')], default='scale', max_length=8, verbose_name='作答方式')),
                ('subject', models.CharField(choices=[('class', '班次'), ('lecturer', '师资')], default='class', max_length=12, verbose_name='评价对象')),
            ],
            options={
                'verbose_name': '评价问题',
                'verbose_name_plural': '评价问题',
                'ordering': ['template', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(error_messages={'unique': '已有同名问卷。'}, max_length=60, unique=True, verbose_name='名称')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='停用日期')),
            ],
            options={
                'verbose_name': '评价问卷',
                'verbose_name_plural': '评价问卷',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('all', '全体在职干部'), ('unit', '部门'), ('group', '学习组')], default='all', max_length=8, verbose_name='对象')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='来源')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='原文链接')),
                ('text', models.TextField(blank=True, max_length=50000, verbose_name='正文')),
                ('category', models.CharField(choices=[('document', '文件会议精神'), ('theory', '政治理论'), ('policy', '政策法规'), ('business', '业务知识'), ('experience', '先进经验'), ('integrity', '廉政教育')], max_length=12, verbose_name='类别')),
                ('theme', models.CharField(choices=[('party_building', '党建创新'), ('industry', '产业发展'), ('investment', '招商引资'), ('projects', '项目建设'), ('safety', '安全生产'), ('environment', '生态环保'), ('writing', '公文及政务信息写作'), ('other', '其他')], default='other', max_length=16, verbose_name='专题')),
                ('is_must_read', models.BooleanField(default=False, verbose_name='必读')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='阅读期限')),
                ('published_on', models.DateField(verbose_name='发布日期')),
                ('published_by', models.CharField(blank=True, max_length=60, verbose_name='发布人')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('withdraw_reason', models.CharField(blank=True, max_length=200, verbose_name='撤下原因')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('file', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='附件')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.studygroup', verbose_name='学习组')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='部门')),
            ],
            options={
                'verbose_name': '引学文章',
                'verbose_name_plural': '引学文章',
                'ordering': ['-published_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('kind', models.CharField(choices=[('writing', '主题信息写作'), ('speech', '演讲比赛'), ('lecture', '微党课'), ('other', '其他比拼')], max_length=12, verbose_name='类别')),
                ('theme', models.CharField(choices=[('party_building', '党建创新'), ('industry', '产业发展'), ('investment', '招商引资'), ('projects', '项目建设'), ('safety', '安全生产'), ('environment', '生态环保'), ('writing', '公文及政务信息写作'), ('other', '其他')], default='other', max_length=16, verbose_name='专题')),
                ('rules', models.TextField(blank=True, max_length=5000, verbose_name='规则')),
                ('entries_until', models.DateField(verbose_name='作品截止')),
                ('judging_until', models.DateField(blank=True, null=True, verbose_name='评分截止')),
                ('state', models.CharField(choices=[('open', '征集作品'), ('judging', '评分中'), ('closed', '已评定'), ('published', '已公布'), ('cancelled', '已取消')], default='open', max_length=12, verbose_name='状态')),
                ('drops_extremes', models.BooleanField(default=True, verbose_name='评委满 5 人时去掉最高分和最低分')),
                ('first_prizes', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='一等奖名额')),
                ('second_prizes', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='二等奖名额')),
                ('third_prizes', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='三等奖名额')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='评定日期')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='公布日期')),
                ('cancel_reason', models.CharField(blank=True, max_length=200, verbose_name='取消原因')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': '比拼',
                'verbose_name_plural': '比拼',
                'ordering': ['-entries_until', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('title', 'entries_until'), name='contest_once', violation_error_message='同名、同一截止日期的比拼已经登记。'), models.CheckConstraint(condition=models.Q(('judging_until__isnull', True), ('judging_until__gte', models.F('entries_until')), _connector='OR'), name='judged_after_the_entries', violation_error_message='评分截止不能早于作品截止。'), models.CheckConstraint(condition=models.Q(models.Q(('published_on__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('published_on__isnull', True)), _connector='OR'), name='published_contest_has_its_day')],
            },
        ),
        migrations.CreateModel(
            name='ContestEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='作品名称')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('submitted_at', models.DateTimeField(verbose_name='提交时间')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤回时间')),
                ('score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='得分')),
                ('rank', models.PositiveIntegerField(blank=True, null=True, verbose_name='名次')),
                ('award', models.CharField(blank=True, choices=[('first', '一等奖'), ('second', '二等奖'), ('third', '三等奖')], max_length=8, verbose_name='奖项')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contest_entries', to='people.cadre', verbose_name='参赛人')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='training.contest', verbose_name='比拼')),
                ('honour', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contest_entry', to='people.honour', verbose_name='荣誉')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='时任部门')),
            ],
            options={
                'verbose_name': '参赛作品',
                'verbose_name_plural': '参赛作品',
                'ordering': ['contest', 'rank', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContestJudge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.DecimalField(decimal_places=2, default=Decimal('1'), max_digits=4, validators=[django.core.validators.MinValueValidator(Decimal('0.1')), django.core.validators.MaxValueValidator(Decimal('10'))], verbose_name='权重')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judges', to='training.contest', verbose_name='比拼')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='评委')),
            ],
            options={
                'verbose_name': '评委',
                'verbose_name_plural': '评委',
                'ordering': ['contest', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContestScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='分数')),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='评语')),
                ('scored_at', models.DateTimeField(verbose_name='评分时间')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='training.contestentry', verbose_name='作品')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='training.contestjudge', verbose_name='评委')),
            ],
            options={
                'verbose_name': '评分',
                'verbose_name_plural': '评分',
                'ordering': ['entry', 'judge'],
            },
        ),
        migrations.CreateModel(
            name='EntryFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='training.contestentry', verbose_name='作品')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='文件')),
            ],
            options={
                'verbose_name': '作品文件',
                'verbose_name_plural': '作品文件',
                'ordering': ['entry', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('opened_on', models.DateField(verbose_name='发放日期')),
                ('closes_on', models.DateField(verbose_name='截止日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                ('training_class', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='evaluation', to='training.trainingclass', verbose_name='班次')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='training.evaluationtemplate', verbose_name='问卷')),
            ],
            options={
                'verbose_name': '学员评价',
                'verbose_name_plural': '学员评价',
                'ordering': ['-opened_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_used', models.BooleanField(default=False, verbose_name='已填写')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluation_marks', to='people.cadre', verbose_name='干部')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='training.evaluation', verbose_name='学员评价')),
            ],
            options={
                'verbose_name': '评价资格',
                'verbose_name_plural': '评价资格',
                'ordering': ['evaluation', 'cadre'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationSheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='training.evaluation', verbose_name='学员评价')),
            ],
            options={
                'verbose_name': '评价答卷',
                'verbose_name_plural': '评价答卷',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('points', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='评分')),
                ('text', models.CharField(blank=True, max_length=1000, verbose_name='文字')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='training.evaluationquestion', verbose_name='问题')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='training.evaluationsheet', verbose_name='答卷')),
            ],
            options={
                'verbose_name': '评价作答',
                'verbose_name_plural': '评价作答',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='evaluationquestion',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='training.evaluationtemplate', verbose_name='问卷'),
        ),
        migrations.CreateModel(
            name='NeedReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('before', '办班前 60 天'), ('after', '办班后 60 天')], max_length=8, verbose_name='时点')),
                ('first_day', models.DateField(verbose_name='起')),
                ('last_day', models.DateField(verbose_name='止')),
                ('taken_at', models.DateTimeField(verbose_name='读取时间')),
                ('people', models.PositiveIntegerField(verbose_name='参训人数')),
                ('signals', models.PositiveIntegerField(verbose_name='需求条数')),
                ('score', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='需求强度')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='need_readings', to='training.trainingclass', verbose_name='班次')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='部门')),
            ],
            options={
                'verbose_name': '需求对照',
                'verbose_name_plural': '需求对照',
                'ordering': ['training_class', 'unit', 'moment'],
            },
        ),
        migrations.CreateModel(
            name='NeedWeight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(blank=True, help_text='留空表示至今有效', null=True, verbose_name='结束日期')),
                ('kind', models.CharField(choices=[('filed', '部门填报'), ('wished', '本人提出'), ('quiz_miss', '测验失分'), ('low_evaluation', '班次评价偏低'), ('task_delay', '任务滞后'), ('finding', '督查问题'), ('talk_wish', '谈话诉求')], max_length=16, verbose_name='依据')),
                ('weight', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='权重')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
            ],
            options={
                'verbose_name': '需求权重',
                'verbose_name_plural': '需求权重',
                'ordering': ['kind', 'starts_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='need_weight_ends_after_start', violation_error_message='结束日期不能早于开始日期。'), models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='need_weight_not_negative'), models.UniqueConstraint(fields=('kind', 'starts_on'), name='one_need_weight_per_start', violation_error_message='从这一天起已有一版权重，请另选生效日期。')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('theme', models.CharField(choices=[('party_building', '党建创新'), ('industry', '产业发展'), ('investment', '招商引资'), ('projects', '项目建设'), ('safety', '安全生产'), ('environment', '生态环保'), ('writing', '公文及政务信息写作'), ('other', '其他')], max_length=16, verbose_name='专题')),
                ('kind', models.CharField(choices=[('single', '单选题'), ('multiple', '多选题'), ('judge', '判断题')], max_length=8, verbose_name='题型')),
                ('text', models.CharField(max_length=500, verbose_name='题目')),
                ('options', models.TextField(max_length=2000, verbose_name='选项')),
                ('answer', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^[A-H]+$', '请填选项的字母，如 A 或 ACD。')], verbose_name='正确答案')),
                ('explanation', models.CharField(blank=True, max_length=500, verbose_name='解析')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': '试题',
                'verbose_name_plural': '试题',
                'ordering': ['theme', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('text',), name='question_once', violation_error_message='题库中已有这道题。')],
            },
        ),
        migrations.CreateModel(
            name='Quiz',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('all', '全体在职干部'), ('unit', '部门'), ('group', '学习组')], default='all', max_length=8, verbose_name='对象')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('theme', models.CharField(choices=[('party_building', '党建创新'), ('industry', '产业发展'), ('investment', '招商引资'), ('projects', '项目建设'), ('safety', '安全生产'), ('environment', '生态环保'), ('writing', '公文及政务信息写作'), ('other', '其他')], default='other', max_length=16, verbose_name='专题')),
                ('pass_mark', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='及格分')),
                ('attempts_allowed', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='可答次数')),
                ('opens_on', models.DateField(verbose_name='开始日期')),
                ('due_on', models.DateField(verbose_name='截止日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='提前结束日期')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quizzes', to='training.article', verbose_name='文章')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.studygroup', verbose_name='学习组')),
                ('training_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quizzes', to='training.trainingclass', verbose_name='班次')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='部门')),
            ],
            options={
                'verbose_name': '测验',
                'verbose_name_plural': '测验',
                'ordering': ['-due_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='QuizAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几次')),
                ('source', models.CharField(choices=[('online', '在线答题'), ('paper', '纸质考试')], default='online', max_length=8, verbose_name='方式')),
                ('taken_at', models.DateTimeField(verbose_name='交卷时间')),
                ('score', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='分数')),
                ('passed', models.BooleanField(verbose_name='及格')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quiz_attempts', to='people.cadre', verbose_name='干部')),
                ('quiz', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='training.quiz', verbose_name='测验')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='时任部门')),
            ],
            options={
                'verbose_name': '测验成绩',
                'verbose_name_plural': '测验成绩',
                'ordering': ['quiz', 'cadre', 'number'],
            },
        ),
        migrations.CreateModel(
            name='QuizAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chosen', models.CharField(blank=True, max_length=8, verbose_name='所选')),
                ('is_right', models.BooleanField(verbose_name='答对')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='training.question', verbose_name='试题')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='training.quizattempt', verbose_name='答卷')),
            ],
            options={
                'verbose_name': '测验作答',
                'verbose_name_plural': '测验作答',
                'ordering': ['attempt', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='QuizQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=1, verbose_name='序号')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='training.question', verbose_name='试题')),
                ('quiz', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='training.quiz', verbose_name='测验')),
            ],
            options={
                'verbose_name': '测验题目',
                'verbose_name_plural': '测验题目',
                'ordering': ['quiz', 'order', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='quiz',
            name='questions',
            field=models.ManyToManyField(related_name='quizzes', through='training.QuizQuestion', to='training.question', verbose_name='试题'),
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(verbose_name='阅读时间')),
                ('way', models.CharField(choices=[('online', '本人确认'), ('paper', '纸质登记')], default='online', max_length=8, verbose_name='方式')),
                ('registered_by', models.CharField(blank=True, max_length=60, verbose_name='登记人')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='training.article', verbose_name='文章')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='people.cadre', verbose_name='干部')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='时任部门')),
            ],
            options={
                'verbose_name': '阅读记录',
                'verbose_name_plural': '阅读记录',
                'ordering': ['article', 'read_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TrainingNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('unit', '部门填报'), ('cadre', '本人提出')], max_length=8, verbose_name='来源')),
                ('theme', models.CharField(choices=[('party_building', '党建创新'), ('industry', '产业发展'), ('investment', '招商引资'), ('projects', '项目建设'), ('safety', '安全生产'), ('environment', '生态环保'), ('writing', '公文及政务信息写作'), ('other', '其他')], max_length=16, verbose_name='专题')),
                ('topic', models.CharField(max_length=120, verbose_name='具体内容')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('people', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9999)], verbose_name='需培训人数')),
                ('wanted_by', models.DateField(blank=True, null=True, verbose_name='希望何时前')),
                ('filed_on', models.DateField(verbose_name='填报日期')),
                ('filed_by_id', models.PositiveBigIntegerField(null=True, verbose_name='填报账号')),
                ('filed_by_name', models.CharField(blank=True, max_length=60, verbose_name='填报人')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                ('close_reason', models.CharField(blank=True, max_length=200, verbose_name='办结说明')),
                ('cadre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='training_needs', to='people.cadre', verbose_name='干部')),
                ('programmes', models.ManyToManyField(blank=True, related_name='needs', to='training.programme', verbose_name='据此设立的项目')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='部门')),
            ],
            options={
                'verbose_name': '培训需求',
                'verbose_name_plural': '培训需求',
                'ordering': ['-filed_on', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['is_must_read', 'due_on'], name='must_reads_by_deadline'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'all'), ('group__isnull', True), ('unit__isnull', True)), models.Q(('audience', 'unit'), ('group__isnull', True), ('unit__isnull', False)), models.Q(('audience', 'group'), ('group__isnull', False), ('unit__isnull', True)), _connector='OR'), name='article_names_its_audience', violation_error_message='对象选“部门”时须选定部门，选“学习组”时须选定学习组。'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('is_must_read', True)), models.Q(('due_on__isnull', True), ('is_must_read', False)), _connector='OR'), name='must_read_has_a_deadline', violation_error_message='必读须填写阅读期限，非必读不填。'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('link', ''), _negated=True), models.Q(('text', ''), _negated=True), ('file__isnull', False), _connector='OR'), name='article_has_content', violation_error_message='请粘贴正文、上传 PDF，或填写原文链接，至少一项。'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('withdraw_reason', ''), _negated=True), _connector='OR'), name='article_withdrawn_with_reason'),
        ),
        migrations.AddIndex(
            model_name='contestentry',
            index=models.Index(fields=['cadre', 'contest'], name='entries_of_cadre_contests'),
        ),
        migrations.AddConstraint(
            model_name='contestentry',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('contest', 'cadre'), name='one_entry_per_cadre', violation_error_message='该干部在本次比拼中已有作品；要换作品，请先撤回原作品。'),
        ),
        migrations.AddConstraint(
            model_name='contestentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rank__isnull', True), ('score__isnull', True)), models.Q(('rank__gte', 1), ('score__isnull', False)), _connector='OR'), name='a_rank_goes_with_a_score'),
        ),
        migrations.AddConstraint(
            model_name='contestjudge',
            constraint=models.UniqueConstraint(fields=('contest', 'user'), name='judge_once_per_contest', violation_error_message='该账号已是本次比拼的评委。'),
        ),
        migrations.AddConstraint(
            model_name='contestjudge',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='judge_weight_positive'),
        ),
        migrations.AddConstraint(
            model_name='contestscore',
            constraint=models.UniqueConstraint(fields=('entry', 'judge'), name='judge_scores_once'),
        ),
        migrations.AddConstraint(
            model_name='contestscore',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 0), ('points__lte', Decimal('100'))), name='points_within_a_hundred', violation_error_message='分数应在 0 到 100 之间。'),
        ),
        migrations.AddIndex(
            model_name='evaluationmark',
            index=models.Index(fields=['cadre', 'is_used'], name='evaluation_marks_of_cadre'),
        ),
        migrations.AddConstraint(
            model_name='evaluationmark',
            constraint=models.UniqueConstraint(fields=('evaluation', 'cadre'), name='cadre_evaluates_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationanswer',
            constraint=models.UniqueConstraint(fields=('sheet', 'question'), name='question_answered_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationanswer',
            constraint=models.CheckConstraint(condition=models.Q(('points__isnull', True), models.Q(('points__gte', 1), ('points__lte', 5)), _connector='OR'), name='points_from_one_to_five'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opened_on'))), name='evaluation_closes_after_opening', violation_error_message='截止日期不能早于发放日期。'),
        ),
        migrations.AddConstraint(
            model_name='needreading',
            constraint=models.UniqueConstraint(fields=('training_class', 'unit', 'moment'), name='one_need_reading_per_unit'),
        ),
        migrations.AddConstraint(
            model_name='needreading',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('training_class', 'moment'), name='one_need_reading_of_all'),
        ),
        migrations.AddIndex(
            model_name='quizattempt',
            index=models.Index(fields=['cadre', 'quiz'], name='quiz_attempts_of_cadre'),
        ),
        migrations.AddConstraint(
            model_name='quizattempt',
            constraint=models.UniqueConstraint(fields=('quiz', 'cadre', 'number'), name='attempts_are_numbered', violation_error_message='这一次答题已经交卷，请刷新页面查看成绩。'),
        ),
        migrations.AddConstraint(
            model_name='quizattempt',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='quiz_score_within_100'),
        ),
        migrations.AddConstraint(
            model_name='quizanswer',
            constraint=models.UniqueConstraint(fields=('attempt', 'question'), name='quiz_question_answered_once'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(fields=('quiz', 'question'), name='question_once_per_quiz'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'all'), ('group__isnull', True), ('unit__isnull', True)), models.Q(('audience', 'unit'), ('group__isnull', True), ('unit__isnull', False)), models.Q(('audience', 'group'), ('group__isnull', False), ('unit__isnull', True)), _connector='OR'), name='quiz_names_its_audience', violation_error_message='对象选“部门”时须选定部门，选“学习组”时须选定学习组。'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.UniqueConstraint(fields=('title',), name='quiz_title_once', violation_error_message='已有同名测验。'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('opens_on'))), name='quiz_due_after_opening', violation_error_message='截止日期不能早于开始日期。'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.CheckConstraint(condition=models.Q(('training_class__isnull', True), ('article__isnull', True), _connector='OR'), name='quiz_of_a_class_or_an_article', violation_error_message='班次和文章只能选一个。'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['cadre', 'article'], name='readings_of_cadre'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(fields=('article', 'cadre'), name='cadre_reads_once', violation_error_message='该干部已经登记阅读。'),
        ),
        migrations.AddIndex(
            model_name='trainingneed',
            index=models.Index(fields=['theme', 'unit'], name='needs_by_theme'),
        ),
        migrations.AddConstraint(
            model_name='trainingneed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cadre__isnull', True), ('origin', 'unit')), models.Q(('cadre__isnull', False), ('origin', 'cadre')), _connector='OR'), name='a_wish_is_of_a_cadre'),
        ),
        migrations.AddConstraint(
            model_name='trainingneed',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), models.Q(('close_reason', ''), _negated=True), _connector='OR'), name='need_closed_with_a_word', violation_error_message='请写明办结说明。'),
        ),
        migrations.AddConstraint(
            model_name='trainingneed',
            constraint=models.UniqueConstraint(condition=models.Q(('cadre__isnull', True), ('closed_on__isnull', True)), fields=('unit', 'theme', 'topic'), name='unit_asks_once', violation_error_message='本部门同一专题、同一内容的需求还没有办结，不必重复填报。'),
        ),
        migrations.AddConstraint(
            model_name='trainingneed',
            constraint=models.UniqueConstraint(condition=models.Q(('cadre__isnull', False), ('closed_on__isnull', True)), fields=('cadre', 'theme', 'topic'), name='cadre_asks_once', violation_error_message='你已提出同一专题、同一内容的需求，不必重复提出。'),
        ),
    ]
