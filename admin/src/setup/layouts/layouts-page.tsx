import {
  LAYOUT_RESOURCES,
  type FormLayout,
  type LayoutResource,
  type LayoutView,
  type ListLayout,
} from '@leadsea/crm-core/contracts/layout';
import type { RoleSpec } from '@leadsea/crm-core/contracts/access';
import { Alert, Box, Button, MenuItem, Tab, Tabs, TextField, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { FormEditor } from './form-editor';
import { ListEditor } from './list-editor';
import { FormPreview, ListPreview } from './preview';
import { useLayout } from './use-layout';
import { useLayoutFields, VIEWS_OF } from './use-layout-fields';

type Role = RoleSpec & RaRecord;

const isForm = (body: FormLayout | ListLayout): body is FormLayout => 'sections' in body;

/** Columns of leads that cannot be put in order. */
const UNSORTED = new Set(['clock', 'email', 'phone', 'wechat', 'leads', 'note']);

const Editing = (props: { resource: LayoutResource; view: LayoutView; role: Role | null }) => {
  const { resource, view, role } = props;
  const translate = useTranslate();
  const access = useAccess();
  const fields = useLayoutFields(resource, view);
  const layout = useLayout(resource, view, role?.key ?? null, fields.usual);
  const readOnly = !access.can(layout.stored ? 'update' : 'create', 'layouts');
  if (layout.error) return <ErrorState error={layout.error} />;
  if (!layout.body) return <RowsSkeleton rows={8} />;
  if (fields.names.length === 0) return <Alert severity="info">{translate('setup.layout.noFields')}</Alert>;
  const { body } = layout;
  const common = { resource, role, fields };
  const hint =
    layout.from === 'own' ? null : layout.from === 'common' && role ? 'usesCommon' : layout.from === 'usual' ? 'usesUsual' : null;
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 3,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' },
        alignItems: 'start',
      }}
    >
      <Box>
        {hint && (
          <Alert severity="info" sx={{ mb: 1.5 }}>
            {translate(`setup.layout.${hint}`)}
          </Alert>
        )}
        <Typography variant="caption" color="text.secondary" component="div" sx={{ mb: 1 }}>
          {translate('setup.layout.keys')}
        </Typography>
        {isForm(body) ? (
          <FormEditor body={body} onChange={layout.change} fields={fields} readOnly={readOnly} />
        ) : (
          <ListEditor
            body={body}
            onChange={layout.change}
            fields={fields}
            readOnly={readOnly}
            sortable={fields.names.filter((name) => !UNSORTED.has(name))}
          />
        )}
        {layout.refusal && (
          <Alert severity="error" sx={{ mt: 1.5 }}>
            {layout.refusal}
          </Alert>
        )}
        {!readOnly && (
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 2 }}>
            <Button variant="contained" disabled={!layout.changed || layout.busy} onClick={layout.save}>
              {translate('setup.layout.save')}
            </Button>
            <Button color="inherit" disabled={!layout.changed || layout.busy} onClick={layout.discard}>
              {translate('setup.layout.discard')}
            </Button>
            {layout.stored && access.can('delete', 'layouts') && (
              <Button color="error" disabled={layout.busy} onClick={layout.remove} sx={{ ml: 'auto' }}>
                {translate('setup.layout.remove')}
              </Button>
            )}
          </Box>
        )}
      </Box>
      <Box sx={{ position: { lg: 'sticky' }, top: 16 }}>
        <Panel title={translate('setup.layout.preview')}>
          {isForm(body) ? (
            <FormPreview key={`${resource} ${role?.key ?? ''}`} {...common} body={body} />
          ) : (
            <ListPreview {...common} body={body} />
          )}
        </Panel>
      </Box>
    </Box>
  );
};

/** Forms and lists of each kind of record, for everybody or for one role, with what they will look like. */
const LayoutsPage = () => {
  const translate = useTranslate();
  const text = useText();
  const [resource, setResource] = useState<LayoutResource>('leads');
  const [view, setView] = useState<LayoutView>('form');
  const [roleKey, setRoleKey] = useState('');
  const roles =
    useGetList<Role>('roles', { pagination: { page: 1, perPage: 200 }, sort: { field: 'key', order: 'ASC' }, filter: {} }).data ?? [];
  const stored =
    useGetList<RaRecord & { resource: string; view: string; role: string | null }>('layouts', {
      pagination: { page: 1, perPage: 500 },
      sort: { field: 'id', order: 'ASC' },
      filter: {},
    }).data ?? [];
  const shown = VIEWS_OF[resource].includes(view) ? view : (VIEWS_OF[resource][0] ?? 'form');
  const own = (key: string): boolean => stored.some((one) => one.resource === resource && one.view === shown && (one.role ?? '') === key);
  const name = (key: string, words: string): string => (own(key) ? `${words} · ${translate('setup.layout.own')}` : words);
  const pickRole = (
    <TextField
      select
      label={translate('setup.layout.role')}
      value={roles.some(({ key }) => key === roleKey) ? roleKey : ''}
      onChange={({ target }) => setRoleKey(target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: 220 }}
    >
      <MenuItem value="">{name('', translate('setup.layout.everybody'))}</MenuItem>
      {roles.map((role) => (
        <MenuItem key={role.key} value={role.key}>
          {name(role.key, text(role.label) || role.key)}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <>
      <PageHeader title={translate('setup.layout.title')} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1400 }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720 }}>
          {translate('setup.layout.intro')}
        </Typography>
        <Tabs value={resource} onChange={(_event, chosen: LayoutResource) => setResource(chosen)} variant="scrollable" sx={{ mb: 1.5 }}>
          {LAYOUT_RESOURCES.map((one) => (
            <Tab key={one} value={one} label={translate(`setup.layout.resources.${one}`)} />
          ))}
        </Tabs>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, mb: 2, alignItems: 'center' }}>
          <ToggleButtonGroup
            exclusive
            size="small"
            value={shown}
            aria-label={translate('setup.layout.view')}
            onChange={(_event, chosen: LayoutView | null) => chosen && setView(chosen)}
          >
            {VIEWS_OF[resource].map((one) => (
              <ToggleButton key={one} value={one} sx={{ px: 2 }}>
                {translate(`setup.layout.views.${one}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          {pickRole}
        </Box>
        <Editing resource={resource} view={shown} role={roles.find(({ key }) => key === roleKey) ?? null} />
      </Box>
    </>
  );
};

export default LayoutsPage;
