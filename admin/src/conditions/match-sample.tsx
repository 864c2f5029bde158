import OpenIcon from '@mui/icons-material/OpenInNew';
import { Box, Button, ButtonBase, Skeleton, Typography } from '@mui/material';
import type { MatchSide } from '@leadsea/crm-core/contracts/match';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import type { Lead } from '../api/types';
import { GradeBadge, StageChip } from '../common/badges';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { conditionOf, useMatchSample, type Question } from './use-match';

const MOST = 10;
const ROW_HEIGHT = 40;
/** A condition longer than this does not fit into an address. */
const LONGEST = 6000;

const Row = ({ lead }: { lead: Lead }) => {
  const lookups = useLookups();
  const translate = useTranslate();
  const holder = lookups.member(lead.owner) || lookups.pool(lead.pool);
  return (
    <ButtonBase
      component={Link}
      to={`/leads/${lead.id}`}
      target="_blank"
      rel="noopener"
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: '44px minmax(0,1fr) auto', sm: '44px minmax(0,1fr) 120px 120px' },
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
    </ButtonBase>
  );
};

/** Up to ten leads of one side, the newest first; each opens in a tab of its own, so that the draft stays as it is. */
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
  const leads = data.sample ?? [];
  const total = data[side]?.total ?? 0;
  return (
    <Box sx={kept}>
      {leads.length === 0 && (
        <Typography variant="body2" color="text.secondary" sx={{ p: 1 }}>
          {translate(total > 0 ? 'setup.condition.sampleLate' : 'setup.condition.sampleNone')}
        </Typography>
      )}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {leads.map((lead) => (
          <li key={lead.id}>
            <Row lead={lead} />
          </li>
        ))}
      </Box>
      {total > leads.length && all.length <= LONGEST && (
        <Button component={Link} to={`/leads?filter=${all}&page=1`} target="_blank" rel="noopener" endIcon={<OpenIcon />} sx={{ mt: 0.5 }}>
          {translate('setup.condition.openAll')}
        </Button>
      )}
    </Box>
  );
};
