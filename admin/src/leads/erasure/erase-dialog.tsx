import { Alert, Box, Checkbox, FormControlLabel, FormHelperText, MenuItem, Skeleton, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { getJson, postJson } from '../../api/http-client';
import type { BulkAnswer } from '../../api/types';
import { useMeta } from '../../api/session-context';
import { FormDialog } from '../../common/form-dialog';
import { useText } from '../../common/text';
import { camel } from '../page/change-lines';
import { useLeadsChanged } from '../leads-changed';

const REASONS = ['request', 'consent-withdrawn', 'retention-ended', 'unlawful', 'other'] as const;
const GONE = ['merged', 'activities', 'engagements', 'captures', 'events', 'notices', 'files'] as const;

interface Preview {
  readonly fields: readonly string[];
  readonly gone: Readonly<Record<(typeof GONE)[number], number>>;
  readonly stays: { readonly clocks: number; readonly deals: number; readonly openDeals: number };
  readonly alike: readonly number[];
}

const Lines = ({ title, lines }: { title: string; lines: readonly string[] }) => (
  <Box>
    <Typography variant="subtitle2" component="h3">
      {title}
    </Typography>
    <Box component="ul" sx={{ m: 0, pl: 2.5, fontSize: 13, color: 'text.secondary' }}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </Box>
  </Box>
);

/** What goes and what stays: of one lead as it is, of several in general. */
const Consequences = ({ preview }: { preview: Preview | null }) => {
  const translate = useTranslate();
  const text = useText();
  const { customFields } = useMeta();
  const nameOf = (field: string): string =>
    field.startsWith('custom.')
      ? text(customFields.find(({ entity, key }) => entity === 'lead' && key === field.slice(7))?.label) || field.slice(7)
      : translate(`erasure.names.${field}`, { _: translate(`fields.${camel(field)}`) });
  const stay = [translate('erasure.keeps.counts'), translate('erasure.keeps.history')];
  if (preview === null)
    return (
      <>
        <Lines title={translate('erasure.goes')} lines={[translate('erasure.goesAll')]} />
        <Lines title={translate('erasure.stays')} lines={stay} />
      </>
    );
  const counted = GONE.filter((key) => preview.gone[key] > 0).map((key) =>
    translate(`erasure.gone.${key}`, { smart_count: preview.gone[key] }),
  );
  const goes = [
    ...(preview.fields.length > 0 ? [translate('erasure.fields', { fields: preview.fields.map(nameOf).join(', ') })] : []),
    ...counted,
  ];
  const { clocks, deals, openDeals } = preview.stays;
  return (
    <>
      <Lines title={translate('erasure.goes')} lines={goes} />
      <Lines
        title={translate('erasure.stays')}
        lines={[
          ...stay,
          ...(clocks > 0 ? [translate('erasure.keeps.clocks', { smart_count: clocks })] : []),
          ...(deals > 0 ? [translate('erasure.keeps.deals', { smart_count: deals })] : []),
        ]}
      />
      {openDeals > 0 && <Alert severity="info">{translate('erasure.open')}</Alert>}
      {preview.alike.length > 0 && (
        <Alert severity="info">
          {translate('erasure.alike')}{' '}
          {preview.alike.map((id) => (
            <Box key={id} component={Link} to={`/leads/${id}`} sx={{ color: 'inherit', mr: 1 }}>
              #{id}
            </Box>
          ))}
        </Alert>
      )}
    </>
  );
};

/** Asks for the reason and for being sure, shows what goes and what stays, and erases the personal data of one or several leads. */
export const EraseDialog = ({ ids, close, done }: { ids: readonly number[]; close: () => void; done?: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const changed = useLeadsChanged();
  const [reason, setReason] = useState('');
  const [reference, setReference] = useState('');
  const [suppress, setSuppress] = useState(true);
  const [sure, setSure] = useState(false);
  const one = ids.length === 1;
  const { data, error: unread } = useQuery({
    queryKey: ['erasure', ids[0]],
    queryFn: () => getJson<Preview>(`/leads/${ids[0]}/erasure`),
    enabled: one,
  });
  const erase = async (): Promise<void> => {
    const { results = [] } = await postJson<BulkAnswer>('/leads/erase', { ids, reason, reference: reference.trim() || null, suppress });
    const refused = results.filter(({ ok }) => !ok).length;
    changed();
    notify(
      refused > 0
        ? translate('erasure.someRefused', { done: results.length - refused, smart_count: refused })
        : translate('erasure.done', { smart_count: ids.length }),
      { type: refused > 0 ? 'warning' : 'info' },
    );
    close();
    done?.();
  };
  return (
    <FormDialog
      title={translate(one ? 'erasure.title' : 'erasure.titleMany', { smart_count: ids.length })}
      width="sm"
      tall
      submit={translate('erasure.submit')}
      color="error"
      ready={reason !== '' && sure}
      close={close}
      run={erase}
    >
      <Alert severity="warning">{translate('erasure.lasting')}</Alert>
      {one && !data && !unread ? <Skeleton variant="rounded" height={170} /> : <Consequences preview={data ?? null} />}
      <TextField select required label={translate('erasure.reason')} value={reason} onChange={(event) => setReason(event.target.value)}>
        {REASONS.map((key) => (
          <MenuItem key={key} value={key}>
            {translate(`erasure.reasons.${key}`)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={translate('erasure.reference')}
        helperText={translate('erasure.referenceHelp')}
        value={reference}
        onChange={(event) => setReference(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 120 } }}
      />
      <div>
        <FormControlLabel
          label={translate('erasure.suppress')}
          control={<Checkbox size="small" checked={suppress} onChange={(_event, on) => setSuppress(on)} />}
        />
        <FormHelperText sx={{ ml: 4, mt: -0.5 }}>{translate('erasure.suppressHelp')}</FormHelperText>
        <FormControlLabel
          label={translate('erasure.sure')}
          control={<Checkbox size="small" checked={sure} onChange={(_event, on) => setSure(on)} />}
        />
      </div>
    </FormDialog>
  );
};
