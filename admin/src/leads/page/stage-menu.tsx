import ArrowIcon from '@mui/icons-material/KeyboardArrowDown';
import { Button, Menu, MenuItem } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess, useMeta } from '../../api/session-context';
import type { Lead, Transition } from '../../api/types';
import { StageChip } from '../../common/badges';
import { useText } from '../../common/text';
import { useLookups } from '../../common/lookups';
import { ConvertDialog } from '../../opportunities/convert-dialog';
import { useDealStage } from '../../opportunities/deals-panel';
import { useLeadVerbs } from '../use-lead-verbs';
import { ReasonDialog } from '../verb-dialogs';

const ANY = '*';

/** The lead's stage, and the moves its graph allows from there; a move that needs a reason asks for it. */
export const StageMenu = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  const access = useAccess();
  const meta = useMeta();
  const { many, tellRefusal } = useLeadVerbs();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [asking, setAsking] = useState<Transition | null>(null);
  const [converting, setConverting] = useState(false);
  const dealStage = useDealStage();
  const moves = meta.transitions.filter(
    (move) => (move.from === lead.stage || move.from === ANY) && move.to !== lead.stage && move.manual !== false,
  );
  const go = async (move: Transition, body: Record<string, unknown> = {}): Promise<void> => {
    const result = await many([lead.id], 'stage', { to: move.to, ...body });
    if (result && result.refused.length === 0) setAsking(null);
    tellRefusal(result);
  };
  const nameOf = (move: Transition): string => text(move.label) || lookups.stageLabel(move.to);
  if (moves.length === 0 || lead.quarantine === 'erased' || !access.can('update', 'leads', lead)) return <StageChip stage={lead.stage} />;
  return (
    <>
      <Button
        color="inherit"
        endIcon={<ArrowIcon />}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ mx: -1, px: 1, minHeight: 24, py: 0, fontWeight: 500 }}
        aria-label={translate('leadPage.moveStage')}
      >
        <StageChip stage={lead.stage} />
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {moves.map((move) => (
          <MenuItem
            key={move.to}
            dense
            onClick={() => {
              setAnchor(null);
              // Leads of that stage have an opportunity: the move makes it.
              if (move.to === dealStage) setConverting(true);
              else if ((move.reasons?.length ?? 0) > 0) setAsking(move);
              else void go(move);
            }}
          >
            {nameOf(move)}
          </MenuItem>
        ))}
      </Menu>
      {converting && <ConvertDialog lead={lead} onClose={() => setConverting(false)} />}
      {asking && (
        <ReasonDialog
          count={1}
          title={nameOf(asking)}
          submit={translate('ra.action.confirm')}
          reasons={asking.reasons ?? []}
          onClose={() => setAsking(null)}
          onSubmit={(body) => go(asking, body)}
        />
      )}
    </>
  );
};
