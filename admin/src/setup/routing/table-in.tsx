import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import DownIcon from '@mui/icons-material/KeyboardArrowDown';
import UpIcon from '@mui/icons-material/KeyboardArrowUp';
import type { DecisionTable } from '@leadsea/lead-routing/contracts/destination';
import type { CsvProblem } from '@leadsea/lead-routing/contracts/table';
import { pasteRecords } from '../../../../plugins/lead-routing/contracts/table';
import {
  Alert,
  Box,
  Button,
  IconButton,
  InputBase,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  Typography,
} from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useFacts } from '../../conditions/use-facts';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { useField, useIssuesBelow } from '../kit/form-context';
import { SelectIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { moved } from '../kit/tree';
import { ColumnsIn } from './columns-in';
import { RowDestination } from './row-destination';
import { ReadRows, TableFile } from './table-file';

const PAGE = 50;
/** After so long a pause in typing a cell is taken over. */
const REST_MS = 250;

type TableRowValue = DecisionTable['rows'][number];

/** Cells keep their facts when columns come, go or change places. */
const withColumns = (table: DecisionTable, columns: readonly string[]): DecisionTable => ({
  ...table,
  columns: [...columns],
  rows: table.rows.map((row) => ({ ...row, cells: columns.map((column) => row.cells[table.columns.indexOf(column)] ?? '') })),
});

/** More than one cell; a spreadsheet ends even a single one with a line break. */
const isBlock = (text: string): boolean => /[\t\n]/.test(text.replace(/\r?\n$/, ''));

const Cell = (props: {
  value: string;
  label: string;
  options: readonly { value: string; label: string }[];
  disabled: boolean;
  onChange: (value: string) => void;
  /** A block of cells, as a spreadsheet copies it. */
  onBlock: (text: string) => void;
}) => {
  const list = `cell-${props.label}`;
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    if (typed === null) return;
    setTyped(null);
    if (typed !== props.value) props.onChange(typed);
  };
  // A table of thousands of rows is not made anew with every letter.
  useEffect(() => {
    if (typed === null) return;
    const rest = setTimeout(commit, REST_MS);
    return () => clearTimeout(rest);
  });
  return (
    <>
      <InputBase
        value={typed ?? props.value}
        placeholder="*"
        disabled={props.disabled}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text/plain');
          if (!isBlock(text)) return;
          event.preventDefault();
          setTyped(null);
          props.onBlock(text);
        }}
        inputProps={{ 'aria-label': props.label, list: props.options.length > 0 ? list : undefined }}
        sx={{ width: '100%', fontSize: 13, '& input': { p: 0.5 } }}
      />
      {props.options.length > 0 && (
        <datalist id={list}>
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </datalist>
      )}
    </>
  );
};

/** A decision table: facts as columns, values in rows, a destination per row; from and to CSV. */
export const TableIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const text = useText();
  const facts = useFacts('lead');
  const directory = useDirectory();
  const field = useField<DecisionTable>(path);
  const problems = useIssuesBelow(`${path}.rows`);
  const [page, setPage] = useState(0);
  const [pasted, setPasted] = useState<{ count: number | null; problems: readonly CsvProblem[] }>({ count: null, problems: [] });
  const table = field.value;
  if (!table) return null;
  const labelOf = (column: string): string => text(facts.byKey.get(column)?.label) || column;
  const optionsOf = (column: string) => (facts.byKey.get(column)?.options ?? []).map(({ value, label }) => ({ value, label: text(label) }));
  const setRows = (rows: readonly TableRowValue[]): void => field.set({ ...table, rows });
  const change = (index: number, row: Partial<TableRowValue>): void =>
    setRows(table.rows.map((one, at) => (at === index ? { ...one, ...row } : one)));
  const setCell = (index: number, row: TableRowValue, column: number, value: string): void =>
    change(index, { cells: table.columns.map((_, at) => (at === column ? value : (row.cells[at] ?? ''))) });
  const add = (): void => {
    const to = table.rows.at(-1)?.to ?? { kind: 'pool' as const, key: directory.pools[0]?.value ?? '' };
    setRows([...table.rows, { cells: table.columns.map(() => ''), to }]);
    setPage(Math.floor(table.rows.length / PAGE));
  };
  const paste = async (row: number, column: number, text: string): Promise<void> => {
    const { parse } = await import('csv-parse/browser/esm/sync');
    const records: string[][] = parse(text, { delimiter: '\t', relax_column_count: true, relax_quotes: true });
    const usual = { kind: 'pool' as const, key: directory.pools[0]?.value ?? '' };
    const { rows, problems: found } = pasteRecords(table, { row, column }, records, usual);
    if (rows) setRows(rows);
    setPasted({ count: rows ? records.length : null, problems: found });
  };
  const pages = Math.max(1, Math.ceil(table.rows.length / PAGE));
  const shown = Math.min(page, pages - 1);
  const choices = facts.list.filter((fact) => !fact.args?.length).map((fact) => ({ value: fact.key, label: text(fact.label) }));
  return (
    <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
      <Row>
        <Box sx={{ flex: 1, minWidth: 260 }}>
          <ColumnsIn
            table={table}
            choices={choices}
            disabled={field.readOnly}
            onChange={(columns) => field.set(withColumns(table, columns))}
          />
        </Box>
        <SelectIn
          path={`${path}.hit`}
          words="setup.routing.hit"
          choices={(['first', 'unique'] as const).map((one) => ({ value: one, label: translate(`setup.routing.hits.${one}`) }))}
        />
      </Row>
      <Typography variant="caption" color="text.secondary">
        {translate('setup.routing.tableHelp')}
      </Typography>
      {problems.length > 0 && <Alert severity="warning">{problems.slice(0, 3).join(' ')}</Alert>}
      {table.columns.length > 0 && (
        <Box sx={{ overflowX: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }}>
          <Table size="small" aria-label={translate('setup.routing.destinations.table')}>
            <TableHead>
              <TableRow>
                <TableCell sx={{ width: 40 }} />
                {table.columns.map((column) => (
                  <TableCell key={column} sx={{ minWidth: 120 }}>
                    {labelOf(column)}
                  </TableCell>
                ))}
                <TableCell sx={{ minWidth: 200 }}>{translate('setup.routing.tableTo')}</TableCell>
                <TableCell sx={{ width: 96 }} />
              </TableRow>
            </TableHead>
            <TableBody>
              {table.rows.slice(shown * PAGE, (shown + 1) * PAGE).map((row, offset) => {
                const index = shown * PAGE + offset;
                return (
                  <TableRow key={index} hover>
                    <TableCell sx={{ color: 'text.secondary' }}>{index + 1}</TableCell>
                    {table.columns.map((column, at) => (
                      <TableCell key={column} sx={{ p: 0.25 }}>
                        <Cell
                          value={row.cells[at] ?? ''}
                          label={`${labelOf(column)} ${index + 1}`}
                          options={optionsOf(column)}
                          disabled={field.readOnly}
                          onChange={(value) => setCell(index, row, at, value)}
                          onBlock={(block) => void paste(index, at, block)}
                        />
                      </TableCell>
                    ))}
                    <TableCell sx={{ p: 0.5 }}>
                      <RowDestination value={row.to} disabled={field.readOnly} onChange={(to) => change(index, { to })} />
                    </TableCell>
                    <TableCell sx={{ p: 0, whiteSpace: 'nowrap' }}>
                      <IconButton
                        size="small"
                        disabled={field.readOnly || index === 0}
                        aria-label={translate('setup.routing.rowUp', { row: index + 1 })}
                        onClick={() => setRows(moved(table.rows, index, index - 1))}
                      >
                        <UpIcon fontSize="small" />
                      </IconButton>
                      <IconButton
                        size="small"
                        disabled={field.readOnly || index === table.rows.length - 1}
                        aria-label={translate('setup.routing.rowDown', { row: index + 1 })}
                        onClick={() => setRows(moved(table.rows, index, index + 1))}
                      >
                        <DownIcon fontSize="small" />
                      </IconButton>
                      <IconButton
                        size="small"
                        disabled={field.readOnly}
                        aria-label={translate('setup.routing.rowRemove', { row: index + 1 })}
                        onClick={() => setRows(table.rows.filter((_row, at) => at !== index))}
                      >
                        <DeleteIcon fontSize="small" />
                      </IconButton>
                    </TableCell>
                  </TableRow>
                );
              })}
            </TableBody>
          </Table>
        </Box>
      )}
      <ReadRows {...pasted} />
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Button startIcon={<AddIcon />} disabled={field.readOnly || table.columns.length === 0} onClick={add}>
          {translate('setup.routing.addRow')}
        </Button>
        <TableFile table={table} disabled={field.readOnly} onRead={(read) => field.set({ ...table, ...read })} />
        {pages > 1 && (
          <TextField
            select
            slotProps={{ select: { native: true } }}
            label={translate('setup.routing.tablePage')}
            value={shown}
            onChange={(event) => setPage(Number(event.target.value))}
            sx={{ ml: 'auto', width: 150 }}
          >
            {Array.from({ length: pages }, (_, index) => (
              <option key={index} value={index}>
                {`${index * PAGE + 1} – ${Math.min((index + 1) * PAGE, table.rows.length)}`}
              </option>
            ))}
          </TextField>
        )}
      </Box>
    </Box>
  );
};
