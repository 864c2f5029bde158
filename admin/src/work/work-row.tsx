import CallIcon from '@mui/icons-material/CallOutlined';
import CheckIcon from '@mui/icons-material/Check';
import ChevronIcon from '@mui/icons-material/ChevronRight';
import MailIcon from '@mui/icons-material/MailOutlined';
import NoteIcon from '@mui/icons-material/StickyNote2Outlined';
import ClaimIcon from '@mui/icons-material/PanToolAltOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import type { WorkItem } from '../api/types';
import { GradeBadge, ToneChip } from '../common/badges';
import { Countdown, When } from '../common/countdown';
import { useText } from '../common/text';
import { RecycleLeft } from '../pools/lead/recycle-left';
import { QuietMark } from '../pools/quiet/quiet-mark';
import type { WorkAction } from './work-page';

export const WORK_ROW_HEIGHT = 60;

const ICONS: Record<WorkAction, ReactNode> = {
  call: <CallIcon />,
  mail: <MailIcon />,
  note: <NoteIcon />,
  claim: <ClaimIcon />,
  done: <CheckIcon />,
  open: <ChevronIcon />,
};

const RECYCLE_SOON = 'RECYCLE_SOON';
/** The lead is about to go back to its pool. */
export const isRecycled = (item: WorkItem): boolean =>
  Boolean(item.lead.recycleAt) && item.reasons.some((reason) => reason.code === RECYCLE_SOON);

/** One thing to do: who, why, until when, and the button for it. */
export const WorkRow = (props: {
  item: WorkItem;
  current: boolean;
  action: WorkAction;
  canLog: boolean;
  onAct: (item: WorkItem, action: WorkAction) => void;
}) => {
  const translate = useTranslate();
  const text = useText();
  const { item } = props;
  const { lead } = item;
  const isLog = props.action === 'call' || props.action === 'mail' || props.action === 'note';
  const action = isLog && !props.canLog ? 'open' : props.action;
  return (
    <Box
      role="listitem"
      id={`work-${item.key}`}
      aria-current={props.current}
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: '40px 1fr auto', md: '40px minmax(180px, 300px) 1fr 128px 128px' },
        alignItems: 'center',
        columnGap: 1.5,
        minHeight: WORK_ROW_HEIGHT,
        px: 2,
        py: { xs: 1, md: 0 },
        borderBottom: 1,
        borderColor: 'divider',
        borderLeft: '3px solid',
        borderLeftColor: props.current ? 'primary.main' : 'transparent',
        bgcolor: props.current ? 'action.hover' : undefined,
        '&:last-child': { borderBottom: 0 },
      }}
    >
      <GradeBadge grade={lead.grade} size={24} />
      <Box component={Link} to={`/leads/${lead.id}`} sx={{ minWidth: 0, color: 'inherit', textDecoration: 'none' }}>
        <Typography variant="body1" noWrap sx={{ fontWeight: 600 }}>
          {lead.name || `#${lead.id}`}
          <QuietMark until={lead.doNotContactUntil} />
        </Typography>
        <Typography variant="caption" color="text.secondary" noWrap component="div">
          {[lead.company, lead.title].filter(Boolean).join(' · ')}
        </Typography>
      </Box>
      <Box
        sx={{
          display: 'flex',
          gap: 0.75,
          flexWrap: 'wrap',
          gridColumn: { xs: '2 / 4', md: 'auto' },
          gridRow: { xs: 2, md: 'auto' },
          mt: { xs: 0.5, md: 0 },
        }}
      >
        {item.reasons.map((reason, index) =>
          reason.code === RECYCLE_SOON && lead.recycleAt ? (
            <RecycleLeft key={reason.code} lead={lead} extend words />
          ) : (
            <ToneChip key={`${reason.code}-${index}`} text={text(reason.text) || reason.code} tone={reason.tone} />
          ),
        )}
      </Box>
      <Box sx={{ fontSize: 13, textAlign: 'right', display: { xs: 'none', md: 'block' } }}>
        {item.reasons[0]?.code === RECYCLE_SOON && lead.recycleAt ? (
          <RecycleLeft lead={lead} />
        ) : item.clockId && item.dueAt ? (
          <Countdown clock={lead.clock ?? { metric: '', state: 'running', dueAt: item.dueAt, remainingSeconds: null }} />
        ) : (
          <When at={item.dueAt} late />
        )}
      </Box>
      <Box sx={{ display: 'flex', justifyContent: 'flex-end' }}>
        <Button
          variant={props.current ? 'contained' : 'outlined'}
          startIcon={ICONS[action]}
          onClick={() => props.onAct(item, action)}
          tabIndex={props.current ? 0 : -1}
          sx={{ minWidth: { xs: 88, md: 104 }, minHeight: { xs: 40, md: 32 } }}
        >
          {translate(`work.action.${action}`)}
        </Button>
      </Box>
    </Box>
  );
};
