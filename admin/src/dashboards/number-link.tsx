import { Box, ButtonBase, Tooltip } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { createSearchParams, Link, useNavigate, type To } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { getJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';
import { queryOf, type ReportRows, type Scope, type Span } from './api';
import { showCount } from '../i18n/counts';

const STYLE = {
  color: 'inherit',
  textDecoration: 'none',
  font: 'inherit',
  verticalAlign: 'baseline',
  borderRadius: 0.5,
  px: 0.25,
  mx: -0.25,
  '&:hover': { color: 'primary.main', textDecoration: 'underline' },
  '&:focus-visible': { outline: 2, outlineColor: 'primary.main' },
} as const;

export const listOf = (filter: Record<string, unknown>) => ({
  pathname: '/leads',
  search: createSearchParams({ filter: JSON.stringify(filter), page: '1' }).toString(),
});

/** Nothing to open. */
const Zero = () => (
  <Box component="span" sx={{ color: 'text.disabled' }}>
    0
  </Box>
);

/** A number that leads to a page with what it counts. */
export const NumberLink = ({ value, to, label }: { value: number; to: To; label: string }) => {
  const locale = useLocaleCode();
  if (value === 0) return <Zero />;
  return (
    <Box component={Link} to={to} aria-label={`${label}: ${showCount(value)}`} sx={STYLE}>
      {showNumber(value, locale)}
    </Box>
  );
};

/** A number that opens the list of leads it counts, by the list's own filter. */
export const FilteredNumber = ({ filter, ...props }: { value: number; filter: Record<string, unknown>; label: string }) => (
  <NumberLink {...props} to={listOf(filter)} />
);

interface Opened {
  readonly to: To;
  /** Rows the list will have. */
  readonly shown: number;
  /** There are more than these. */
  readonly more?: boolean;
}

/** A number whose rows are asked for when it is opened; where they are fewer than it says, that is told. */
const AskedNumber = (props: { value: number; label: string; hint: string; ask: () => Promise<Opened> }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const navigate = useNavigate();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const [busy, setBusy] = useState(false);
  if (props.value === 0) return <Zero />;
  const open = async (): Promise<void> => {
    setBusy(true);
    try {
      const { to, shown, more } = await props.ask();
      const words = { shown: showNumber(shown, locale), total: showNumber(props.value, locale) };
      if (more) notify(translate('dash.rowsCut', words), { type: 'info' });
      else if (shown < props.value) notify(translate('dash.rowsFewer', words), { type: 'info' });
      navigate(to);
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Tooltip title={props.hint} enterDelay={600}>
      <ButtonBase onClick={() => void open()} disabled={busy} aria-label={`${props.label}: ${showCount(props.value)}`} sx={STYLE}>
        {showNumber(props.value, locale)}
      </ButtonBase>
    </Tooltip>
  );
};

/** A number of things that happened: it opens the leads they happened to. */
export const CountedNumber = (props: {
  value: number;
  metric: string;
  scope: Scope;
  more?: Record<string, string | number | undefined>;
  label: string;
}) => {
  const translate = useTranslate();
  const ask = async (): Promise<Opened> => {
    const { ids, more } = await getJson<ReportRows>(`/reports/rows/${props.metric}?${queryOf(props.scope, props.more)}`);
    return { to: listOf({ id: ids.length > 0 ? ids : [0] }), shown: ids.length, more };
  };
  return <AskedNumber value={props.value} label={props.label} hint={translate('dash.openRows')} ask={ask} />;
};

/** A number of follow-ups of a person: it opens them, or their leads for who may not list follow-ups. */
export const FollowUpsNumber = (props: { value: number; member: number; span: Span; scope: Scope; label: string }) => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const access = useAccess();
  const { value, member, span, label } = props;
  if (!access.can('read', 'activities'))
    return <CountedNumber value={value} metric="followed" scope={{ ...props.scope, who: 'all' }} more={{ member }} label={label} />;
  const filter = {
    member_in: [member],
    occurredAt_gte: span.from,
    occurredAt_lt: span.to,
    kind_ne: 'note',
    automatic_ne: true,
  };
  const ask = async (): Promise<Opened> => {
    const { total } = await provider.getAll('activities', filter, ['id', 'DESC'], 1);
    return {
      to: { pathname: '/activities', search: createSearchParams({ filter: JSON.stringify(filter), page: '1' }).toString() },
      shown: total,
    };
  };
  return <AskedNumber value={value} label={label} hint={translate('dash.openFollowUps')} ask={ask} />;
};
