import ArrowDownIcon from '@mui/icons-material/ArrowDownward';
import ArrowUpIcon from '@mui/icons-material/ArrowUpward';
import { Box, Checkbox } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { memo, useCallback, useRef, type MouseEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import type { Lead } from '../../api/types';
import { RowsSkeleton } from '../../common/page';
import { ROW_HEIGHT } from '../../theme/theme';
import type { Column } from './columns';

const CHECK_WIDTH = 44;
const SKELETON_ROWS = 18;

interface RowProps {
  lead: Lead;
  columns: readonly Column[];
  selected: boolean;
  selectable: boolean;
  /** The keys speak of this row. */
  current: boolean;
  onOpen: (id: number, newTab: boolean) => void;
  onToggle: (id: number, range: boolean) => void;
  selectLabel: string;
}

/** One row of plain cells. It renders again only when its own lead, the columns or its tick change. */
const Row = memo(({ lead, columns, selected, selectable, current, onOpen, onToggle, selectLabel }: RowProps) => (
  <tr
    id={`lead-row-${lead.id}`}
    className={[selected && 'selected', current && 'current'].filter(Boolean).join(' ') || undefined}
    aria-current={current || undefined}
    onClick={(event) => onOpen(lead.id, event.metaKey || event.ctrlKey)}
  >
    {selectable && (
      <td className="tick" onClick={(event) => event.stopPropagation()}>
        <Checkbox
          size="small"
          checked={selected}
          onClick={(event: MouseEvent) => onToggle(lead.id, event.shiftKey)}
          slotProps={{ input: { 'aria-label': selectLabel, readOnly: true } }}
        />
      </td>
    )}
    {columns.map((column) => (
      <td key={column.key} className={column.align}>
        {column.render(lead)}
      </td>
    ))}
  </tr>
));
Row.displayName = 'LeadRow';

const TABLE_STYLE = {
  flex: 1,
  minHeight: 0,
  overflow: 'auto',
  bgcolor: 'background.paper',
  borderTop: 1,
  borderBottom: 1,
  borderColor: 'divider',
  '& table': { borderCollapse: 'separate', borderSpacing: 0, tableLayout: 'fixed', width: '100%', fontSize: 13 },
  '& th, & td': {
    height: ROW_HEIGHT,
    p: '0 12px',
    borderBottom: '1px solid',
    borderColor: 'divider',
    textAlign: 'left',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '& th': { position: 'sticky', top: 0, zIndex: 2, bgcolor: 'background.paper', color: 'text.secondary', fontWeight: 600, fontSize: 12 },
  '& th button': { all: 'unset', cursor: 'pointer', display: 'inline-flex', alignItems: 'center', gap: '2px', borderRadius: '4px' },
  '& th button:focus-visible': { outline: '2px solid', outlineColor: 'primary.main' },
  '& .right': { textAlign: 'right' },
  '& .dim': { color: 'text.secondary' },
  '& .tick': { p: 0, textAlign: 'center', overflow: 'visible' },
  '& .tick .MuiCheckbox-root': { p: '6px' },
  '& tbody tr': { cursor: 'pointer' },
  '& tbody tr:hover td': { bgcolor: 'action.hover' },
  '& tbody tr.selected td': { bgcolor: 'action.selected' },
  '& tbody tr.current td:first-of-type': { boxShadow: 'inset 3px 0 0 currentColor', color: 'primary.main' },
  '& tbody tr.current td': { bgcolor: 'action.hover' },
  '& .open': { fontWeight: 600, color: 'inherit', textDecoration: 'none', '&:hover': { color: 'primary.main' } },
} as const;

const HeaderCell = ({ column }: { column: Column }) => {
  const { sort, setSort } = useListContext();
  const isSorted = column.sort !== undefined && sort.field === column.sort;
  const ariaSort = isSorted ? (sort.order === 'ASC' ? 'ascending' : 'descending') : undefined;
  const toggle = (): void => {
    if (column.sort) setSort({ field: column.sort, order: isSorted && sort.order === 'DESC' ? 'ASC' : 'DESC' });
  };
  return (
    <th scope="col" className={column.align} aria-sort={ariaSort} title={column.label}>
      {column.sort ? (
        <button type="button" onClick={toggle}>
          {column.label}
          {isSorted && (sort.order === 'ASC' ? <ArrowUpIcon sx={{ fontSize: 13 }} /> : <ArrowDownIcon sx={{ fontSize: 13 }} />)}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
};

export const LeadTable = ({
  columns,
  selectable,
  current,
}: {
  columns: readonly Column[];
  selectable: boolean;
  current: number | null;
}) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const { data, isPending, selectedIds, onSelect, onToggleItem } = useListContext<Lead>();
  const lastTicked = useRef<number | null>(null);
  const rows = useRef<Lead[]>([]);
  rows.current = data ?? [];
  const ticked = useRef<number[]>([]);
  ticked.current = selectedIds;
  const open = useCallback(
    (id: number, newTab: boolean) => {
      if (newTab) window.open(`/console/leads/${id}`, '_blank', 'noopener');
      else navigate(`/leads/${id}`);
    },
    [navigate],
  );
  const toggle = useCallback(
    (id: number, range: boolean) => {
      const ids = rows.current.map((lead) => lead.id);
      const from = lastTicked.current === null ? -1 : ids.indexOf(lastTicked.current);
      if (range && from >= 0) {
        const to = ids.indexOf(id);
        onSelect([...new Set([...ticked.current, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)])]);
      } else onToggleItem(id);
      lastTicked.current = id;
    },
    [onSelect, onToggleItem],
  );
  if (isPending) {
    return (
      <Box sx={TABLE_STYLE}>
        <RowsSkeleton rows={SKELETON_ROWS} height={ROW_HEIGHT} />
      </Box>
    );
  }
  const selected = new Set(selectedIds);
  const pageIds = rows.current.map((lead) => lead.id);
  const allTicked = pageIds.length > 0 && pageIds.every((id) => selected.has(id));
  const width = columns.reduce((sum, column) => sum + column.width, selectable ? CHECK_WIDTH : 0);
  return (
    <Box sx={TABLE_STYLE}>
      <table style={{ minWidth: width }}>
        <colgroup>
          {selectable && <col style={{ width: CHECK_WIDTH }} />}
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selectable && (
              <th className="tick">
                <Checkbox
                  size="small"
                  checked={allTicked}
                  indeterminate={!allTicked && pageIds.some((id) => selected.has(id))}
                  onChange={() => onSelect(allTicked ? [] : pageIds)}
                  slotProps={{ input: { 'aria-label': translate('ra.action.select_all') } }}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.current.map((lead) => (
            <Row
              key={lead.id}
              lead={lead}
              columns={columns}
              selected={selected.has(lead.id)}
              selectable={selectable}
              current={lead.id === current}
              onOpen={open}
              onToggle={toggle}
              selectLabel={translate('ra.action.select_row')}
            />
          ))}
        </tbody>
      </table>
    </Box>
  );
};
