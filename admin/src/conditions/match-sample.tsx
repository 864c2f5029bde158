import OpenIcon from '@mui/icons-material/OpenInNew';
import { Box, Button, ButtonBase, Skeleton, Typography } from '@mui/material';
import type { MatchSide } from '@leadsea/crm-core/contracts/match';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { GradeBadge, StageChip } from '../common/badges';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import type { Sampled } from './match-subjects';
import { conditionOf, useMatchSample, type Question } from './use-match';

const MOST = 10;
const ROW_HEIGHT = 40;
/** A condition longer than this does not fit into an address. */
const LONGEST = 6000;

/** A line that opens in a tab of its own. */
const Opened = ({ to, columns, children }: { to: string; columns: Readonly<Record<string, string>>; children: ReactNode }) => (
  <ButtonBase
    component={Link}
    to={to}
    target="_blank"
    rel="noopener"
    sx={{
      display: 'grid',
      gridTemplateColumns: columns,
      alignItems: 'center',
      gap: 1,
      width: '100%',
      minHeight: ROW_HEIGHT,
      px: 1,
      textAlign: 'left',
      fontSize: 13,
      borderRadius: 1,
      '&:hover': { bgcolor: 'action.hover' },
    }}
  >
    {children}
  </ButtonBase>
);

const LeadRow = ({ row: lead }: { row: Sampled }) => {
  const lookups = useLookups();
  const translate = useTranslate();
  const holder = lookups.member(lead.owner) || lookups.pool(lead.pool);
  return (
    <Opened to={`/leads/${lead.id}`} columns={{ xs: '44px minmax(0,1fr) auto', sm: '44px minmax(0,1fr) 120px 120px' }}>
      <GradeBadge grade={lead.grade} />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
          {lead.name || `#${lead.id}`}
        </Typography>
        <Typography variant="caption" color="text.secondary" noWrap component="div">
          {lead.company}
        </Typography>
      </Box>
      <Box sx={{ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }}>
        <StageChip stage={lead.stage} />
        <Typography variant="caption" color="text.secondary" noWrap component="div" sx={{ display: { sm: 'none' } }}>
          {holder}
        </Typography>
      </Box>
      <Typography variant="body2" color="text.secondary" noWrap sx={{ display: { xs: 'none', sm: 'block' } }}>
        {holder || translate('setup.condition.nobody')}
      </Typography>
    </Opened>
  );
};

const PersonRow = ({ row: person }: { row: Sampled }) => {
  const lookups = useLookups();
  return (
    <Opened to={`/setup/members?id=${person.id}`} columns={{ xs: 'minmax(0,1fr) auto' }}>
      <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
        {person.name || `#${person.id}`}
      </Typography>
      <Typography variant="body2" color="text.secondary" noWrap>
        {lookups.team(person.team)}
      </Typography>
    </Opened>
  );
};

const ROWS = { lead: LeadRow, member: PersonRow } as const;

/** Up to ten of one side, the newest first; each opens in a tab of its own, so that the draft stays as it is. */
export const MatchSample = ({ question, side, expected }: { question: Question; side: MatchSide; expected: number }) => {
  const translate = useTranslate();
  const { data, error, refetch } = useMatchSample(question, side);
  const all = encodeURIComponent(JSON.stringify({ where: conditionOf(question, side) }));
  // What stands here keeps its height from the first moment, so that it is placed once.
  const kept = { minHeight: Math.min(expected, MOST) * ROW_HEIGHT + (expected > MOST ? 44 : 0) };
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (!data)
    return (
      <Box sx={kept}>
        {Array.from({ length: Math.min(expected, MOST) }, (_row, index) => (
          <Skeleton key={index} variant="rounded" height={ROW_HEIGHT - 6} sx={{ my: '3px' }} />
        ))}
      </Box>
    );
  const rows = data.sample ?? [];
  const Row = ROWS[question.subject];
  const total = data[side]?.total ?? 0;
  return (
    <Box sx={kept}>
      {rows.length === 0 && (
        <Typography variant="body2" color="text.secondary" sx={{ p: 1 }}>
          {translate(total > 0 ? 'setup.condition.sampleLate' : 'setup.condition.sampleNone')}
        </Typography>
      )}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {rows.map((row) => (
          <li key={row.id}>
            <Row row={row} />
          </li>
        ))}
      </Box>
      {question.subject === 'lead' && total > rows.length && all.length <= LONGEST && (
        <Button component={Link} to={`/leads?filter=${all}&page=1`} target="_blank" rel="noopener" endIcon={<OpenIcon />} sx={{ mt: 0.5 }}>
          {translate('setup.condition.openAll')}
        </Button>
      )}
    </Box>
  );
};
