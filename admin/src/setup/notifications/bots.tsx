import AddIcon from '@mui/icons-material/Add';
import ForumIcon from '@mui/icons-material/ForumOutlined';
import { Button } from '@mui/material';
import { useGetList, useNotify, useTranslate, type RaRecord } from 'ra-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { API, httpClient, postJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import { ToneChip } from '../../common/badges';
import { EmptyState } from '../../common/empty-state';
import { FormDialog } from '../../common/form-dialog';
import { useLookups } from '../../common/lookups';
import { SelectIn, SwitchIn, TextIn } from '../kit/inputs';
import { RecordDialog } from '../kit/record-dialog';
import { RecordTable } from '../kit/record-table';
import { keyFrom } from '../kit/tree';
import { useTeamsById } from '../people/use-teams';

interface Bot extends RaRecord {
  id: number;
  key: string;
  name: string;
  kind: string;
  address: string | null;
  signed: boolean;
  team: number | null;
  locale: string | null;
  active: boolean;
}
const KINDS = ['wecom', 'dingtalk', 'feishu', 'slack', 'webhook'] as const;

/** Chat groups that bots post into. */
export const Bots = () => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const lookups = useLookups();
  const teams = useTeamsById();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Partial<Bot> | null>(null);
  const [removing, setRemoving] = useState<number | null>(null);
  const { data, error, refetch } = useGetList<Bot>('chat-bots', {
    pagination: { page: 1, perPage: 200 },
    sort: { field: 'name', order: 'ASC' },
    filter: {},
  });
  const done = (words: string) => () => {
    notify(words, { type: 'info' });
    void client.invalidateQueries({ queryKey: ['chat-bots'] });
  };
  const failed = (cause: unknown): void => notify(refusal(cause), { type: 'error' });
  const remove = async (id: number): Promise<void> => {
    await httpClient<unknown>(`${API}/chat-bots/${id}`, { method: 'DELETE' });
    done('setup.notice.saved')();
    setRemoving(null);
    setEditing(null);
  };
  const add = access.can('create', 'chat-bots') && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing({})}>
      {translate('setup.notice.bot.add')}
    </Button>
  );
  return (
    <>
      {data && data.length > 0 && <div style={{ marginBottom: 12 }}>{add}</div>}
      <RecordTable
        rows={data}
        error={error}
        retry={() => void refetch()}
        open={setEditing}
        empty={
          <EmptyState
            icon={<ForumIcon />}
            title={translate('setup.notice.bot.empty')}
            hint={translate('setup.notice.bot.emptyHint')}
            action={add || undefined}
          />
        }
        columns={[
          { key: 'name', words: 'setup.kit.name', render: (bot) => <b>{bot.name}</b> },
          {
            key: 'kind',
            words: 'setup.notice.bot.kind',
            render: (bot) => translate(`setup.notice.bot.kinds.${bot.kind}`, { _: bot.kind }),
          },
          {
            key: 'team',
            words: 'setup.notice.bot.team',
            render: (bot) => (bot.team === null ? translate('setup.notice.bot.company') : lookups.team(bot.team)),
          },
          { key: 'address', words: 'setup.notice.bot.url', render: (bot) => bot.address, wideOnly: true },
          {
            key: 'active',
            words: 'setup.people.state',
            render: (bot) => (
              <ToneChip tone={bot.active ? 'success' : 'neutral'} text={translate(bot.active ? 'setup.source.on' : 'setup.source.off')} />
            ),
          },
        ]}
      />
      {editing && (
        <RecordDialog
          resource="chat-bots"
          id={editing.id}
          title={editing.name ?? translate('setup.notice.bot.add')}
          initial={{
            name: editing.name ?? '',
            kind: editing.kind ?? 'wecom',
            url: '',
            secret: '',
            team: editing.team == null ? null : String(editing.team),
            locale: editing.locale ?? 'zh',
            active: editing.active ?? true,
          }}
          toSend={(body) => ({
            name: body.name,
            kind: body.kind,
            locale: body.locale,
            active: body.active,
            team: body.team === null ? null : Number(body.team),
            ...(body.url.trim() ? { url: body.url.trim() } : {}),
            ...(body.secret ? { secret: body.secret } : {}),
            ...(editing.id === undefined
              ? {
                  key: keyFrom(
                    body.name,
                    'chat',
                    (data ?? []).map((bot) => bot.key),
                  ),
                }
              : {}),
          })}
          valid={(body) => body.name.trim() !== '' && (editing.id !== undefined || body.url.trim() !== '')}
          readOnly={editing.id !== undefined && !access.can('update', 'chat-bots')}
          close={() => setEditing(null)}
          actions={
            editing.id !== undefined && access.can('update', 'chat-bots') ? (
              <>
                <Button onClick={() => void postJson(`/chat-bots/${editing.id}/test`, {}).then(done('setup.notice.testSent'), failed)}>
                  {translate('setup.notice.bot.test')}
                </Button>
                {access.can('delete', 'chat-bots') && (
                  <Button color="error" onClick={() => setRemoving(Number(editing.id))}>
                    {translate('setup.notice.bot.delete')}
                  </Button>
                )}
              </>
            ) : undefined
          }
        >
          {(body) => (
            <>
              <TextIn path="name" words="setup.kit.name" />
              <SelectIn
                path="kind"
                words="setup.notice.bot.kind"
                choices={KINDS.map((kind) => ({ value: kind, label: translate(`setup.notice.bot.kinds.${kind}`) }))}
              />
              <TextIn path="url" words="setup.notice.bot.url" />
              {['dingtalk', 'feishu', 'webhook'].includes(body.kind) && <TextIn path="secret" words="setup.notice.bot.secret" />}
              <SelectIn path="team" words="setup.notice.bot.team" choices={teams} none={translate('setup.notice.bot.company')} />
              <SelectIn
                path="locale"
                words="setup.notice.bot.locale"
                choices={[
                  { value: 'zh', label: '中文' },
                  { value: 'en', label: 'English' },
                ]}
              />
              <SwitchIn path="active" words="setup.notice.bot.active" />
            </>
          )}
        </RecordDialog>
      )}
      {removing !== null && (
        <FormDialog
          careful
          title={translate('setup.notice.bot.delete')}
          hint={translate('setup.notice.bot.deleteAsk')}
          submit={translate('setup.notice.bot.delete')}
          color="error"
          close={() => setRemoving(null)}
          run={() => remove(removing)}
        />
      )}
    </>
  );
};
