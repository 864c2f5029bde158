import CheckIcon from '@mui/icons-material/CheckCircleOutline';
import PendingIcon from '@mui/icons-material/RadioButtonUnchecked';
import WarnIcon from '@mui/icons-material/WarningAmber';
import { Box, Button, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../../api/http-client';
import { Panel } from '../../common/panel';
import { useTime } from '../../common/time';
import { AskDialog } from '../ask-dialog';
import type { AgreementVersion, Side } from '../types';

const SIDES: readonly Side[] = ['marketing', 'sales'];

const SignDialog = ({ id, version, side, close }: { id: number; version: AgreementVersion; side: Side; close: () => void }) => {
  const translate = useTranslate();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  return (
    <AskDialog
      title={translate('sla.contracts.signTitle', { number: version.number })}
      hint={translate('sla.contracts.signHint', { side: translate(`sla.sides.${side}`) })}
      submit={translate('sla.contracts.sign', { side: translate(`sla.sides.${side}`) })}
      ready
      close={close}
      run={async () => {
        await postJson(`/sla-contracts/${id}/sign`, { versionId: version.versionId, side, hash: version.hash, note: note.trim() || null });
        await client.invalidateQueries({ queryKey: ['sla-agreement', id] });
      }}
    >
      <Box sx={{ fontFamily: 'monospace', fontSize: 11, overflowWrap: 'anywhere', color: 'text.secondary' }}>{version.hash}</Box>
      <TextField
        multiline
        minRows={2}
        label={translate('sla.contracts.note')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
    </AskDialog>
  );
};

const SideRow = ({ id, version, side }: { id: number; version: AgreementVersion; side: Side }) => {
  const translate = useTranslate();
  const time = useTime();
  const [open, setOpen] = useState(false);
  const signature = version.signatures.find((one) => one.side === side);
  const Icon = signature ? (signature.valid ? CheckIcon : WarnIcon) : PendingIcon;
  return (
    <Box sx={{ display: 'flex', gap: 1.25, py: 1, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <Icon fontSize="small" sx={{ color: signature ? (signature.valid ? 'success.main' : 'warning.main') : 'text.disabled', mt: 0.25 }} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="subtitle2" color="text.primary">
          {translate(`sla.sides.${side}`)}
        </Typography>
        <Typography variant="body2" color="text.secondary">
          {signature
            ? translate('sla.contracts.signed', { name: signature.name, at: time.dateTime(signature.at) })
            : translate('sla.contracts.unsigned')}
        </Typography>
        {signature?.note && <Typography variant="caption">{signature.note}</Typography>}
        {signature && !signature.valid && (
          <Typography variant="caption" color="warning.main">
            {translate('sla.contracts.broken')}
          </Typography>
        )}
      </Box>
      {version.mine.includes(side) && (
        <Button variant="contained" size="small" onClick={() => setOpen(true)} sx={{ alignSelf: 'center' }}>
          {translate('sla.contracts.sign', { side: translate(`sla.sides.${side}`) })}
        </Button>
      )}
      {open && <SignDialog id={id} version={version} side={side} close={() => setOpen(false)} />}
    </Box>
  );
};

/** Who has signed which text for which side. */
export const SignPanel = ({ id, version }: { id: number; version: AgreementVersion }) => {
  const translate = useTranslate();
  const time = useTime();
  return (
    <Panel title={translate('sla.contracts.signatures')}>
      {version.signing === 'none' ? (
        <Typography variant="body2" color="text.secondary">
          {translate('sla.contracts.needsNone')}
        </Typography>
      ) : (
        SIDES.map((side) => <SideRow key={side} id={id} version={version} side={side} />)
      )}
      <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1 }}>
        {translate('sla.contracts.effective', {
          from: time.date(version.effectiveFrom) || translate('sla.contracts.now'),
          to: time.date(version.effectiveTo) || translate('sla.contracts.open'),
        })}
      </Typography>
      <Typography variant="caption" color="text.secondary" component="div">
        {translate('sla.contracts.hash')}:{' '}
        <span style={{ fontFamily: 'monospace', fontSize: 11, overflowWrap: 'anywhere' }}>{version.hash}</span>
      </Typography>
    </Panel>
  );
};
