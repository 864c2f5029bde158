import { Box, Table, TableBody, TableCell, TableHead, TableRow, TableSortLabel } from '@mui/material';
import { useListContext, type RaRecord } from 'ra-core';
import type { ReactNode } from 'react';
import { RowsSkeleton } from './page';

export interface PlainColumn<T> {
  key: string;
  label: string;
  render: (record: T) => ReactNode;
  sort?: string;
  align?: 'right';
  /** Pixels it takes at least. */
  width?: number;
  /** Left out on small screens. */
  wideOnly?: boolean;
}

/** A short table over a list context, for resources without special needs. */
export const PlainTable = <T extends RaRecord>(props: { columns: PlainColumn<T>[]; onOpen?: (record: T) => void }) => {
  const { data, isPending, sort, setSort } = useListContext<T>();
  if (isPending) return <RowsSkeleton rows={12} />;
  const display = (column: PlainColumn<T>) => (column.wideOnly ? { display: { xs: 'none', md: 'table-cell' } } : undefined);
  return (
    <Box
      sx={{ overflow: 'auto', flex: 1, minHeight: 0, bgcolor: 'background.paper', borderTop: 1, borderBottom: 1, borderColor: 'divider' }}
    >
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            {props.columns.map((column) => (
              <TableCell
                key={column.key}
                align={column.align}
                sx={{ ...display(column), minWidth: column.width, wordBreak: 'keep-all' }}
                sortDirection={sort.field === column.sort ? (sort.order === 'ASC' ? 'asc' : 'desc') : false}
              >
                {column.sort ? (
                  <TableSortLabel
                    active={sort.field === column.sort}
                    direction={sort.field === column.sort && sort.order === 'DESC' ? 'desc' : 'asc'}
                    onClick={() =>
                      column.sort &&
                      setSort({ field: column.sort, order: sort.field === column.sort && sort.order === 'ASC' ? 'DESC' : 'ASC' })
                    }
                  >
                    {column.label}
                  </TableSortLabel>
                ) : (
                  column.label
                )}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {data?.map((record) => (
            <TableRow key={record.id} hover onClick={() => props.onOpen?.(record)} sx={{ cursor: props.onOpen ? 'pointer' : undefined }}>
              {props.columns.map((column) => (
                <TableCell key={column.key} align={column.align} sx={display(column)}>
                  {column.render(record)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
};
