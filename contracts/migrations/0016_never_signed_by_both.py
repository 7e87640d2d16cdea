import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

#: What was never signed by both stood as terminated, or was settled though nothing had been spent.
DROPPED = """
UPDATE contracts_contract SET status = 'dropped'
    WHERE status IN ('terminated', 'settled') AND signed_amount = 0;
UPDATE foundation_clock SET stopped_at = now()
    WHERE lifecycle = 'contracts.Contract' AND state = 'terminated' AND stopped_at IS NULL
    AND object_id IN (SELECT id FROM contracts_contract WHERE status = 'dropped');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0015_one_renewal'),
        ('foundation', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='status_by_the_table',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='one_renewal_after_its_end',
        ),
        migrations.AlterField(
            model_name='contract',
            name='status',
            field=models.CharField(choices=[('draft', '起草'), ('offered', '待机构签署'), ('signed', '已签署，待生效'), ('in_force', '履行中'), ('suspended', '已中止'), ('dropped', '未签成，已撤销'), ('terminated', '已终止'), ('completed', '已期满'), ('settled', '已结清')], default='draft', max_length=20, verbose_name='状态'),
        ),
        migrations.RunSQL(DROPPED, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='status_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                IF TG_OP = \'INSERT\' THEN\n                    IF NEW."status" NOT IN (\'draft\') THEN\n                        RAISE EXCEPTION \'contracts.Contract: nothing begins as %\', NEW."status"\n                            USING ERRCODE = \'check_violation\';\n                    END IF;\n                ELSIF NEW."status" IS DISTINCT FROM OLD."status"\n                    AND (OLD."status", NEW."status",\n                         coalesce(current_setting(\'liandong.move\', true), \'\'))\n                        NOT IN ((\'completed\', \'settled\', \'contracts.Contract.settle\'), (\'draft\', \'dropped\', \'contracts.Contract.cancel\'), (\'draft\', \'offered\', \'contracts.Contract.sign_as_buyer\'), (\'in_force\', \'completed\', \'contracts.Contract.complete\'), (\'in_force\', \'suspended\', \'contracts.Contract.suspend\'), (\'in_force\', \'terminated\', \'contracts.Contract.terminate\'), (\'offered\', \'dropped\', \'contracts.Contract.cancel\'), (\'offered\', \'signed\', \'contracts.Contract.sign_as_provider\'), (\'signed\', \'in_force\', \'contracts.Contract.come_into_force\'), (\'signed\', \'terminated\', \'contracts.Contract.terminate\'), (\'suspended\', \'completed\', \'contracts.Contract.complete\'), (\'suspended\', \'in_force\', \'contracts.Contract.resume\'), (\'suspended\', \'terminated\', \'contracts.Contract.terminate\'), (\'terminated\', \'settled\', \'contracts.Contract.settle\')) THEN\n                    RAISE EXCEPTION \'contracts.Contract: no move goes from % to %\',\n                        OLD."status", NEW."status" USING ERRCODE = \'check_violation\';\n                END IF;\n                RETURN NEW;\n            ', hash='cbd090fdecf204e5a4f7e7c10d3ec6d4a507c1fa', operation='INSERT OR UPDATE', pgid='pgtrigger_status_by_the_table_53e1d', table='contracts_contract', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='one_renewal_after_its_end', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE former record;', func="\n            IF TG_OP = 'UPDATE' AND (OLD.renews_id, OLD.start_on, OLD.end_on)\n                IS NOT DISTINCT FROM (NEW.renews_id, NEW.start_on, NEW.end_on) THEN\n                RETURN NEW;\n            END IF;\n            SELECT number, end_on INTO former FROM contracts_contract\n                WHERE id = NEW.renews_id FOR UPDATE;\n            IF NEW.renews_id IS NOT NULL AND (NEW.start_on <= former.end_on OR EXISTS (\n                SELECT 1 FROM contracts_contract WHERE renews_id = NEW.renews_id AND id <> NEW.id\n                    AND status <> 'dropped'\n            )) THEN\n                RAISE EXCEPTION 'contracts.Contract: % has one renewal, after its end', former.number\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF EXISTS (\n                SELECT 1 FROM contracts_contract\n                    WHERE renews_id = NEW.id AND start_on <= NEW.end_on\n                    AND status <> 'dropped'\n            ) THEN\n                RAISE EXCEPTION 'contracts.Contract: the renewal of % has begun', NEW.number\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='0108cd39f1b3990df85b23eb16020b3d1357a387', operation='INSERT OR UPDATE OF "renews_id", "start_on", "end_on"', pgid='pgtrigger_one_renewal_after_its_end_77ba2', table='contracts_contract', when='BEFORE')),
        ),
    ]
