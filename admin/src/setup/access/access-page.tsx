import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import { Autocomplete, Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useGetList, useGetOne, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import { postJson } from '../../api/http-client';
import { useAccess, useMeta } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { viewAs } from '../../api/view-as';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { useRested } from '../../common/rested';
import { ExplanationView, type Explanation } from './explanation';

/** What one is asked about most; any other resource can be named in the address. */
const RESOURCES = ['leads', 'accounts', 'opportunities', 'activities', 'tasks', 'pools', 'members', 'imports'] as const;

const nameOf = (lead: Lead): string => [lead.name || `#${lead.id}`, lead.company].filter(Boolean).join(' · ');

const LeadPicker = ({ id, pick }: { id: number | null; pick: (id: number | null) => void }) => {
  const translate = useTranslate();
  const [q, setQ] = useState('');
  const asked = useRested(q.trim());
  const chosen = useGetOne<Lead>('leads', { id: id ?? 0 }, { enabled: id !== null, retry: false }).data ?? null;
  const found =
    useGetList<Lead>('leads', {
      pagination: { page: 1, perPage: 8 },
      sort: { field: 'score', order: 'DESC' },
      filter: asked && !(chosen && asked === nameOf(chosen)) ? { q: asked } : {},
    }).data ?? [];
  return (
    <Autocomplete
      options={found}
      filterOptions={(options) => options}
      value={id === null ? null : chosen}
      inputValue={q}
      onInputChange={(_event, text) => setQ(text)}
      onChange={(_event, lead) => pick(lead?.id ?? null)}
      getOptionLabel={nameOf}
      getOptionKey={(lead) => lead.id}
      isOptionEqualToValue={(a, b) => a.id === b.id}
      renderInput={(params) => (
        <TextField {...params} label={translate('setup.access.record')} helperText={translate('setup.access.recordHelp')} />
      )}
      sx={{ minWidth: 240, flex: 1 }}
    />
  );
};

/** Why somebody can or cannot see or do something, and a look through his eyes. */
const AccessPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const { members } = useMeta();
  const { pathname, search } = useLocation();
  const [params, setParams] = useSearchParams();
  const member = Number(params.get('member')) || null;
  const resource = params.get('resource') ?? 'leads';
  const id = Number(params.get('id')) || null;
  const set = (part: Record<string, string | number | null>): void => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(part)) {
      if (value === null || value === '') next.delete(key);
      else next.set(key, String(value));
    }
    setParams(next, { replace: true });
  };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['access-explain', member, resource, id],
    queryFn: () => postJson<Explanation>('/access/explain', { member, resource, ...(id === null ? {} : { id }) }),
    enabled: member !== null,
    retry: false,
  });
  const person = members.find((one) => one.id === member) ?? null;
  const resources = (RESOURCES as readonly string[]).includes(resource) ? RESOURCES : [...RESOURCES, resource];
  const look = person && access.can('update', 'roles') && (
    <Button
      variant="outlined"
      startIcon={<EyeIcon />}
      onClick={() => viewAs.begin({ as: `member:${person.id}`, name: person.name, back: `${pathname}${search}` })}
    >
      {translate('setup.access.see')}
    </Button>
  );
  return (
    <>
      <PageHeader title={translate('setup.access.title')} actions={look || undefined} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1280 }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720, mb: 2 }}>
          {translate('setup.access.intro')}
        </Typography>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, mb: 2, alignItems: 'flex-start', '& > *': { minWidth: 0 } }}>
          <Autocomplete
            options={members}
            value={person}
            onChange={(_event, chosen) => set({ member: chosen?.id ?? null })}
            getOptionLabel={(one) => one.name}
            getOptionKey={(one) => one.id}
            isOptionEqualToValue={(a, b) => a.id === b.id}
            renderInput={(input) => <TextField {...input} autoFocus={!person} label={translate('setup.access.who')} />}
            sx={{ width: 230 }}
          />
          <TextField
            select
            label={translate('setup.access.what')}
            value={resource}
            onChange={({ target }) => set({ resource: target.value, id: null })}
            sx={{ width: 180 }}
          >
            {resources.map((one) => (
              <MenuItem key={one} value={one}>
                {translate(`setup.people.resource.${one}`, { _: one })}
              </MenuItem>
            ))}
          </TextField>
          {resource === 'leads' ? (
            <LeadPicker id={id} pick={(chosen) => set({ id: chosen })} />
          ) : (
            <TextField
              type="number"
              label={translate('setup.access.recordId')}
              helperText={translate('setup.access.recordHelp')}
              value={id ?? ''}
              onChange={({ target }) => set({ id: target.value })}
              slotProps={{ htmlInput: { min: 1 } }}
              sx={{ width: 240 }}
            />
          )}
        </Box>
        {member === null ? (
          <Typography variant="body2" color="text.secondary">
            {translate('setup.access.pick')}
          </Typography>
        ) : error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : isPending ? (
          <RowsSkeleton rows={8} />
        ) : (
          <ExplanationView answer={data} />
        )}
      </Box>
    </>
  );
};

export default AccessPage;
