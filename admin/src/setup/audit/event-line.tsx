import { Box, ButtonBase, Collapse, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { When } from '../../common/countdown';

export interface AuditEvent {
  id: number;
  at: string;
  type: string;
  subject: string;
  subjectId: number;
  actorName: string;
  causeType: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  data: Record<string, unknown> | null;
}

const MOST = 600;
const show = (value: unknown): string => {
  if (value === null || value === undefined) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
};

/** One event; opened it shows before and after of everything it names. */
export const EventLine = ({ event }: { event: AuditEvent }) => {
  const translate = useTranslate();
  const [open, setOpen] = useState(false);
  const names = [...new Set([...Object.keys(event.before ?? {}), ...Object.keys(event.after ?? {})])];
  return (
    <Box sx={{ borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}>
      <ButtonBase
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        sx={{
          display: 'grid',
          width: '100%',
          textAlign: 'left',
          gridTemplateColumns: { xs: '1fr auto', md: '130px 160px 1fr 200px' },
          gap: 1.5,
          px: 2,
          py: 0.75,
          fontSize: 13,
          alignItems: 'baseline',
          '&:hover': { bgcolor: 'action.hover' },
        }}
      >
        <Typography variant="body2" color="text.secondary" component="span" sx={{ order: { xs: 2, md: 0 } }}>
          <When at={event.at} />
        </Typography>
        <Box sx={{ display: { xs: 'none', md: 'block' } }}>{event.actorName}</Box>
        <Box sx={{ minWidth: 0, order: { xs: 1, md: 0 } }}>
          <b>{event.type}</b>{' '}
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {names.join(', ')}
          </Box>
        </Box>
        <Box sx={{ color: 'text.secondary', display: { xs: 'none', md: 'block' } }}>
          {translate(`setup.audit.subjects.${event.subject}`, { _: event.subject })} {event.subjectId > 0 ? `#${event.subjectId}` : ''}
        </Box>
      </ButtonBase>
      <Collapse in={open} unmountOnExit>
        <Box sx={{ px: 2, pb: 1.5, fontSize: 12, fontFamily: 'ui-monospace, monospace', overflowX: 'auto' }}>
          {names.map((name) => (
            <Box
              key={name}
              sx={{
                display: 'grid',
                gridTemplateColumns: { xs: '1fr', sm: '140px 1fr 1fr' },
                gap: 1,
                py: 0.25,
                whiteSpace: 'pre-wrap',
                overflowWrap: 'anywhere',
              }}
            >
              <b>{name}</b>
              <Box sx={{ color: 'text.secondary', textDecoration: event.after ? 'line-through' : undefined }}>
                {show(event.before?.[name])}
              </Box>
              <Box>{show(event.after?.[name])}</Box>
            </Box>
          ))}
          {event.data && <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', mt: 0.5 }}>{show(event.data)}</Box>}
        </Box>
      </Collapse>
    </Box>
  );
};
