import { Box, Tooltip } from '@mui/material';
import type { ReactNode } from 'react';

export interface MiniColumn<Row> {
  key: string;
  label: string;
  hint?: string;
  align?: 'right';
  /** Left out on a phone. */
  wideOnly?: boolean;
  render: (row: Row) => ReactNode;
}

const TABLE = {
  width: '100%',
  borderCollapse: 'collapse',
  fontSize: 13,
  '& th, & td': { height: 34, px: 1, textAlign: 'left', borderBottom: '1px solid', borderColor: 'divider', whiteSpace: 'nowrap' },
  '& th': { color: 'text.secondary', fontWeight: 600, fontSize: 12 },
  '& tr:last-child td': { borderBottom: 0 },
  '& td:first-of-type, & th:first-of-type': { pl: 0 },
  '& td:last-of-type, & th:last-of-type': { pr: 0 },
  '& .right': { textAlign: 'right' },
} as const;

/** A dense table inside a widget. */
export const MiniTable = <Row,>(props: { rows: readonly Row[]; keyOf: (row: Row) => string; columns: readonly MiniColumn<Row>[] }) => (
  <Box sx={{ overflowX: 'auto', mx: -0.5, px: 0.5 }}>
    <Box component="table" sx={TABLE}>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <Box
              component="th"
              scope="col"
              key={column.key}
              className={column.align}
              sx={{ display: column.wideOnly ? { xs: 'none', sm: 'table-cell' } : undefined }}
            >
              {column.hint ? (
                <Tooltip title={column.hint}>
                  <Box component="span" tabIndex={0} sx={{ borderBottom: '1px dotted' }}>
                    {column.label}
                  </Box>
                </Tooltip>
              ) : (
                column.label
              )}
            </Box>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={props.keyOf(row)}>
            {props.columns.map((column) => (
              <Box
                component="td"
                key={column.key}
                className={column.align}
                sx={{ display: column.wideOnly ? { xs: 'none', sm: 'table-cell' } : undefined }}
              >
                {column.render(row)}
              </Box>
            ))}
          </tr>
        ))}
      </tbody>
    </Box>
  </Box>
);
