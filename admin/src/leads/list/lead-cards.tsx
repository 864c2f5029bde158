import { Box, ButtonBase, Typography } from '@mui/material';
import { useListContext } from 'ra-core';
import { memo } from 'react';
import { Link } from 'react-router-dom';
import type { Lead } from '../../api/types';
import { GradeBadge, StageChip } from '../../common/badges';
import { Countdown } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';

const CARD_HEIGHT = 64;

const Card = memo(({ lead }: { lead: Lead }) => {
  const lookups = useLookups();
  return (
    <ButtonBase
      component={Link}
      to={`/leads/${lead.id}`}
      sx={{
        display: 'grid',
        gridTemplateColumns: 'auto 1fr auto',
        alignItems: 'center',
        gap: 1.5,
        width: '100%',
        height: CARD_HEIGHT,
        px: 2,
        textAlign: 'left',
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        color: 'text.primary',
      }}
    >
      <GradeBadge grade={lead.grade} size={26} />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body1" noWrap sx={{ fontWeight: 600 }}>
          {lead.name || `#${lead.id}`}
        </Typography>
        <Typography variant="caption" color="text.secondary" noWrap component="div">
          {[lead.company, lookups.member(lead.owner) || lookups.pool(lead.pool)].filter(Boolean).join(' · ')}
        </Typography>
      </Box>
      <Box sx={{ display: 'grid', justifyItems: 'end', gap: 0.25, fontSize: 12 }}>
        <Countdown clock={lead.clock} />
        <StageChip stage={lead.stage} />
      </Box>
    </ButtonBase>
  );
});
Card.displayName = 'LeadCard';

/** The list on a small screen: who, what grade, whose, how long left. */
export const LeadCards = () => {
  const { data, isPending } = useListContext<Lead>();
  if (isPending) return <RowsSkeleton rows={10} height={CARD_HEIGHT} />;
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto', borderTop: 1, borderColor: 'divider' }}>
      {data?.map((lead) => (
        <Card key={lead.id} lead={lead} />
      ))}
    </Box>
  );
};
