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
        ('catalog', '0004_fill_editions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='edition',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='发布机构'),
        ),
        migrations.RemoveField(
            model_name='edition',
            name='in_force_to',
        ),
        migrations.RemoveField(
            model_name='item',
            name='standard',
        ),
        migrations.RemoveField(
            model_name='item',
            name='standard_en',
        ),
        migrations.AddField(
            model_name='item',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=catalog.models.search.Characters('name', 'name_en', 'audience_text', 'description', 'includes', 'standards', weights='AABCCD'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='item_search'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['status', 'item'], name='offer_by_status_and_item'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='status_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                IF TG_OP = \'INSERT\' THEN\n                    IF NEW."status" NOT IN (\'draft\') THEN\n                        RAISE EXCEPTION \'catalog.Edition: nothing begins as %\', NEW."status"\n                            USING ERRCODE = \'check_violation\';\n                    END IF;\n                ELSIF NEW."status" IS DISTINCT FROM OLD."status"\n                    AND (OLD."status", NEW."status",\n                         coalesce(current_setting(\'liandong.move\', true), \'\'))\n                        NOT IN ((\'approval\', \'draft\', \'catalog.Edition.send_back\'), (\'approval\', \'scheduled\', \'catalog.Edition.approve\'), (\'consultation\', \'approval\', \'catalog.Edition.submit\'), (\'consultation\', \'draft\', \'catalog.Edition.send_back\'), (\'draft\', \'consultation\', \'catalog.Edition.open_consultation\'), (\'in_force\', \'superseded\', \'catalog.Edition.supersede\'), (\'in_force\', \'withdrawn\', \'catalog.Edition.withdraw\'), (\'scheduled\', \'in_force\', \'catalog.Edition.come_into_force\'), (\'scheduled\', \'withdrawn\', \'catalog.Edition.withdraw\'), (\'superseded\', \'in_force\', \'catalog.Edition.restore\')) THEN\n                    RAISE EXCEPTION \'catalog.Edition: no move goes from % to %\',\n                        OLD."status", NEW."status" USING ERRCODE = \'check_violation\';\n                END IF;\n                RETURN NEW;\n            ', hash='bd434676d63d59d5fa65f1417d7b5f3fe20dfa19', operation='INSERT OR UPDATE', pgid='pgtrigger_status_by_the_table_3acf4', table='catalog_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='published_is_law', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF OLD.status IN ('scheduled', 'in_force', 'superseded', 'withdrawn') THEN\n                IF TG_OP = 'DELETE'\n                   OR to_jsonb(NEW) - 'status' - 'withdrawal'\n                      <> to_jsonb(OLD) - 'status' - 'withdrawal'\n                   OR (NEW.withdrawal <> OLD.withdrawal\n                       AND NOT (NEW.status = 'withdrawn' AND OLD.status <> 'withdrawn')) THEN\n                    RAISE EXCEPTION 'catalog.Edition: a published edition cannot be changed'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='55c610f06550f69baf2dda71ac0c59c6e7a4129c', operation='UPDATE OR DELETE', pgid='pgtrigger_published_is_law_9dced', table='catalog_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is law and cannot be truncated', TG_TABLE_NAME;", hash='066213171a186a9fd551255ce5fd1fcadbaf7e95', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c8f97', table='catalog_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='published_is_law', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE state text;', func="\n                FOR state IN\n                    SELECT status FROM catalog_edition\n                    WHERE (TG_OP <> 'INSERT' AND id = OLD.edition_id)\n                       OR (TG_OP <> 'DELETE' AND id = NEW.edition_id)\n                    FOR SHARE\n                LOOP\n                    IF state <> 'draft' THEN\n                        RAISE EXCEPTION '%: a published edition cannot be changed', TG_TABLE_NAME\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                END LOOP;\n                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                RETURN NEW;\n            ", hash='dd5a4f448ae77e3e4dc58f8b58cb26b342868764', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_law_3e4df', table='catalog_item', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is law and cannot be truncated', TG_TABLE_NAME;", hash='bd37b122c4304df895680259925cc5c3b3a4ae4d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_df62c', table='catalog_item', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='offer',
            trigger=pgtrigger.compiler.Trigger(name='status_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                IF TG_OP = \'INSERT\' THEN\n                    IF NEW."status" NOT IN (\'applied\') THEN\n                        RAISE EXCEPTION \'catalog.Offer: nothing begins as %\', NEW."status"\n                            USING ERRCODE = \'check_violation\';\n                    END IF;\n                ELSIF NEW."status" IS DISTINCT FROM OLD."status"\n                    AND (OLD."status", NEW."status",\n                         coalesce(current_setting(\'liandong.move\', true), \'\'))\n                        NOT IN ((\'accepted\', \'to_renew\', \'catalog.Offer.ask_renewal\'), (\'accepted\', \'withdrawn\', \'catalog.Offer.withdraw\'), (\'applied\', \'accepted\', \'catalog.Offer.accept\'), (\'applied\', \'refused\', \'catalog.Offer.refuse\'), (\'applied\', \'withdrawn\', \'catalog.Offer.withdraw\'), (\'renewed\', \'accepted\', \'catalog.Offer.accept\'), (\'renewed\', \'refused\', \'catalog.Offer.refuse\'), (\'renewed\', \'withdrawn\', \'catalog.Offer.withdraw\'), (\'to_renew\', \'accepted\', \'catalog.Offer.need_no_renewal\'), (\'to_renew\', \'renewed\', \'catalog.Offer.renew\'), (\'to_renew\', \'withdrawn\', \'catalog.Offer.withdraw\')) THEN\n                    RAISE EXCEPTION \'catalog.Offer: no move goes from % to %\',\n                        OLD."status", NEW."status" USING ERRCODE = \'check_violation\';\n                END IF;\n                RETURN NEW;\n            ', hash='194bfcaa2bf66337b65e7f8cc7591977b1f9cfc8', operation='INSERT OR UPDATE', pgid='pgtrigger_status_by_the_table_bdebb', table='catalog_offer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(condition=models.Q(('document_number', ''), _negated=True), fields=('document_number',), name='edition_document_number_once'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('scheduled', 'in_force', 'superseded', 'withdrawn')), _negated=True), models.Q(models.Q(('document_number', ''), _negated=True), models.Q(('index_number', ''), _negated=True), ('dated_on__isnull', False), ('in_force_from__isnull', False), ('published_on__isnull', False)), _connector='OR'), name='edition_published_with_its_notice'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('corrects', None), models.Q(('correction_reason', ''), _negated=True), _connector='OR'), name='edition_corrects_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z][0-9]{2}\\.[0-9]{2}$')), name='item_code_in_form'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('age_from', None), ('age_to', None), ('age_to__gte', models.F('age_from')), _connector='OR'), name='item_ages_in_order'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='item_validity_in_order'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='offer_closes_later'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('applied', 'accepted', 'to_renew', 'renewed'))), fields=('item', 'provider'), name='offer_once_for_an_item'),
        ),
        migrations.AddConstraint(
            model_name='heading',
            constraint=models.UniqueConstraint(fields=('edition', 'code'), name='heading_once_in_edition'),
        ),
        migrations.AddConstraint(
            model_name='heading',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z]([0-9]{2})?$')), name='heading_code_in_form'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='heading',
            trigger=pgtrigger.compiler.Trigger(name='published_is_law', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE state text;', func="\n                FOR state IN\n                    SELECT status FROM catalog_edition\n                    WHERE (TG_OP <> 'INSERT' AND id = OLD.edition_id)\n                       OR (TG_OP <> 'DELETE' AND id = NEW.edition_id)\n                    FOR SHARE\n                LOOP\n                    IF state <> 'draft' THEN\n                        RAISE EXCEPTION '%: a published edition cannot be changed', TG_TABLE_NAME\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                END LOOP;\n                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                RETURN NEW;\n            ", hash='c60f51a9429e9bfa22184db391333337bc4f75ee', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_law_8db7b', table='catalog_heading', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='heading',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is law and cannot be truncated', TG_TABLE_NAME;", hash='86935fa98c9aed66d29ffa3ebdd9708639c00f26', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_9e38e', table='catalog_heading', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='status_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                IF TG_OP = \'INSERT\' THEN\n                    IF NEW."status" NOT IN (\'previewed\') THEN\n                        RAISE EXCEPTION \'catalog.Import: nothing begins as %\', NEW."status"\n                            USING ERRCODE = \'check_violation\';\n                    END IF;\n                ELSIF NEW."status" IS DISTINCT FROM OLD."status"\n                    AND (OLD."status", NEW."status",\n                         coalesce(current_setting(\'liandong.move\', true), \'\'))\n                        NOT IN ((\'previewed\', \'dropped\', \'catalog.Import.drop\'), (\'previewed\', \'taken_in\', \'catalog.Import.apply\')) THEN\n                    RAISE EXCEPTION \'catalog.Import: no move goes from % to %\',\n                        OLD."status", NEW."status" USING ERRCODE = \'check_violation\';\n                END IF;\n                RETURN NEW;\n            ', hash='54990da4af22d4b02ebb681c2ef21c91f22c32d2', operation='INSERT OR UPDATE', pgid='pgtrigger_status_by_the_table_15cc5', table='catalog_import', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.UniqueConstraint(fields=('older', 'newer'), name='pair_once'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func('starts', 'until', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='one_edition_a_day'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('starts')), _connector='OR'), name='term_ends_later'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='term_only_ends', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' OR OLD.until IS NOT NULL\n               OR to_jsonb(NEW) - 'until' <> to_jsonb(OLD) - 'until' THEN\n                RAISE EXCEPTION 'catalog.Term: a term ends once and stays'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='4e604fed9ab170da3d3bccf88d91068aa293b779', operation='UPDATE OR DELETE', pgid='pgtrigger_term_only_ends_250dd', table='catalog_term', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is law and cannot be truncated', TG_TABLE_NAME;", hash='b50d0678027202df3fa14dd0db4f6b8e5c8c9e8c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f4a62', table='catalog_term', when='BEFORE')),
        ),
    ]
