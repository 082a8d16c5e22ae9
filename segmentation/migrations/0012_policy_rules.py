from django.db import migrations

FORWARDS = """
create function segmentation_policy_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.state in ('published', 'retired') then
      raise exception 'policy % % was published and cannot be removed', old.kind, old.version using errcode = 'check_violation';
    end if;
    return old;
  end if;
  if old.state in ('published', 'retired') and (
    (old.kind, old.account_kind, old.version, old.body, old.note, old.made_by_id, old.submitted_by_id, old.decided_by_id, old.published_at)
      is distinct from
    (new.kind, new.account_kind, new.version, new.body, new.note, new.made_by_id, new.submitted_by_id, new.decided_by_id, new.published_at)
    or old.valid_from is distinct from new.valid_from
    or new.state not in ('published', 'retired') or (old.state = 'retired' and new.state <> 'retired')
  ) then
    raise exception 'policy % % was published and never changes', old.kind, old.version using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger segmentation_policy_stays before update or delete on segmentation_policy for each row execute function segmentation_policy_stays();
"""
BACKWARDS = "drop trigger segmentation_policy_stays on segmentation_policy; drop function segmentation_policy_stays();"


class Migration(migrations.Migration):
    """The database holds the rule of policies: what was published stays as it was."""

    dependencies = [("segmentation", "0011_policy_days")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
