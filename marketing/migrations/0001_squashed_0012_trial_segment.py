import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from crm.at_once import AtOnce


class Migration(migrations.Migration):

    # Installations made step by step count as having run it; delete this line when none is left.
    replaces = [('marketing', '0001_initial'), ('marketing', '0002_two_levels_and_rules'), ('marketing', '0004_development'), ('marketing', '0010_retention_and_market'), ('marketing', '0012_trial_segment')]

    initial = True

    dependencies = [
        ('crm', '0001_squashed_0014_account_changes'),
        ('segmentation', '0001_squashed_0030_links_to_reports'),
    ]

    tables = [
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='crm.account')),
                ('strength', models.FloatField(verbose_name='strength of the evidence')),
                ('evidence', models.JSONField(help_text='See marketing.development.finding', verbose_name='evidence')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='segmentation.run')),
            ],
            options={
                'indexes': [models.Index(models.OrderBy(models.F('strength'), descending=True), models.F('account'), name='candidates_by_strength')],
            },
        ),
        migrations.CreateModel(
            name='ChannelRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(unique=True, verbose_name='valid from')),
                ('two_levels_from_yuan', models.PositiveBigIntegerField(blank=True, help_text='Billed in the last twelve months; empty: never two.', null=True, verbose_name='two levels of approval from, yuan a year')),
                ('decide_within_days', models.PositiveSmallIntegerField(verbose_name='a proposal lapses after, days')),
                ('remind_days_before', models.PositiveSmallIntegerField(verbose_name='reminder of renewal, days before the end')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('mark', models.CharField(default='M', max_length=1, verbose_name='how sure')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'ordering': ['-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holdout_exemptions', to='crm.account', verbose_name='account')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account',), name='one_exemption_at_a_time'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_exemption_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='segmentation.run')),
                ('at', models.DateTimeField()),
                ('found', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=80, verbose_name='name in English')),
                ('outcome', models.CharField(blank=True, choices=[('switched', 'Change of supplier'), ('closed', 'Account closed'), ('reduced', 'Less capacity'), ('self_supply', 'Own supply'), ('declined', 'Falling use')], default='', max_length=12, verbose_name='likely outcome')),
                ('band', models.CharField(blank=True, choices=[('high', 'High'), ('elevated', 'Elevated'), ('watch', 'Watch'), ('low', 'Low')], default='', max_length=10, verbose_name='risk band')),
                ('tier', models.CharField(blank=True, choices=[('diamond', 'Diamond'), ('platinum', 'Platinum'), ('gold', 'Gold'), ('silver', 'Silver'), ('standard', 'Standard')], default='', max_length=10, verbose_name='tier')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'ordering': ['outcome', 'band', 'tier', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('outcome', 'band', 'tier'), name='one_playbook_in_use_for_each_case')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('short_clock', 'Shorter clocks for complaints'), ('dedicated_line', 'Dedicated line'), ('named_staff', 'Named staff'), ('fast_supply', 'Faster supply applications'), ('outage_notice', 'Personal notice of outages'), ('energy_advice', 'Energy-saving advice')], max_length=40), default=list, size=None, verbose_name='services')),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('reason', models.CharField(max_length=500, verbose_name='why')),
                ('evidence', models.JSONField(default=dict, help_text='tier, value_score, risk_score, risk_band, revenue_12m_yuan, run', verbose_name='judgement at the time')),
                ('state', models.CharField(choices=[('proposed', 'Waiting for a decision'), ('endorsed', 'Approved once, waiting for the second level'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed: not decided in time')], default='proposed', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='crm.account', verbose_name='account')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('entitlement', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.entitlement', verbose_name='entitlement')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.servicelevel', verbose_name='service level')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('dedicated_line', models.CharField(blank=True, db_default='', default='', max_length=30, verbose_name='dedicated line')),
                ('first_at', models.DateTimeField(blank=True, null=True, verbose_name='first approved at')),
                ('first_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first approved by')),
                ('first_note', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='note of the first approval')),
                ('levels_needed', models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='levels of approval')),
                ('quotas', models.JSONField(blank=True, db_default={}, default=dict, help_text='{service: times in the period}', verbose_name='quotas')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='proposal_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('entitlement__isnull', False), _connector='OR'), name='an_approved_proposal_has_its_entitlement'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('decision_reason', ''), _negated=True), _connector='OR'), name='a_refusal_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'refused']), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='nobody_decides_their_own_proposal'), models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'endorsed'])), fields=('account',), name='one_open_proposal_per_account'), models.CheckConstraint(condition=models.Q(('first_by', None), models.Q(models.Q(('first_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', None), ('state', 'refused'), models.Q(('first_by', models.F('decided_by')), _negated=True), _connector='OR')), _connector='OR'), name='two_levels_are_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('levels_needed', 1), models.Q(('first_by', None), _negated=True), _connector='OR'), name='two_levels_are_both_there')],
            },
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('watching', 'Watching'), ('contacted', 'Contacted'), ('developing', 'Developing'), ('proposed', 'Proposed for promotion'), ('promoted', 'Promoted'), ('dropped', 'Dropped')], default='watching', max_length=10, verbose_name='state')),
                ('evidence', models.JSONField(default=dict, verbose_name='evidence at the time')),
                ('next_action', models.CharField(blank=True, max_length=160, verbose_name='next action')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next action on')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='proposed at')),
                ('reason', models.CharField(blank=True, help_text='Of the proposal, or of dropping it', max_length=500, verbose_name='why')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.account', verbose_name='account')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['owner', 'next_on'], name='prospects_of_owner')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('watching', 'contacted', 'developing', 'proposed'))), fields=('account',), name='one_open_prospect_per_account'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_dropped_prospect_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'promoted'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='nobody_promotes_their_own_prospect')],
            },
        ),
        migrations.CreateModel(
            name='Rival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('competitor', 'Competitor'), ('substitute', 'Substitute')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=80, verbose_name='name in English')),
                ('is_active', models.BooleanField(default=True, verbose_name='can be chosen')),
            ],
            options={
                'ordering': ['kind', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='one_rival_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('share', models.DecimalField(decimal_places=3, max_digits=4, verbose_name='share held out')),
                ('bands', models.JSONField(default=list, verbose_name='risk bands')),
                ('horizon_days', models.PositiveSmallIntegerField(verbose_name='horizon, days')),
                ('seed', models.BigIntegerField(verbose_name='seed')),
                ('value_lost', models.JSONField(default=dict, help_text="{outcome: share of a year's revenue, 0..1}", verbose_name='value lost by outcome')),
                ('ethics', models.CharField(max_length=500, verbose_name='why it is right to hold some out')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('segment', models.ForeignKey(blank=True, help_text='Empty: everybody in the bands', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segmentation.segment', verbose_name='segment')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('closed_at', None)), name='one_trial_at_a_time'), models.CheckConstraint(condition=models.Q(('share__gte', 0.02), ('share__lte', 0.5)), name='a_holdout_is_2_to_50_percent'), models.CheckConstraint(condition=models.Q(('horizon_days__gte', 7), ('horizon_days__lte', 365)), name='a_horizon_is_7_to_365_days')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arm', models.CharField(choices=[('treated', 'Treated'), ('holdout', 'Held out')], max_length=8, verbose_name='arm')),
                ('stratum', models.CharField(help_text='band|tier|category', max_length=60, verbose_name='stratum')),
                ('assigned_at', models.DateTimeField(verbose_name='assigned at')),
                ('due_on', models.DateField(verbose_name='horizon ends on')),
                ('before', models.JSONField(default=dict, help_text='See rules.Facts', verbose_name='facts of that day')),
                ('revenue_12m_fen', models.BigIntegerField(null=True, verbose_name='revenue, 12 months, fen')),
                ('outcome', models.CharField(blank=True, choices=[('switched', 'Change of supplier'), ('closed', 'Account closed'), ('reduced', 'Less capacity'), ('self_supply', 'Own supply'), ('declined', 'Falling use')], default='', help_text='Empty when settled: kept', max_length=12, verbose_name='outcome')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='settled on')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('release_reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason of the release')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='crm.account', verbose_name='account')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trial', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='marketing.trial', verbose_name='trial')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('settled_on', None)), fields=['due_on', 'id'], name='lots_to_settle')],
                'constraints': [models.UniqueConstraint(fields=('trial', 'account'), name='one_lot_for_each_account'), models.CheckConstraint(condition=models.Q(('released_at', None), models.Q(('arm', 'holdout'), models.Q(('release_reason', ''), _negated=True)), _connector='OR'), name='a_release_says_why')],
            },
        ),
        migrations.CreateModel(
            name='LargeCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='since')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('ended_why', models.CharField(blank=True, max_length=300, verbose_name='why it ended')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.account', verbose_name='account')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('prospect', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='large_customer', to='marketing.prospect')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('account',), name='a_large_customer_stands_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='large_customer_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='LossNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lost_on', models.DateField(verbose_name='lost on')),
                ('outcome', models.CharField(choices=[('switched', 'Change of supplier'), ('closed', 'Account closed'), ('reduced', 'Less capacity'), ('self_supply', 'Own supply'), ('declined', 'Falling use')], max_length=12, verbose_name='outcome')),
                ('cause', models.CharField(choices=[('price', 'Price'), ('supply', 'Outages or voltage'), ('service', 'Service or complaints'), ('offer', 'A better offer elsewhere'), ('own_power', 'Own generation or other energy'), ('relocation', 'Moved away'), ('shut_down', 'Shut down or insolvent'), ('downturn', 'Less production or trade'), ('other', 'Another cause'), ('unknown', 'Not known')], max_length=12, verbose_name='cause')),
                ('note', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                ('revenue_12m_fen', models.BigIntegerField(help_text='Of the standing when it was noted', null=True, verbose_name='revenue, 12 months, fen')),
                ('noted_at', models.DateTimeField(verbose_name='noted at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='loss_notes', to='crm.account', verbose_name='account')),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('competitor', models.ForeignKey(blank=True, limit_choices_to={'kind': 'competitor'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketing.rival', verbose_name='competitor')),
                ('substitute', models.ForeignKey(blank=True, limit_choices_to={'kind': 'substitute'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketing.rival', verbose_name='substitute')),
            ],
            options={
                'ordering': ['-lost_on', '-id'],
                'indexes': [models.Index(condition=models.Q(('withdrawn_at', None)), fields=['-lost_on', '-id'], name='losses_by_day'), models.Index(fields=['account', '-noted_at'], name='losses_of_account')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('account', 'outcome'), name='one_standing_loss_of_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('cause', 'offer'), _negated=True), models.Q(('competitor', None), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='a_loss_to_an_offer_says_whose')],
            },
        ),
        migrations.CreateModel(
            name='ProspectNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.CharField(max_length=1000, verbose_name='note')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prospect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='marketing.prospect')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('kind', models.CharField(choices=[('call', 'Call'), ('visit', 'Visit'), ('offer', 'Offer'), ('package', 'Service package'), ('repair', 'Service repair'), ('renewal', 'Contract renewal')], max_length=10, verbose_name='kind')),
                ('subject', models.CharField(max_length=120, verbose_name='what')),
                ('subject_en', models.CharField(blank=True, default='', max_length=120, verbose_name='what, in English')),
                ('doer', models.CharField(choices=[('manager', 'Customer manager'), ('representative', 'Representative, else the manager')], default='manager', max_length=14, verbose_name='who')),
                ('within_days', models.PositiveSmallIntegerField(verbose_name='within working days')),
                ('cost_yuan', models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name='cost, yuan')),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='marketing.playbook', verbose_name='playbook')),
            ],
            options={
                'ordering': ['playbook', 'position'],
                'constraints': [models.UniqueConstraint(fields=('playbook', 'position'), name='one_step_at_a_place'), models.CheckConstraint(condition=models.Q(('within_days__gte', 1), ('within_days__lte', 120)), name='a_step_has_1_to_120_days'), models.CheckConstraint(condition=models.Q(('cost_yuan__gte', 0)), name='a_step_costs_nothing_or_more')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(blank=True, choices=[('switched', 'Change of supplier'), ('closed', 'Account closed'), ('reduced', 'Less capacity'), ('self_supply', 'Own supply'), ('declined', 'Falling use')], default='', max_length=12, verbose_name='likely outcome')),
                ('band', models.CharField(blank=True, choices=[('high', 'High'), ('elevated', 'Elevated'), ('watch', 'Watch'), ('low', 'Low'), ('', 'Not scored')], default='', max_length=10, verbose_name='risk band')),
                ('tier', models.CharField(blank=True, choices=[('diamond', 'Diamond'), ('platinum', 'Platinum'), ('gold', 'Gold'), ('silver', 'Silver'), ('standard', 'Standard'), ('', 'Not scored')], default='', max_length=10, verbose_name='tier')),
                ('risk_score', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='early warning')),
                ('revenue_12m_fen', models.BigIntegerField(null=True, verbose_name='revenue, 12 months, fen')),
                ('before', models.JSONField(default=dict, help_text='See rules.Facts', verbose_name='facts of that day')),
                ('state', models.CharField(choices=[('open', 'Under way'), ('kept', 'Kept'), ('left', 'Left'), ('dropped', 'Given up')], default='open', max_length=8, verbose_name='state')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('ending', models.CharField(blank=True, default='', max_length=500, verbose_name='how it ended')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='retention_plans', to='crm.account', verbose_name='account')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('loss', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plan', to='marketing.lossnote', verbose_name='loss')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retention_plans', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='marketing.playbook', verbose_name='playbook')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['account', '-started_at'], name='plans_of_account'), models.Index(fields=['state', '-id'], name='plans_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('account',), name='one_open_retention_plan_per_account'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), models.Q(('ended_at', None), _negated=True)), _connector='OR'), name='an_ended_plan_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('ending', ''), _negated=True), _connector='OR'), name='a_plan_given_up_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('call', 'Call'), ('visit', 'Visit'), ('offer', 'Offer'), ('package', 'Service package'), ('repair', 'Service repair'), ('renewal', 'Contract renewal')], default='offer', max_length=10, verbose_name='kind')),
                ('what', models.CharField(max_length=200, verbose_name='what was offered')),
                ('cost_yuan', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='cost if accepted, yuan')),
                ('offered_on', models.DateField(verbose_name='offered on')),
                ('state', models.CharField(choices=[('pending', 'Waiting for an answer'), ('accepted', 'Accepted'), ('refused', 'Refused by the customer')], default='pending', max_length=8, verbose_name='answer')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason given')),
                ('at', models.DateTimeField(verbose_name='logged at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='offered by')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='marketing.plan', verbose_name='plan')),
            ],
            options={
                'ordering': ['plan', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('cost_yuan__gte', 0)), name='an_offer_costs_nothing_or_more'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_refused_offer_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('answered_on', None), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('answered_on__gte', models.F('offered_on'))), _connector='OR'), name='an_answer_follows_its_offer')],
            },
        ),
        migrations.CreateModel(
            name='PlanTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('kind', models.CharField(choices=[('call', 'Call'), ('visit', 'Visit'), ('offer', 'Offer'), ('package', 'Service package'), ('repair', 'Service repair'), ('renewal', 'Contract renewal')], max_length=10, verbose_name='kind')),
                ('cost_yuan', models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name='cost, yuan')),
                ('engagement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='retention_task', to='crm.engagement', verbose_name='visit, call or task')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='marketing.plan', verbose_name='plan')),
            ],
            options={
                'ordering': ['plan', 'position'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'position'), name='one_task_at_a_place')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='a_trial_keeps_its_terms', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."share" IS DISTINCT FROM (NEW."share") OR OLD."bands" IS DISTINCT FROM (NEW."bands") OR OLD."horizon_days" IS DISTINCT FROM (NEW."horizon_days") OR OLD."seed" IS DISTINCT FROM (NEW."seed") OR OLD."value_lost" IS DISTINCT FROM (NEW."value_lost") OR OLD."segment_id" IS DISTINCT FROM (NEW."segment_id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='41aead8e77dd8db9de36c492d86908324f01a89a', operation='UPDATE', pgid='pgtrigger_a_trial_keeps_its_terms_e0348', table='marketing_trial', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='a_lot_is_drawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."trial_id" IS DISTINCT FROM (NEW."trial_id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."arm" IS DISTINCT FROM (NEW."arm") OR OLD."stratum" IS DISTINCT FROM (NEW."stratum") OR OLD."assigned_at" IS DISTINCT FROM (NEW."assigned_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."before" IS DISTINCT FROM (NEW."before") OR OLD."revenue_12m_fen" IS DISTINCT FROM (NEW."revenue_12m_fen"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='70f77f210cf6ac4a4d405cfcb1f9fd7ae556b226', operation='UPDATE', pgid='pgtrigger_a_lot_is_drawn_once_220dd', table='marketing_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='an_outcome_is_settled_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."settled_on" IS NOT NULL AND (OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."settled_on" IS DISTINCT FROM (NEW."settled_on")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='67f0b5c810e0d951cbccd08937e6b138abd72e6e', operation='UPDATE', pgid='pgtrigger_an_outcome_is_settled_once_64964', table='marketing_assignment', when='BEFORE')),
        ),
    ]

    operations = [AtOnce(tables)]
