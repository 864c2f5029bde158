import { Box, ButtonBase, Collapse, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useActorName } from '../../common/actor-name';
import { When } from '../../common/countdown';
import { Changes } from '../policy/changes';
import { valuesOf } from '../../leads/page/change-lines';
import { useEventWords } from './event-words';

export interface AuditEvent {
  id: number;
  at: string;
  type: string;
  subject: string;
  subjectId: number;
  actorName: string;
  actorKind?: string;
  causeType: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  data: Record<string, unknown> | null;
}

type Values = Record<string, unknown> | null;

const isNested = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(typeof (value as { zh?: unknown }).zh === 'string');

/** An event whose values of a company's own fields stand beside the others. */
type Told = Omit<AuditEvent, 'before' | 'after'> & { readonly before: Values; readonly after: Values };

const told = (event: AuditEvent): Told => {
  const flat = (values: Values): Values => (values && isNested(values['custom']) ? Object.fromEntries(valuesOf(values)) : values);
  return { ...event, before: flat(event.before), after: flat(event.after) };
};

/** Before and after of everything the event names; what is made of parts, part by part. */
const Difference = ({ event, names }: { event: Told; names: readonly string[] }) => {
  const translate = useTranslate();
  const words = useEventWords();
  const row = {
    display: 'grid',
    gridTemplateColumns: { xs: '1fr', sm: '170px minmax(0, 1fr)' },
    gap: { xs: 0, sm: 1.5 },
    py: 0.5,
    overflowWrap: 'anywhere',
  } as const;
  return (
    <Box component="dl" sx={{ m: 0, px: 2, pb: 1.5, fontSize: 13 }}>
      {names.map((name) => {
        const [before, after] = [event.before?.[name], event.after?.[name]];
        return (
          <Box key={name} sx={row}>
            <Box component="dt" sx={{ color: 'text.secondary' }}>
              {words.name(name, event.subject)}
            </Box>
            <Box component="dd" sx={{ m: 0, minWidth: 0 }}>
              {isNested(before) || isNested(after) ? (
                <Changes before={before} after={after} none={translate('setup.audit.same')} />
              ) : (
                <>
                  {event.before && (
                    <>
                      <Box component="del" sx={{ color: 'text.secondary' }}>
                        {words.value(name, before, event.subject)}
                      </Box>
                      {' → '}
                    </>
                  )}
                  <Box component="ins" sx={{ textDecoration: 'none', fontWeight: 600 }}>
                    {words.value(name, after, event.subject)}
                  </Box>
                </>
              )}
            </Box>
          </Box>
        );
      })}
      {Object.entries(event.data ?? {}).map(([name, value]) => (
        <Box key={`data ${name}`} sx={row}>
          <Box component="dt" sx={{ color: 'text.secondary' }}>
            {words.name(name, event.subject)}
          </Box>
          <Box component="dd" sx={{ m: 0, minWidth: 0 }}>
            {words.value(name, value, event.subject)}
          </Box>
        </Box>
      ))}
      {event.causeType && (
        <Box sx={row}>
          <Box component="dt" sx={{ color: 'text.secondary' }}>
            {translate('setup.audit.cause')}
          </Box>
          <Box component="dd" sx={{ m: 0 }}>
            {translate(`setup.audit.causes.${event.causeType}`, { _: event.causeType })}
          </Box>
        </Box>
      )}
    </Box>
  );
};

/** One event; opened it shows before and after of everything it names. */
export const EventLine = (props: { event: AuditEvent }) => {
  const event = told(props.event);
  const translate = useTranslate();
  const actorName = useActorName();
  const words = useEventWords();
  const [open, setOpen] = useState(false);
  const about = `${translate(`setup.audit.subjects.${event.subject}`, { _: event.subject })} ${event.subjectId > 0 ? `#${event.subjectId}` : ''}`;
  const isSame = (name: string): boolean => JSON.stringify(event.before?.[name]) === JSON.stringify(event.after?.[name]);
  // Own fields are kept together: those that were not touched say nothing.
  const names = [...new Set([...Object.keys(event.before ?? {}), ...Object.keys(event.after ?? {})])].filter(
    (name) => !(name.startsWith('custom.') && isSame(name)),
  );
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
        <Box sx={{ display: { xs: 'none', md: 'block' } }}>{actorName({ name: event.actorName, kind: event.actorKind })}</Box>
        <Box sx={{ minWidth: 0, order: { xs: 1, md: 0 } }}>
          <b title={event.type}>{words.title(event.type)}</b>{' '}
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {names
              .slice(0, 8)
              .map((name) => words.name(name, event.subject))
              .join(translate('setup.layout.comma'))}
            {names.length > 8 && ' …'}
          </Box>
        </Box>
        <Typography
          variant="caption"
          color="text.secondary"
          component="span"
          sx={{ order: 3, gridColumn: '1 / -1', display: { md: 'none' } }}
        >
          {[actorName({ name: event.actorName, kind: event.actorKind }), about].filter(Boolean).join(' · ')}
        </Typography>
        <Box sx={{ color: 'text.secondary', display: { xs: 'none', md: 'block' } }}>{about}</Box>
      </ButtonBase>
      <Collapse in={open} unmountOnExit>
        <Difference event={event} names={names} />
      </Collapse>
    </Box>
  );
};
