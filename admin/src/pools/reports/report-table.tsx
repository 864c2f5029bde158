import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { LocalisedText } from '../../api/types';
import { useLocaleCode } from '../../common/text';
import { formatDuration } from '../../common/time';
import { showNumber } from '../../common/values';
import { METRICS, type Counts, type Metric, type Report } from '../duty-api';

/** The numbers of a report; each opens its leads. */
export const ReportTable = (props: {
  report: Report;
  head: string;
  name: (key: string, label: LocalisedText | string | null) => string;
  onOpen: (metric: Metric, key: string, label: string) => void;
}) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const span = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(seconds, locale));
  const cells = (row: Counts, open?: (metric: Metric) => void) => (
    <>
      {METRICS.map((metric) => (
        <TableCell key={metric} align="right">
          {open && row[metric] > 0 ? (
            <Button onClick={() => open(metric)} sx={{ minWidth: 32, minHeight: 24, p: '0 4px', mr: '-4px' }}>
              {showNumber(row[metric], locale)}
            </Button>
          ) : (
            <Box component="span" sx={{ color: row[metric] === 0 ? 'text.disabled' : undefined }}>
              {showNumber(row[metric], locale)}
            </Box>
          )}
        </TableCell>
      ))}
      <TableCell align="right">{span(row.waitSeconds)}</TableCell>
      <TableCell align="right">{span(row.holdSeconds)}</TableCell>
    </>
  );
  return (
    <Box sx={{ overflow: 'auto', maxHeight: 420 }}>
      <Table size="small" stickyHeader sx={{ minWidth: 640 }}>
        <TableHead>
          <TableRow>
            <TableCell>{props.head}</TableCell>
            {METRICS.map((metric) => (
              <TableCell key={metric} align="right">
                {translate(`pools.report.metric.${metric}`)}
              </TableCell>
            ))}
            <TableCell align="right">{translate('pools.report.wait')}</TableCell>
            <TableCell align="right">{translate('pools.report.hold')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {props.report.rows.map((row) => {
            const name = props.name(row.key, row.label);
            return (
              <TableRow key={row.key} hover>
                <TableCell>{name}</TableCell>
                {cells(row, (metric) => props.onOpen(metric, row.key, name))}
              </TableRow>
            );
          })}
          <TableRow sx={{ '& td': { fontWeight: 650 } }}>
            <TableCell>{translate('pools.report.total')}</TableCell>
            {cells(props.report.total)}
          </TableRow>
        </TableBody>
      </Table>
    </Box>
  );
};
