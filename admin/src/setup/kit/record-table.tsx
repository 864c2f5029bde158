import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { ErrorState } from '../../common/error-state';
import { RowsSkeleton } from '../../common/page';

export interface Column<Row> {
  key: string;
  /** Message key. */
  words: string;
  render: (row: Row) => ReactNode;
  wideOnly?: boolean;
}

/** A table whose rows open with a click or Enter. */
export const RecordTable = <Row extends { id: number }>(props: {
  rows: readonly Row[] | undefined;
  columns: readonly Column<Row>[];
  error?: unknown;
  retry?: () => void;
  empty: ReactNode;
  open: (row: Row) => void;
}) => {
  const translate = useTranslate();
  const shown = (column: Column<Row>) => (column.wideOnly ? { display: { xs: 'none', md: 'table-cell' } } : undefined);
  if (props.error) return <ErrorState error={props.error} retry={props.retry} />;
  return (
    <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'auto' }}>
      {!props.rows ? (
        <RowsSkeleton rows={8} />
      ) : props.rows.length === 0 ? (
        props.empty
      ) : (
        <Table size="small">
          <TableHead>
            <TableRow>
              {props.columns.map((column) => (
                <TableCell key={column.key} sx={shown(column)}>
                  {translate(column.words)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {props.rows.map((row) => (
              <TableRow
                key={row.id}
                hover
                tabIndex={0}
                onClick={() => props.open(row)}
                onKeyDown={(event) => event.key === 'Enter' && props.open(row)}
                sx={{ cursor: 'pointer', '&:last-child td': { borderBottom: 0 } }}
              >
                {props.columns.map((column) => (
                  <TableCell key={column.key} sx={shown(column)}>
                    {column.render(row)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Box>
  );
};
