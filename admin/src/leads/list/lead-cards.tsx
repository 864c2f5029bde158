import CheckIcon from '@mui/icons-material/CheckCircle';
import { Box, ButtonBase, Typography } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { memo } from 'react';
import { Link } from 'react-router-dom';
import type { Lead } from '../../api/types';
import { GradeBadge, StageChip } from '../../common/badges';
import { Countdown } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';
import { RecycleLeft } from '../../pools/lead/recycle-left';
import { QuietMark } from '../../pools/quiet/quiet-mark';

const CARD_HEIGHT = 64;

interface CardProps {
  lead: Lead;
  selected: boolean;
  onToggle?: (id: number) => void;
}

/** A tap on the grade ticks the lead, a tap anywhere else opens it. */
const Card = memo(({ lead, selected, onToggle }: CardProps) => {
  const lookups = useLookups();
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', borderBottom: 1, borderColor: 'divider', bgcolor: selected ? 'action.selected' : 'background.paper' }}>
      {onToggle && (
        <ButtonBase
          role="checkbox"
          aria-checked={selected}
          aria-label={`${translate('ra.action.select_row')}: ${lead.name || `#${lead.id}`}`}
          onClick={() => onToggle(lead.id)}
          sx={{ width: 56, flex: 'none' }}
        >
          {selected ? <CheckIcon color="primary" /> : <GradeBadge grade={lead.grade} size={26} />}
        </ButtonBase>
      )}
      <ButtonBase
        component={Link}
        to={`/leads/${lead.id}`}
        sx={{
          display: 'grid',
          gridTemplateColumns: onToggle ? '1fr auto' : 'auto 1fr auto',
          alignItems: 'center',
          gap: 1.5,
          flex: 1,
          minWidth: 0,
          height: CARD_HEIGHT,
          pl: onToggle ? 0 : 2,
          pr: 2,
          textAlign: 'left',
          color: 'text.primary',
        }}
      >
        {!onToggle && <GradeBadge grade={lead.grade} size={26} />}
        <Box sx={{ minWidth: 0 }}>
          <Typography variant="body1" noWrap sx={{ fontWeight: 600 }}>
            {lead.name || `#${lead.id}`}
            <QuietMark until={lead.doNotContactUntil} />
          </Typography>
          <Typography variant="caption" color="text.secondary" noWrap component="div">
            {[lead.company, lookups.member(lead.owner) || lookups.pool(lead.pool)].filter(Boolean).join(' · ')}
          </Typography>
        </Box>
        <Box sx={{ display: 'grid', justifyItems: 'end', gap: 0.25, fontSize: 12 }}>
          {lead.clock ? <Countdown clock={lead.clock} /> : <RecycleLeft lead={lead} icon />}
          <StageChip stage={lead.stage} />
        </Box>
      </ButtonBase>
    </Box>
  );
});
Card.displayName = 'LeadCard';

/** The list on a small screen: who, what grade, whose, how long left. */
export const LeadCards = ({ selectable }: { selectable: boolean }) => {
  const { data, isPending, selectedIds, onToggleItem } = useListContext<Lead>();
  if (isPending) return <RowsSkeleton rows={10} height={CARD_HEIGHT} />;
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto', borderTop: 1, borderColor: 'divider' }}>
      {data?.map((lead) => (
        <Card key={lead.id} lead={lead} selected={selectedIds.includes(lead.id)} onToggle={selectable ? onToggleItem : undefined} />
      ))}
    </Box>
  );
};
