import HistoryIcon from '@mui/icons-material/RestartAltOutlined';
import { Box, Button, Checkbox, Tooltip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { Lead } from '../api/types';
import { GradeBadge, LabelMark } from '../common/badges';
import { When } from '../common/countdown';
import { useLookups } from '../common/lookups';
import { RecordLink } from '../common/record-link';
import { masked } from '../leads/list/columns';
import { QuietMark } from './quiet/quiet-mark';
import { showCount } from '../i18n/counts';

export const POOL_ROW = 44;
const COLUMNS = {
  xs: 'auto 44px 1fr auto',
  md: 'auto 48px minmax(120px, 1fr) minmax(120px, 1.4fr) 80px 136px minmax(88px, 0.7fr) 88px 56px 96px',
};
const GRID = {
  display: 'grid',
  alignItems: 'center',
  columnGap: 1.5,
  px: { xs: 1, md: 1.5 },
  gridTemplateColumns: COLUMNS,
  fontSize: 13,
} as const;
const CLIP = { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;
const WIDE = { ...CLIP, display: { xs: 'none', md: 'block' } } as const;

/** Names of the columns; on a phone the rows speak for themselves. */
export const PoolLeadsHead = ({ selectable }: { selectable: boolean }) => {
  const translate = useTranslate();
  const head = (name: string) => (
    <Box sx={CLIP} key={name}>
      {translate(`pools.column.${name}`)}
    </Box>
  );
  return (
    <Box
      aria-hidden="true"
      sx={{
        ...GRID,
        display: { xs: 'none', md: 'grid' },
        height: 34,
        fontSize: 12,
        fontWeight: 600,
        color: 'text.secondary',
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <Box sx={{ width: selectable ? 34 : 0 }} />
      {['grade', 'name', 'company', 'heat', 'phone', 'source', 'inPool', 'rounds'].map(head)}
      <span />
    </Box>
  );
};

/** A lead lying in a pool. What was refused says why in its own row. */
export const PoolLeadRow = (props: {
  lead: Lead;
  ticked: boolean;
  selectable: boolean;
  canClaim: boolean;
  refusal?: string;
  onToggle: () => void;
  onClaim: () => void;
  busy: boolean;
}) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { lead } = props;
  const rounds = lead.recycleCount ?? 0;
  return (
    <Box
      role="listitem"
      sx={{
        ...GRID,
        minHeight: POOL_ROW,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: props.ticked ? 'action.selected' : undefined,
        '&:hover': { bgcolor: props.ticked ? 'action.selected' : 'action.hover' },
      }}
    >
      {props.selectable ? (
        <Checkbox
          size="small"
          checked={props.ticked}
          onChange={props.onToggle}
          slotProps={{ input: { 'aria-label': translate('ra.action.select_row') } }}
        />
      ) : (
        <span />
      )}
      <GradeBadge grade={lead.grade} />
      <Box sx={CLIP}>
        <RecordLink to={`/leads/${lead.id}`}>
          {lead.name || `#${lead.id}`}
          <QuietMark until={lead.doNotContactUntil} />
        </RecordLink>
        <Box sx={{ display: { xs: 'block', md: 'none' }, color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {lead.company || (lead.poolEnteredAt && <When at={lead.poolEnteredAt} />)}
        </Box>
      </Box>
      <Box sx={WIDE}>{lead.company}</Box>
      <Box sx={WIDE}>
        <LabelMark label={lead.label} />
      </Box>
      <Box sx={{ ...WIDE, color: 'text.secondary' }}>{masked(lead, 'phone')}</Box>
      <Box sx={{ ...WIDE, color: 'text.secondary' }}>{lookups.source(lead.source)}</Box>
      <Box sx={{ ...WIDE, color: 'text.secondary' }}>{lead.poolEnteredAt && <When at={lead.poolEnteredAt} />}</Box>
      <Box sx={{ ...WIDE, color: 'text.secondary' }}>
        {rounds > 0 && (
          <Tooltip title={translate('pools.rounds', { smart_count: rounds })}>
            <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.25 }}>
              <HistoryIcon sx={{ fontSize: 14 }} />
              {showCount(rounds)}
            </Box>
          </Tooltip>
        )}
      </Box>
      <Box sx={{ textAlign: 'right' }}>
        {props.canClaim && (
          <Button variant="outlined" disabled={props.busy} onClick={props.onClaim} sx={{ minHeight: { xs: 40, md: 30 } }}>
            {translate('verbs.claim.action')}
          </Button>
        )}
      </Box>
      {props.refusal && (
        <Typography variant="caption" color="error" sx={{ gridColumn: '2 / -1', pb: 0.75 }}>
          {props.refusal}
        </Typography>
      )}
    </Box>
  );
};
