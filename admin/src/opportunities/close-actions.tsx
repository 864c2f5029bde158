import EditIcon from '@mui/icons-material/EditOutlined';
import { Box, Button, IconButton } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess, useMeta } from '../api/session-context';
import type { Option } from '../api/types';
import { ReasonDialog } from '../leads/verb-dialogs';
import type { Opportunity } from './types';
import { useOpportunityVerb } from './use-opportunity-verbs';

/** The reasons the graph knows for losing a lead. */
const useLostReasons = (): Option[] => {
  const { stages, transitions } = useMeta();
  const lost = new Set(stages.filter(({ type }) => type === 'lost').map(({ key }) => key));
  const fromDeal = transitions.filter(
    (move) => lost.has(move.to) && stages.some(({ key, opportunity }) => key === move.from && opportunity),
  );
  return fromDeal.flatMap((move) => move.reasons ?? []);
};

/** Edits an opportunity, or closes it as won or lost. */
export const CloseActions = ({ deal, edit }: { deal: Opportunity; edit: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const run = useOpportunityVerb();
  const reasons = useLostReasons();
  const [losing, setLosing] = useState(false);
  if (!access.can('update', 'opportunities', deal)) return null;
  const lose = async (body: Record<string, unknown>): Promise<void> => {
    if (await run(`/opportunities/${deal.id}/lost`, body, 'opp.lostDone')) setLosing(false);
  };
  return (
    <Box sx={{ display: 'flex', gap: 0.5, justifyContent: 'flex-end' }} onClick={(event) => event.stopPropagation()}>
      <IconButton size="small" onClick={edit} aria-label={`${translate('opp.edit')}: ${deal.name}`}>
        <EditIcon sx={{ fontSize: 16 }} />
      </IconButton>
      {deal.state === 'open' && (
        <>
          <Button size="small" onClick={() => void run(`/opportunities/${deal.id}/won`, {}, 'opp.wonDone')}>
            {translate('opp.won')}
          </Button>
          <Button size="small" color="inherit" onClick={() => (reasons.length > 0 ? setLosing(true) : void lose({}))}>
            {translate('opp.lost')}
          </Button>
        </>
      )}
      {losing && (
        <ReasonDialog
          count={1}
          title={translate('opp.lostTitle')}
          submit={translate('opp.lost')}
          reasons={reasons}
          onClose={() => setLosing(false)}
          onSubmit={lose}
        />
      )}
    </Box>
  );
};
