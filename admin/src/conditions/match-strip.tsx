import { Box, Button, Popover, Typography } from '@mui/material';
import type { Condition } from '@leadsea/crm-core/contracts/condition';
import type { MatchSide } from '@leadsea/crm-core/contracts/match';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useRefusalText } from '../api/errors';
import { MatchSample } from './match-sample';
import { MatchWhy } from './match-why';
import { useTotalText } from './total-text';
import { questionOf, useMatch, type EmptyMeans, type LeadMatch, type LiveCondition, type Question } from './use-match';

interface Open {
  readonly anchor: HTMLElement;
  readonly side: MatchSide | 'why';
  /** What the numbers were counted for: the strip may be asking something newer already. */
  readonly question: Question;
  /** How many leads there are, so that the place for them is kept while they come. */
  readonly expected: number;
}

/** A number that opens what it counts; `plain` where there is nothing to open. */
const Opener = (props: { open: (anchor: HTMLElement) => void; colour?: string; plain?: boolean; children: ReactNode }) =>
  props.plain ? (
    <span>{props.children}</span>
  ) : (
    <Button
      size="small"
      color="inherit"
      aria-haspopup="dialog"
      onClick={(event) => props.open(event.currentTarget)}
      sx={{
        minWidth: 0,
        minHeight: 28,
        py: 0,
        px: 0.5,
        fontSize: 12.5,
        color: props.colour,
        textDecoration: 'underline dotted',
        textUnderlineOffset: 3,
      }}
    >
      {props.children}
    </Button>
  );

const Shown = ({ open, close }: { open: Open; close: () => void }) => {
  const translate = useTranslate();
  const title = translate(`setup.condition.title.${open.side}`);
  return (
    <Popover
      open
      anchorEl={open.anchor}
      onClose={close}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
      slotProps={{
        paper: {
          role: 'dialog',
          'aria-label': title,
          sx: { width: 560, maxWidth: 'calc(100vw - 32px)', maxHeight: 'min(560px, calc(100vh - 64px))', p: 1.5 },
        },
      }}
    >
      <Typography variant="subtitle2" sx={{ mb: 0.75 }}>
        {title}
      </Typography>
      {open.side === 'why' ? (
        <MatchWhy question={open.question} />
      ) : (
        <MatchSample question={open.question} side={open.side} expected={open.expected} />
      )}
    </Popover>
  );
};

/** `+12 newly in`, `−3 newly out`; that the rule is new; that what was changed makes no difference. */
const Against = (props: { answer: LeadMatch; isNew: boolean; compared: boolean; open: (side: MatchSide, anchor: HTMLElement) => void }) => {
  const { answer, isNew, compared, open } = props;
  const { added, removed, refused } = answer;
  const translate = useTranslate();
  const show = useTotalText();
  if (isNew) return <Box sx={{ color: 'success.main' }}>{translate('setup.condition.isNew')}</Box>;
  if (!compared) return null;
  if (refused) return <Box>{translate('setup.condition.liveRefused')}</Box>;
  if (!added || !removed) return null;
  if (added.total === 0 && removed.total === 0) return <Box>{translate('setup.condition.sameLeads')}</Box>;
  return (
    <>
      {added.total > 0 && (
        <Opener colour="success.main" open={(anchor) => open('added', anchor)}>
          {translate('setup.condition.added', { count: show(added) })}
        </Opener>
      )}
      {removed.total > 0 && (
        <Opener colour="error.main" open={(anchor) => open('removed', anchor)}>
          {translate('setup.condition.removed', { count: show(removed) })}
        </Opener>
      )}
    </>
  );
};

/**
 * `412 leads match · +12 newly in · −3 newly out`, asked again half a second after the last change; each number shows some of its leads.
 * Keeps its height while it waits.
 */
export const MatchStrip = (props: { condition: Condition; complete: boolean; live?: LiveCondition | null; empty?: EmptyMeans }) => {
  const { condition, complete, live = null, empty = 'always' } = props;
  const translate = useTranslate();
  const refusal = useRefusalText();
  const show = useTotalText();
  const [shown, setShown] = useState<Open | null>(null);
  const question = questionOf(condition, live, empty);
  const asks = condition.rules.length > 0 || condition.not === true;
  const wanted = asks || question.against !== null;
  const { asked, answer, error, stale } = useMatch(question, complete && wanted);
  if (!wanted) return null;
  const open = (side: Open['side'], anchor: HTMLElement): void =>
    setShown({ side, anchor, question: asked, expected: (side !== 'why' && answer?.[side]?.total) || 0 });
  const failed = complete && Boolean(error);
  const counted = complete && !failed && answer;
  return (
    <Box
      aria-live="polite"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        columnGap: 0.75,
        ml: -0.5,
        pl: complete && !failed ? 0 : 0.5,
        minHeight: 28,
        fontSize: 12.5,
        opacity: stale ? 0.6 : 1,
        color: failed ? 'error.main' : 'text.secondary',
      }}
    >
      {!complete ? translate('setup.condition.incomplete') : failed ? refusal(error) : !answer && '…'}
      {counted && (
        <>
          <Opener open={(anchor) => open(answer.matching.total > 0 ? 'matching' : 'why', anchor)} plain={asked.where.rules.length === 0}>
            {translate('setup.condition.matches', { smart_count: answer.matching.total, count: show(answer.matching) })}
          </Opener>
          <Against answer={answer} isNew={live?.found === false} compared={asked.against !== null} open={open} />
        </>
      )}
      {shown && <Shown open={shown} close={() => setShown(null)} />}
    </Box>
  );
};
