import { Box, Button, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import { Panel } from '../../common/panel';
import { AskDialog } from '../ask-dialog';

interface Migration {
  readonly clocks: number;
  readonly moved: number;
  readonly breached: number;
  readonly retired: number;
}

/** What an administrator does once with a contract that is in force: bind the lifecycle to it, move open deadlines to it. */
export const Duties = ({ id }: { id: number }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const [binding, setBinding] = useState(false);
  const [migration, setMigration] = useState<Migration | null>(null);
  const look = async (): Promise<void> => {
    try {
      setMigration(await postJson<Migration>(`/sla-contracts/${id}/migrate`, { apply: false }));
    } catch (cause) {
      notify(refusal(cause), { type: 'error' });
    }
  };
  return (
    <Panel title={translate('sla.act.more')}>
      <Box sx={{ display: 'grid', gap: 1, justifyItems: 'start' }}>
        <Button variant="outlined" onClick={() => setBinding(true)}>
          {translate('sla.contracts.bind')}
        </Button>
        <Typography variant="caption" color="text.secondary">
          {translate('sla.contracts.bindHint')}
        </Typography>
        <Button variant="outlined" onClick={() => void look()}>
          {translate('sla.contracts.migrate')}
        </Button>
      </Box>
      {binding && (
        <AskDialog
          title={translate('sla.contracts.bind')}
          hint={translate('sla.contracts.bindHint')}
          submit={translate('sla.contracts.bind')}
          ready
          close={() => setBinding(false)}
          run={async () => {
            await postJson(`/sla-contracts/${id}/bind`, {});
            notify(translate('sla.contracts.bound'), { type: 'success' });
          }}
        />
      )}
      {migration && (
        <AskDialog
          title={translate('sla.contracts.migrate')}
          hint={translate('sla.contracts.migrateHint', { ...migration })}
          submit={translate('sla.contracts.migrate')}
          ready={migration.clocks > 0}
          close={() => setMigration(null)}
          run={async () => {
            await postJson(`/sla-contracts/${id}/migrate`, { apply: true });
            notify(translate('sla.contracts.migrated'), { type: 'success' });
          }}
        />
      )}
    </Panel>
  );
};
