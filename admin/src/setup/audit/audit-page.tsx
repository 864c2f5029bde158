import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import VerifiedIcon from '@mui/icons-material/VerifiedOutlined';
import { Alert, Autocomplete, Box, Button, Chip, MenuItem, TextField, Typography } from '@mui/material';
import { useGetList, useNotify, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { DateField } from '../../common/date-field';
import { useRefusalText } from '../../api/errors';
import { getJson } from '../../api/http-client';
import { saveFile } from '../../api/save-file';
import { useAccess, useMeta } from '../../api/session-context';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { EventLine, type AuditEvent } from './event-line';
import { useEventChoices } from './event-words';

const SUBJECTS = [
  'policy',
  'role',
  'member',
  'team',
  'field',
  'layout',
  'source',
  'notice-settings',
  'chat-bot',
  'config',
  'audit',
  'lead',
  'account',
  'erasure',
] as const;
const PAGE = 100;
/** Who looked at masked contact data, and how much of his quota that used. */
const REVEAL = 'lead.revealed';

interface Verdict {
  readonly ok: boolean;
  readonly days: readonly {
    day: string;
    ok: boolean;
    reason: 'CHAIN_BROKEN' | 'EVENTS_CHANGED' | null;
    sealed: number;
    found: number;
    erased: number;
  }[];
}

const Seals = ({ verdict }: { verdict: Verdict }) => {
  const translate = useTranslate();
  if (verdict.days.length === 0) return <Alert severity="info">{translate('setup.audit.noDays')}</Alert>;
  const erased = verdict.days.reduce((sum, day) => sum + day.erased, 0);
  if (verdict.ok)
    return (
      <Alert severity="success">
        {translate('setup.audit.sound', { count: verdict.days.length })}
        {erased > 0 && ` ${translate('setup.audit.erased', { smart_count: erased })}`}
      </Alert>
    );
  return (
    <Alert severity="error">
      <b>{translate('setup.audit.broken')}</b>
      {verdict.days
        .filter(({ ok }) => !ok)
        .map(({ day, reason, sealed, found }) => (
          <div key={day}>
            {day}: {reason && translate(`setup.audit.reason.${reason}`, { sealed, found })}
          </div>
        ))}
    </Alert>
  );
};

/** Everything that anyone changed: filter, before and after, export, and whether the sealed days are as they were. */
const AuditPage = () => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const access = useAccess();
  const { members } = useMeta();
  const kinds = useEventChoices();
  // A notice or a number may lead here with what to look at.
  const [asked] = useSearchParams();
  const [subject, setSubject] = useState(asked.get('subject') ?? '');
  const [actor, setActor] = useState(asked.get('actor') ?? '');
  const [type, setType] = useState(asked.get('type') ?? '');
  const [days, setDays] = useState({ from: '', to: '' });
  const [pages, setPages] = useState(1);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const filter = {
    ...(subject ? { subject } : {}),
    ...(actor ? { actorId: Number(actor) } : {}),
    ...(type ? { type } : {}),
    ...(days.from ? { at_gte: days.from } : {}),
    ...(days.to ? { at_lte: days.to } : {}),
  };
  const { data, error, refetch, isPlaceholderData } = useGetList<AuditEvent & RaRecord>(
    'events',
    { pagination: { page: 1, perPage: PAGE * pages }, sort: { field: 'id', order: 'DESC' }, filter },
    { placeholderData: (previous) => previous },
  );
  const failed = (cause: unknown): void => notify(refusal(cause), { type: 'error' });
  const verify = (): void =>
    void getJson<Verdict>('/audit/days')
      .then(() => getJson<Verdict>('/audit/verify'))
      .then(setVerdict, failed);
  const download = async (): Promise<void> => {
    const query = new URLSearchParams({ filter: JSON.stringify(filter) });
    await saveFile(`/audit/export?${query}`, 'leadsea-audit.csv').catch(failed);
  };
  const select = (
    label: string,
    value: string,
    set: (next: string) => void,
    choices: readonly { value: string; label: string }[],
    none: string,
  ) => (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => set(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: 150 }}
    >
      <MenuItem value="">{none}</MenuItem>
      {choices.map((choice) => (
        <MenuItem key={choice.value} value={choice.value}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
  const day = (end: 'from' | 'to') => (
    <DateField
      type="date"
      label={translate(`setup.audit.${end}`)}
      value={days[end]}
      onChange={(event) => setDays({ ...days, [end]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 150 }}
    />
  );
  return (
    <>
      <PageHeader
        title={translate('setup.audit.title')}
        actions={
          <>
            {access.can('read', 'audit') && (
              <Button startIcon={<VerifiedIcon />} onClick={verify}>
                {translate('setup.audit.verify')}
              </Button>
            )}
            {access.can('export', 'audit') && (
              <Button startIcon={<DownloadIcon />} onClick={() => void download().catch(failed)}>
                {translate('setup.audit.export')}
              </Button>
            )}
          </>
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1180, display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720 }}>
          {translate('setup.audit.intro')}
        </Typography>
        {verdict && <Seals verdict={verdict} />}
        <Box
          sx={(theme) => ({
            display: 'flex',
            flexWrap: 'wrap',
            gap: 1.5,
            [theme.breakpoints.down('sm')]: {
              display: 'grid',
              gridTemplateColumns: '1fr 1fr',
              '& > *': { width: '100% !important', minWidth: '0 !important' },
            },
          })}
        >
          {select(
            translate('setup.audit.about'),
            subject,
            setSubject,
            SUBJECTS.map((one) => ({ value: one, label: translate(`setup.audit.subjects.${one}`) })),
            translate('setup.audit.all'),
          )}
          {select(
            translate('setup.audit.who'),
            actor,
            setActor,
            members.map((member) => ({ value: String(member.id), label: member.name })),
            translate('setup.audit.any'),
          )}
          <Autocomplete
            options={kinds}
            value={kinds.find((kind) => kind.value === type) ?? null}
            onChange={(_event, kind) => setType(kind?.value ?? '')}
            isOptionEqualToValue={(a, b) => a.value === b.value}
            getOptionKey={(kind) => kind.value}
            renderInput={(params) => <TextField {...params} label={translate('setup.audit.type')} />}
            sx={{ width: 230 }}
          />
          <Chip
            icon={<EyeIcon />}
            label={translate('setup.audit.reveals')}
            color={type === REVEAL ? 'primary' : 'default'}
            variant={type === REVEAL ? 'filled' : 'outlined'}
            onClick={() => setType(type === REVEAL ? '' : REVEAL)}
            aria-pressed={type === REVEAL}
            sx={{ height: 34 }}
          />
          {day('from')}
          {day('to')}
        </Box>
        <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, opacity: isPlaceholderData ? 0.6 : 1 }}>
          {error ? (
            <ErrorState error={error} retry={() => void refetch()} />
          ) : !data ? (
            <RowsSkeleton rows={12} />
          ) : data.length === 0 ? (
            <EmptyState title={translate('setup.audit.empty')} />
          ) : (
            data.map((event) => <EventLine key={event.id} event={event} />)
          )}
        </Box>
        {data && data.length === PAGE * pages && <Button onClick={() => setPages(pages + 1)}>{translate('setup.audit.more')}</Button>}
      </Box>
    </>
  );
};

export default AuditPage;
