import type { FairnessAnswer, FairnessGroup } from '@leadsea/lead-routing/contracts/fairness';
import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { getJson } from '../api/http-client';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { MonthField, useThisMonth } from '../common/month-field';
import { PageHeader, RowsSkeleton } from '../common/page';
import { CountedLink } from '../definitions/definition-link';
import { Panel } from '../common/panel';
import { useText } from '../common/text';
import { ShareBar } from './share-bar';
import { QuestionDialog } from './question-dialog';
import { showCount } from '../i18n/counts';

const round = (value: number): string => (Math.round(value * 10) / 10).toLocaleString();

const csvOf = (answer: FairnessAnswer): string =>
  [
    ['policy', 'rule', 'person', 'owed', 'got', 'owed value', 'got value', 'given back'],
    ...answer.groups.flatMap((group) =>
      group.rows.map((row) => [
        group.policy,
        group.rule,
        row.name,
        row.entitled,
        row.received,
        row.entitledValue,
        row.receivedValue,
        row.givenBack,
      ]),
    ),
  ]
    .map((line) =>
      line
        .map(
          (cell) =>
            `"${String(cell)
              .replaceAll('"', '""')
              .replace(/^[=+\-@]/, "'$&")}"`,
        )
        .join(','),
    )
    .join('\r\n');

const save = (answer: FairnessAnswer): void => {
  const url = URL.createObjectURL(new Blob(['\uFEFF', csvOf(answer)], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: `shares-${answer.from}.csv` }).click();
  URL.revokeObjectURL(url);
};

const Group = ({ group, onQuestion }: { group: FairnessGroup; onQuestion: (group: FairnessGroup) => void }) => {
  const translate = useTranslate();
  const words = (key: string, options = {}): string => translate(`routing.fairness.${key}`, options);
  const text = useText();
  const isShared = group.rows.some((row) => row.entitled > 0);
  const owed = (value: number): string => (isShared ? round(value) : '–');
  const wide = { display: { xs: 'none', md: 'table-cell' } };
  const most = Math.max(1, ...group.rows.map((row) => Math.max(row.entitled, row.received)));
  return (
    <Panel
      title={`${group.policy} › ${text(group.label)}`}
      actions={
        <Tooltip title={words('jainHelp')}>
          <Typography variant="caption" color="text.secondary" tabIndex={0}>
            {words('jain', { value: group.jain ?? '–' })}
          </Typography>
        </Tooltip>
      }
    >
      <Box sx={{ overflowX: 'auto' }}>
        <Table size="small" aria-label={group.rule}>
          <TableHead>
            <TableRow>
              <TableCell>{words('person')}</TableCell>
              <TableCell sx={{ ...wide, width: '28%' }} />
              <TableCell align="right">{words('entitled')}</TableCell>
              <TableCell align="right">{words('received')}</TableCell>
              <TableCell align="right">{words('balance')}</TableCell>
              <TableCell align="right" sx={wide}>
                {words('entitledValue')}
              </TableCell>
              <TableCell align="right" sx={wide}>
                {words('receivedValue')}
              </TableCell>
              <TableCell align="right" sx={wide}>
                {words('givenBack')}
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {group.rows.map((row) => {
              const balance = row.received - row.entitled;
              // Within one lead is as even as whole leads can be.
              const isEven = Math.abs(balance) <= 1;
              return (
                <TableRow key={row.member} selected={row.you}>
                  <TableCell sx={{ fontWeight: row.you ? 650 : 400 }}>{row.you ? `${row.name} (${words('you')})` : row.name}</TableCell>
                  <TableCell sx={wide}>
                    <ShareBar entitled={row.entitled} received={row.received} most={most} />
                  </TableCell>
                  <TableCell align="right">{owed(row.entitled)}</TableCell>
                  <TableCell align="right">{showCount(row.received)}</TableCell>
                  <TableCell align="right" sx={{ color: isEven ? 'text.secondary' : balance < 0 ? 'error.main' : 'warning.main' }}>
                    {isShared ? `${balance > 0 ? '+' : ''}${round(balance)}` : ''}
                  </TableCell>
                  <TableCell align="right" sx={wide}>
                    {owed(row.entitledValue)}
                  </TableCell>
                  <TableCell align="right" sx={wide}>
                    {round(row.receivedValue)}
                  </TableCell>
                  <TableCell align="right" sx={wide}>
                    {showCount(row.givenBack || null)}
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </Box>
      {group.rows.some((row) => row.you) && (
        <Button sx={{ mt: 1 }} onClick={() => onQuestion(group)}>
          {words('question')}
        </Button>
      )}
    </Panel>
  );
};

const Lines = ({ title, help, lines }: { title: string; help?: string; lines: readonly { key: number; name: string; text: string }[] }) =>
  lines.length === 0 ? null : (
    <Panel title={title}>
      {help && (
        <Typography variant="caption" color="text.secondary">
          {help}
        </Typography>
      )}
      {lines.map((line) => (
        <Box key={line.key} sx={{ display: 'flex', fontSize: 13, py: 0.25 }}>
          <Box sx={{ flex: 1 }}>{line.name}</Box>
          {line.text}
        </Box>
      ))}
    </Panel>
  );

/** The fairness ledger of a month: entitled against received, by count and by value; a rep sees his own statement (3.5). */
export const FairnessPage = () => {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const [asked, setAsked] = useState<FairnessGroup | null>(null);
  const thisMonth = useThisMonth();
  const month = params.get('month') ?? thisMonth;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['routing-fairness', month],
    queryFn: () => getJson<FairnessAnswer>(`/routing/fairness?month=${month}`),
  });
  const words = (key: string, options = {}): string => translate(`routing.fairness.${key}`, options);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)', alignContent: 'start', pb: 4 }}>
      <PageHeader
        title={words('title')}
        info={<CountedLink of="shares" name={words('title')} />}
        subtitle={words('intro')}
        actions={
          <>
            <MonthField
              label={words('month')}
              value={month}
              max={thisMonth}
              onChange={(chosen) => setParams({ month: chosen }, { replace: true })}
            />
            <Button disabled={!data || data.groups.length === 0} onClick={() => data && save(data)}>
              {words('export')}
            </Button>
          </>
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && <RowsSkeleton rows={8} />}
        {data && data.groups.length === 0 && <EmptyState title={words('empty')} hint={words('emptyHint')} />}
        {data?.groups.map((group) => (
          <Group key={group.key} group={group} onQuestion={setAsked} />
        ))}
        {data && (
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' }, alignItems: 'start' }}>
            <Lines
              title={words('over')}
              help={words('overHelp')}
              lines={data.overCapacity.map((one) => ({
                key: one.member,
                name: one.name,
                text: words('overLine', { load: one.load, capacity: one.capacity }),
              }))}
            />
            <Lines
              title={words('factors')}
              lines={data.performance.map((one) => ({
                key: one.member,
                name: one.name,
                text: words('factorLine', { factor: one.factor, won: one.won, received: one.received }),
              }))}
            />
          </Box>
        )}
      </Box>
      {asked && <QuestionDialog month={month} group={asked} onClose={() => setAsked(null)} />}
    </Box>
  );
};
