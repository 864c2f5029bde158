import { Box, ButtonBase, Tooltip } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { createSearchParams, Link, useNavigate } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { getJson } from '../api/http-client';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';
import { queryOf, type ReportRows, type Scope } from './api';
import { showCount } from '../i18n/counts';

const STYLE = {
  color: 'inherit',
  textDecoration: 'none',
  font: 'inherit',
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

/** A number that opens the list of leads it counts, by the list's own filter. */
export const FilteredNumber = ({ value, filter, label }: { value: number; filter: Record<string, unknown>; label: string }) => {
  const locale = useLocaleCode();
  if (value === 0)
    return (
      <Box component="span" sx={{ color: 'text.disabled' }}>
        0
      </Box>
    );
  return (
    <Box component={Link} to={listOf(filter)} aria-label={`${label}: ${showCount(value)}`} sx={STYLE}>
      {showNumber(value, locale)}
    </Box>
  );
};

/** A number of things that happened: the leads behind it are asked for when it is opened. */
export const CountedNumber = (props: {
  value: number;
  metric: string;
  scope: Scope;
  more?: Record<string, string | number | undefined>;
  label: string;
}) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const navigate = useNavigate();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const [busy, setBusy] = useState(false);
  if (props.value === 0)
    return (
      <Box component="span" sx={{ color: 'text.disabled' }}>
        0
      </Box>
    );
  const open = async (): Promise<void> => {
    setBusy(true);
    try {
      const rows = await getJson<ReportRows>(`/reports/rows/${props.metric}?${queryOf(props.scope, props.more)}`);
      if (rows.more)
        notify(translate('dash.rowsCut', { shown: rows.ids.length, total: showNumber(props.value, locale) }), { type: 'info' });
      navigate(listOf({ id: rows.ids.length > 0 ? rows.ids : [0] }));
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Tooltip title={translate('dash.openRows')} enterDelay={600}>
      <ButtonBase onClick={() => void open()} disabled={busy} aria-label={`${props.label}: ${showCount(props.value)}`} sx={STYLE}>
        {showNumber(props.value, locale)}
      </ButtonBase>
    </Tooltip>
  );
};
