import { Checkbox, FormControlLabel, Typography } from '@mui/material';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useDeferredValue, useMemo, useState } from 'react';
import { postJson } from '../../api/http-client';
import { FormDialog } from '../../common/form-dialog';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { handOvers, type SplitTarget } from '../../pools/duty-api';
import { EMPTY_DRAFT, planOf } from '../../pools/hand-over/plan';
import { PreviewPanel } from '../../pools/hand-over/preview-panel';
import { TargetIn } from '../../pools/hand-over/target-in';
import { useRefusalWords } from '../kit/refusal-words';
import type { Member } from './member-dialog';

/** Somebody leaves: what he holds is shown, who takes it over is chosen, then all of it happens in one go. */
export const LeaverDialog = ({ member, close }: { member: Member; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const refusal = useRefusalWords('members');
  const [target, setTarget] = useState<SplitTarget | null>({ type: 'home' });
  const [closeTasks, setCloseTasks] = useState(false);
  const plan = useMemo(
    () =>
      planOf(
        {
          ...EMPTY_DRAFT,
          member: member.id,
          kind: 'leaver',
          split: [{ when: null, to: target }],
          tasks: closeTasks ? 'close' : 'hand-over',
        },
        () => null,
      ),
    [closeTasks, member.id, target],
  );
  const asked = useDeferredValue(plan);
  const preview = useQuery({
    queryKey: ['handover-preview', asked],
    queryFn: () => handOvers.preview(asked!),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const holds = (preview.data?.leads ?? 0) > 0 || (preview.data?.tasks ?? 0) > 0;
  const run = async (): Promise<void> => {
    const handover = holds && plan ? { split: plan.split, tasks: plan.tasks } : null;
    const done = await postJson<{ handover?: { moved: number } }>(`/members/${member.id}/deactivate`, { handover });
    notify('setup.people.leaver.done', { type: 'info', messageArgs: { name: member.name, smart_count: done.handover?.moved ?? 0 } });
    await Promise.all([['members'], ['meta'], ['handovers'], ['lint']].map((queryKey) => client.invalidateQueries({ queryKey })));
    changed();
    close();
  };
  return (
    <FormDialog
      title={translate('setup.people.leaver.title', { name: member.name })}
      width="sm"
      tall
      careful
      refusal={refusal}
      submit={translate(holds ? 'setup.people.leaver.run' : 'setup.people.leaver.runEmpty')}
      color="error"
      ready={plan !== null && preview.data !== undefined}
      close={close}
      run={run}
    >
      <Typography variant="body2">{translate('setup.people.leaver.intro')}</Typography>
      <Typography variant="subtitle2">{translate('setup.people.leaver.to')}</Typography>
      <TargetIn value={target} leaver={member.id} onChange={setTarget} />
      <FormControlLabel
        control={<Checkbox size="small" checked={closeTasks} onChange={(_event, on) => setCloseTasks(on)} />}
        label={<Typography variant="body2">{translate('setup.people.leaver.tasks')}</Typography>}
      />
      {preview.data && !holds ? (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.people.leaver.nothing')}
        </Typography>
      ) : (
        <PreviewPanel preview={preview.data} pending={preview.isFetching} error={preview.error} retry={() => void preview.refetch()} />
      )}
    </FormDialog>
  );
};
