import AddIcon from '@mui/icons-material/Add';
import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import type { RoleSpec } from '@leadsea/crm-core/contracts/access';
import { Box, Button, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { viewAs } from '../../api/view-as';
import { EmptyState } from '../../common/empty-state';
import { PageHeader } from '../../common/page';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { LabelIn, NumberIn, SwitchIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { RecordDialog } from '../kit/record-dialog';
import { RecordTable } from '../kit/record-table';
import { keyFrom } from '../kit/tree';
import { useAsked } from '../kit/use-asked';
import { FieldAccessIn } from './field-access';
import { RowLimitsIn } from './row-limits';
import { ScopeMatrix } from './scope-matrix';

type Role = RoleSpec & { id: number };

const Matrix = () => {
  const resources = useField<RoleSpec['resources']>('resources').value ?? {};
  return <ScopeMatrix resources={resources} />;
};

/** A limit without a value would let nothing through. */
const isLimitOpen = (only: RoleSpec['only']): boolean =>
  Object.values(only ?? {}).some((fields) => Object.values(fields).some((values) => values.length === 0));

/** Roles: what each may do with which rows, and which fields it sees. */
const RolesPage = () => {
  const translate = useTranslate();
  const text = useText();
  const access = useAccess();
  const [chosen, setEditing] = useState<Partial<Role> | null>(null);
  const asked = useAsked();
  const { data, error, refetch } = useGetList<Role & RaRecord>('roles', {
    pagination: { page: 1, perPage: 200 },
    sort: { field: 'key', order: 'ASC' },
    filter: {},
  });
  const editing = chosen ?? data?.find(({ id }) => id === asked.id) ?? null;
  const close = (): void => {
    setEditing(null);
    asked.done();
  };
  const look = (key: string, name: string): void =>
    viewAs.begin({ as: `role:${key}`, name: translate('setup.access.roleName', { name: name || key }), back: '/setup/roles' });
  const add = access.can('create', 'roles') && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing({})}>
      {translate('setup.people.addRole')}
    </Button>
  );
  return (
    <>
      <PageHeader title={translate('setup.people.roles')} actions={add} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1000 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('setup.people.rolesIntro')}
        </Typography>
        <RecordTable
          rows={data}
          error={error}
          retry={() => void refetch()}
          open={setEditing}
          empty={<EmptyState title={translate('setup.people.noRoles')} action={add || undefined} />}
          columns={[
            { key: 'label', words: 'setup.kit.name', render: (role) => <b>{text(role.label) || role.key}</b> },
            { key: 'key', words: 'setup.kit.key', wideOnly: true, render: (role) => role.key },
            {
              key: 'leads',
              words: 'setup.people.seesLeads',
              render: (role) =>
                (role.resources?.leads?.read ?? ['none']).map((scope) => translate(`setup.people.scope.${scope}`)).join(', '),
            },
          ]}
        />
      </Box>
      {editing && (
        <RecordDialog
          wide
          resource="roles"
          id={editing.id}
          title={text(editing.label) || editing.key || translate('setup.people.addRole')}
          initial={{
            key: editing.key ?? '',
            label: editing.label ?? { zh: '', en: '' },
            resources: editing.resources ?? { leads: { read: ['own'] } },
            fields: editing.fields ?? { leads: { '*': 'read' } },
            revealPool: editing.revealPool ?? false,
            revealPerDay: editing.revealPerDay ?? null,
            only: editing.only ?? {},
          }}
          toSend={(body) => ({
            ...body,
            revealPerDay: body.revealPerDay ?? null,
            key:
              body.key ||
              keyFrom(
                body.label.en,
                'role',
                data?.map((role) => role.key),
              ),
          })}
          valid={(body) => body.label.zh.trim() !== '' && body.label.en.trim() !== '' && !isLimitOpen(body.only)}
          readOnly={!access.can('update', 'roles')}
          actions={
            editing.key &&
            access.can('update', 'roles') && (
              <Button startIcon={<EyeIcon />} color="inherit" onClick={() => look(editing.key ?? '', text(editing.label))}>
                {translate('setup.access.seeRole')}
              </Button>
            )
          }
          close={close}
        >
          {() => (
            <>
              <LabelIn path="label" words="setup.kit.name" />
              <Row>
                <NumberIn path="revealPerDay" words="setup.people.revealPerDay" min={0} max={10_000} optional sx={{ width: 260 }} />
                <SwitchIn path="revealPool" words="setup.people.revealPool" />
              </Row>
              <Box>
                <Typography variant="subtitle1">{translate('setup.people.matrix')}</Typography>
                <Typography variant="body2" color="text.secondary">
                  {translate('setup.people.matrixHelp')}
                </Typography>
                <Matrix />
              </Box>
              <Box>
                <Typography variant="subtitle1">{translate('setup.people.only')}</Typography>
                <Typography variant="body2" color="text.secondary">
                  {translate('setup.people.onlyHelp')}
                </Typography>
                <RowLimitsIn />
              </Box>
              <Box>
                <Typography variant="subtitle1">{translate('setup.people.fields')}</Typography>
                <Typography variant="body2" color="text.secondary">
                  {translate('setup.people.fieldsHelp')}
                </Typography>
                <FieldAccessIn />
              </Box>
            </>
          )}
        </RecordDialog>
      )}
    </>
  );
};

export default RolesPage;
