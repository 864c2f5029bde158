import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import UploadIcon from '@mui/icons-material/FileUploadOutlined';
import type { DecisionTable } from '@leadsea/lead-routing/contracts/destination';
import type { CsvProblem } from '@leadsea/lead-routing/contracts/table';
import { tableFromRecords, tableToCsv } from '../../../../plugins/lead-routing/contracts/table';
import { delimiterOf, textOfFile } from '../../../../plugins/lead-routing/contracts/table-file';
import { Alert, Box, Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useRef, useState } from 'react';

const MOST_SHOWN = 5;

/** How many rows were read, and which lines could not be. */
export const ReadRows = ({ count, problems }: { count: number | null; problems: readonly CsvProblem[] }) => {
  const translate = useTranslate();
  if (problems.length === 0 && count === null) return null;
  return (
    <Alert severity={problems.length > 0 ? 'warning' : 'success'} sx={{ width: '100%' }}>
      {count !== null && <Box>{translate('setup.routing.csvRead', { smart_count: count })}</Box>}
      {problems.slice(0, MOST_SHOWN).map((problem, index) => (
        <Box key={index}>{translate(`setup.routing.csvProblems.${problem.code}`, { line: problem.line })}</Box>
      ))}
      {problems.length > MOST_SHOWN && <Box>{translate('setup.routing.csvMore', { smart_count: problems.length - MOST_SHOWN })}</Box>}
    </Alert>
  );
};

/** The table to a CSV file and from one: first line the facts, last column `to`. */
export const TableFile = (props: {
  table: DecisionTable;
  disabled: boolean;
  onRead: (read: Pick<DecisionTable, 'columns' | 'rows'>) => void;
}) => {
  const translate = useTranslate();
  const input = useRef<HTMLInputElement>(null);
  const [problems, setProblems] = useState<readonly CsvProblem[]>([]);
  const [count, setCount] = useState<number | null>(null);
  const read = async (file: File): Promise<void> => {
    const { parse } = await import('csv-parse/browser/esm/sync');
    let records: string[][];
    try {
      const text = textOfFile(new Uint8Array(await file.arrayBuffer()));
      records = parse(text, { bom: true, delimiter: delimiterOf(text), relax_column_count: true });
    } catch {
      setCount(null);
      return setProblems([{ line: 1, code: 'UNREADABLE' }]);
    }
    const { table, problems: found } = tableFromRecords(records);
    setProblems(found);
    setCount(table?.rows.length ?? null);
    if (table) props.onRead(table);
  };
  const save = (): void => {
    const url = URL.createObjectURL(new Blob(['\uFEFF', tableToCsv(props.table)], { type: 'text/csv' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'routing-table.csv' });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <Button startIcon={<UploadIcon />} disabled={props.disabled} onClick={() => input.current?.click()}>
        {translate('setup.routing.csvIn')}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".csv,text/csv"
        aria-label={translate('setup.routing.csvIn')}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) void read(file);
        }}
      />
      <Button startIcon={<DownloadIcon />} disabled={props.table.columns.length === 0} onClick={save}>
        {translate('setup.routing.csvOut')}
      </Button>
      <ReadRows count={count} problems={problems} />
    </>
  );
};
