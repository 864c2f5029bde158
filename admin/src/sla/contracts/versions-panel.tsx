import { Box, ButtonBase } from '@mui/material';
import { useTranslate } from 'ra-core';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { Panel } from '../../common/panel';
import type { AgreementVersion } from '../types';

const TONE = { unsigned: 'warning', scheduled: 'info', running: 'success', expired: 'neutral', replaced: 'neutral' } as const;

/** Every version with its state; a click shows its text. */
export const VersionsPanel = (props: {
  versions: readonly AgreementVersion[];
  shown: AgreementVersion | null;
  show: (versionId: number) => void;
}) => {
  const translate = useTranslate();
  return (
    <Panel title={translate('sla.contracts.versions')}>
      {props.versions.map((version) => (
        <ButtonBase
          key={version.versionId}
          onClick={() => props.show(version.versionId)}
          aria-pressed={version === props.shown}
          sx={{
            display: 'flex',
            width: '100%',
            justifyContent: 'flex-start',
            gap: 1,
            py: 0.75,
            px: 1,
            borderRadius: 1,
            bgcolor: version === props.shown ? 'action.selected' : undefined,
            fontSize: 13,
          }}
        >
          <b>{translate('sla.contracts.version', { number: version.number })}</b>
          <ToneChip text={translate(`sla.contracts.status.${version.status}`)} tone={TONE[version.status]} />
          <Box sx={{ flex: 1, textAlign: 'right', color: 'text.secondary' }}>
            <When at={version.publishedAt} />
          </Box>
        </ButtonBase>
      ))}
    </Panel>
  );
};
