import { Box, Button, Checkbox, Link, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router-dom';

export interface LeadColumn<Item> {
  readonly key: string;
  readonly label: string;
  readonly cell: (item: Item) => ReactNode;
  readonly align?: 'right';
  /** Left out on narrow screens. */
  readonly wide?: boolean;
  readonly nowrap?: boolean;
}

interface Props<Item> {
  readonly items: readonly Item[];
  readonly leadOf: (item: Item) => number;
  readonly nameOf: (item: Item) => string;
  readonly columns: readonly LeadColumn<Item>[];
  readonly chosen: ReadonlySet<number>;
  /** Without it nothing can be chosen. */
  readonly choose: ((ids: ReadonlySet<number>) => void) | null;
}

/** Leads to be dealt with, one by one or many at once: the lead first, then what is to be known of it. */
export const LeadTable = <Item,>({ items, leadOf, nameOf, columns, chosen, choose }: Props<Item>) => {
  const translate = useTranslate();
  const all = items.length > 0 && items.every((item) => chosen.has(leadOf(item)));
  const toggle = (id: number): void => choose?.(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  const styleOf = ({ wide, nowrap }: LeadColumn<Item>) => ({
    ...(wide ? { display: { xs: 'none', md: 'table-cell' } } : {}),
    ...(nowrap ? { whiteSpace: 'nowrap' } : {}),
  });
  return (
    <Box sx={{ overflowX: 'auto', bgcolor: 'background.paper', borderTop: 1, borderBottom: 1, borderColor: 'divider' }}>
      <Table size="small" sx={{ '& tbody td': { py: 0.75 } }}>
        <TableHead>
          <TableRow>
            {choose && (
              <TableCell padding="checkbox">
                <Checkbox
                  size="small"
                  checked={all}
                  indeterminate={!all && items.some((item) => chosen.has(leadOf(item)))}
                  onChange={() => choose(new Set(all ? [] : items.map(leadOf)))}
                  slotProps={{ input: { 'aria-label': translate('routing.monitor.selectAll') } }}
                />
              </TableCell>
            )}
            <TableCell>{translate('routing.monitor.lead')}</TableCell>
            {columns.map((column) => (
              <TableCell key={column.key} align={column.align} sx={styleOf(column)}>
                {column.label}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map((item, index) => (
            <TableRow key={`${leadOf(item)}-${index}`} hover>
              {choose && (
                <TableCell padding="checkbox">
                  <Checkbox
                    size="small"
                    checked={chosen.has(leadOf(item))}
                    onChange={() => toggle(leadOf(item))}
                    slotProps={{ input: { 'aria-label': translate('routing.monitor.select', { name: nameOf(item) }) } }}
                  />
                </TableCell>
              )}
              <TableCell sx={{ maxWidth: 260 }}>
                <Link component={RouterLink} to={`/leads/${leadOf(item)}`} sx={{ fontWeight: 600 }}>
                  {nameOf(item)}
                </Link>
              </TableCell>
              {columns.map((column) => (
                <TableCell key={column.key} align={column.align} sx={styleOf(column)}>
                  {column.cell(item)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
};

/** How a lead is called in these tables. */
export const leadName = (id: number, lead: { readonly name?: string | null; readonly company?: string | null } | undefined): string =>
  [lead?.name, lead?.company].filter(Boolean).join(' · ') || `#${id}`;

/** Turns the pages of such a table; nothing where there is one page. */
export const PageTurner = ({ page, pages, turn }: { page: number; pages: number; turn: (page: number) => void }) => {
  const translate = useTranslate();
  if (pages <= 1) return null;
  return (
    <Box sx={{ display: 'flex', justifyContent: 'flex-end', alignItems: 'center', gap: 1, px: { xs: 2, md: 3 }, fontSize: 13 }}>
      <Button disabled={page <= 1} onClick={() => turn(page - 1)}>
        {translate('ra.navigation.previous')}
      </Button>
      {`${page} / ${pages}`}
      <Button disabled={page >= pages} onClick={() => turn(page + 1)}>
        {translate('ra.navigation.next')}
      </Button>
    </Box>
  );
};
