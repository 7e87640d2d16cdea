import catalog.models.offer
import catalog.models.search
import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import foundation.moments
import foundation.personal_data.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_initial'),
        ('organizations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z](\\d{2})?$')], verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='英文名称')),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=foundation.moments.now, editable=False, verbose_name='创建时间')),
                ('file_name', models.CharField(max_length=120, verbose_name='文件名')),
                ('rows', models.JSONField(verbose_name='行')),
                ('replace', models.BooleanField(default=False, verbose_name='文件中没有的项目从草稿中删除')),
                ('status', models.CharField(choices=[('previewed', '待确认导入'), ('taken_in', '已导入'), ('dropped', '已放弃')], default='previewed', max_length=20, verbose_name='状态')),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='OfferPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('kind', models.CharField(max_length=20, verbose_name='类型')),
                ('size', models.PositiveIntegerField(verbose_name='大小（字节）')),
                ('sealed', foundation.personal_data.fields.SealedBytesField()),
                ('added_at', models.DateTimeField(default=foundation.moments.now, verbose_name='上传时间')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateField(verbose_name='施行首日')),
                ('until', models.DateField(blank=True, null=True, verbose_name='不再施行的首日')),
            ],
            options={
                'ordering': ('starts', 'id'),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='edition',
            name='status_by_the_table',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='item',
            name='published_is_law',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='offer',
            name='status_by_the_table',
        ),
        migrations.RemoveConstraint(
            model_name='offer',
            name='offer_once_for_an_item',
        ),
        migrations.AddField(
            model_name='comment',
            name='item_code',
            field=models.CharField(blank=True, max_length=8, verbose_name='服务项目'),
        ),
        migrations.AddField(
            model_name='edition',
            name='correction_reason',
            field=models.TextField(blank=True, verbose_name='更正理由'),
        ),
        migrations.AddField(
            model_name='edition',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='catalog.edition', verbose_name='更正的版本'),
        ),
        migrations.AddField(
            model_name='edition',
            name='dated_on',
            field=models.DateField(blank=True, null=True, verbose_name='生成日期'),
        ),
        migrations.AddField(
            model_name='edition',
            name='disclosure_form',
            field=models.CharField(default='网站、文件、政府公报', max_length=40, verbose_name='公开形式'),
        ),
        migrations.AddField(
            model_name='edition',
            name='disclosure_manner',
            field=models.CharField(default='主动公开', max_length=20, verbose_name='公开方式'),
        ),
        migrations.AddField(
            model_name='edition',
            name='disclosure_period',
            field=models.CharField(default='长期公开', max_length=20, verbose_name='公开时限'),
        ),
        migrations.AddField(
            model_name='edition',
            name='disclosure_scope',
            field=models.CharField(default='面向社会', max_length=20, verbose_name='公开范围'),
        ),
        migrations.AddField(
            model_name='edition',
            name='genre',
            field=models.CharField(default='目录', max_length=20, verbose_name='体裁'),
        ),
        migrations.AddField(
            model_name='edition',
            name='issuer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='发布机构'),
        ),
        migrations.AddField(
            model_name='edition',
            name='keywords',
            field=models.CharField(default='救助，政府购买服务，目录', max_length=60, verbose_name='关键词'),
        ),
        migrations.AddField(
            model_name='edition',
            name='procedure',
            field=models.CharField(default='部门编制，征求意见并经审批后公开', max_length=60, verbose_name='公开程序'),
        ),
        migrations.AddField(
            model_name='edition',
            name='revision',
            field=models.PositiveIntegerField(default=0, verbose_name='修订次数'),
        ),
        migrations.AddField(
            model_name='edition',
            name='title_en',
            field=models.CharField(blank=True, max_length=160, verbose_name='英文标题'),
        ),
        migrations.AddField(
            model_name='edition',
            name='topic',
            field=models.CharField(default='民政、扶贫、救灾', max_length=40, verbose_name='主题'),
        ),
        migrations.AddField(
            model_name='edition',
            name='valid_until',
            field=models.DateField(blank=True, null=True, verbose_name='有效期至'),
        ),
        migrations.AddField(
            model_name='edition',
            name='withdrawal',
            field=models.TextField(blank=True, verbose_name='撤回理由'),
        ),
        migrations.AddField(
            model_name='item',
            name='age_from',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年龄下限（岁）'),
        ),
        migrations.AddField(
            model_name='item',
            name='age_to',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年龄上限（岁）'),
        ),
        migrations.AddField(
            model_name='item',
            name='categories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('minimum_living', '最低生活保障'), ('extremely_poor', '特困供养'), ('low_income_margin', '低保边缘'), ('spending_caused', '支出型困难'), ('temporary', '临时遇困'), ('none', '暂未认定')], max_length=20), blank=True, default=list, size=None, verbose_name='救助类别条件'),
        ),
        migrations.AddField(
            model_name='item',
            name='description',
            field=models.TextField(default='', max_length=1000, verbose_name='服务内容'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='item',
            name='description_en',
            field=models.TextField(blank=True, max_length=2000, verbose_name='服务内容（英文）'),
        ),
        migrations.AddField(
            model_name='item',
            name='directory_code',
            field=models.CharField(blank=True, max_length=20, verbose_name='指导性目录代码'),
        ),
        migrations.AddField(
            model_name='item',
            name='disability',
            field=models.CharField(blank=True, choices=[('certified', '持残疾人证'), ('severe', '一级、二级残疾')], max_length=12, verbose_name='残疾条件'),
        ),
        migrations.AddField(
            model_name='item',
            name='excludes',
            field=models.TextField(blank=True, max_length=600, verbose_name='不包括'),
        ),
        migrations.AddField(
            model_name='item',
            name='funding_source',
            field=models.CharField(blank=True, max_length=60, verbose_name='资金来源'),
        ),
        migrations.AddField(
            model_name='item',
            name='includes',
            field=models.TextField(blank=True, max_length=600, verbose_name='包括'),
        ),
        migrations.AddField(
            model_name='item',
            name='income_percent',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='人均收入不超过低保标准的百分比'),
        ),
        migrations.AddField(
            model_name='item',
            name='methods',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('open', '公开招标'), ('invited', '邀请招标'), ('negotiation', '竞争性谈判'), ('consultation', '竞争性磋商'), ('inquiry', '询价'), ('single', '单一来源'), ('framework', '框架协议'), ('commission', '委托')], max_length=14), blank=True, default=list, size=None, verbose_name='可用采购方式'),
        ),
        migrations.AddField(
            model_name='item',
            name='places',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None, verbose_name='开展区域'),
        ),
        migrations.AddField(
            model_name='item',
            name='residence',
            field=models.CharField(blank=True, choices=[('resident', '在本市居住'), ('registered', '本市户籍')], max_length=12, verbose_name='居住条件'),
        ),
        migrations.AddField(
            model_name='item',
            name='standards',
            field=models.JSONField(default=list, verbose_name='服务标准'),
        ),
        migrations.AddField(
            model_name='item',
            name='target_groups',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('low_income', '低收入家庭'), ('emergency', '急难家庭'), ('elderly', '老年人'), ('children', '儿童'), ('youth', '困境青少年'), ('women', '妇女'), ('disabled', '残疾人'), ('frail', '失能人员'), ('patients', '病患'), ('carers', '家庭照料者'), ('alone', '独居或少与人来往者'), ('bereaved', '丧亲家庭'), ('jobseekers', '有劳动能力者'), ('wanderers', '流浪走失人员'), ('staff', '基层工作人员'), ('public', '社会公众'), ('projects', '服务项目与合同')], max_length=16), default=list, size=None, verbose_name='服务人群'),
        ),
        migrations.AddField(
            model_name='item',
            name='valid_from',
            field=models.DateField(blank=True, null=True, verbose_name='有效期自'),
        ),
        migrations.AddField(
            model_name='item',
            name='valid_until',
            field=models.DateField(blank=True, null=True, verbose_name='有效期至'),
        ),
        migrations.AddField(
            model_name='offer',
            name='changed_at',
            field=models.DateTimeField(default=foundation.moments.now, verbose_name='更新时间'),
        ),
        migrations.AddField(
            model_name='offer',
            name='closes_at',
            field=models.TimeField(default=datetime.time(17, 30), verbose_name='结束时间'),
        ),
        migrations.AddField(
            model_name='offer',
            name='opens_at',
            field=models.TimeField(default=datetime.time(8, 30), verbose_name='开始时间'),
        ),
        migrations.AddField(
            model_name='offer',
            name='weekdays',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('MO', '周一'), ('TU', '周二'), ('WE', '周三'), ('TH', '周四'), ('FR', '周五'), ('SA', '周六'), ('SU', '周日')], max_length=2), default=catalog.models.offer.working_week, size=None, verbose_name='服务日'),
        ),
        migrations.AddField(
            model_name='offer',
            name='weekly',
            field=models.PositiveIntegerField(default=10, verbose_name='每周服务量'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='item',
            name='funding',
            field=models.CharField(choices=[('purchased', '政府购买'), ('charity_project', '慈善项目'), ('relief_fund', '救助资金')], max_length=16, verbose_name='资金性质'),
        ),
        migrations.AlterField(
            model_name='offer',
            name='status',
            field=models.CharField(choices=[('applied', '待审核'), ('accepted', '可派单'), ('to_renew', '待续报'), ('renewed', '续报待审'), ('refused', '未通过'), ('withdrawn', '已撤销')], default='applied', max_length=20, verbose_name='状态'),
        ),
        migrations.AddField(
            model_name='heading',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='headings', to='catalog.edition'),
        ),
        migrations.AddField(
            model_name='import',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='catalog.edition', verbose_name='目录版本'),
        ),
        migrations.AddField(
            model_name='offerpaper',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='catalog.offer'),
        ),
        migrations.AddField(
            model_name='pair',
            name='newer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.edition'),
        ),
        migrations.AddField(
            model_name='pair',
            name='older',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.edition'),
        ),
        migrations.AddField(
            model_name='term',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='catalog.edition'),
        ),
    ]
