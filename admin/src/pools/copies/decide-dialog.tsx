import { FormControlLabel, Radio, RadioGroup, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { WhyDialog } from '../why-dialog';
import { copies, COPY_ENDS, type Copy, type CopyEnd } from './api';

interface Props {
  readonly copy: Copy;
  readonly close: () => void;
  readonly done: () => Promise<void>;
}

/** It is the lead of the pool: merged or taken back, with the reason the person is told. */
export const SameDialog = ({ copy, close, done }: Props) => {
  const translate = useTranslate();
  const notify = useNotify();
  const [how, setHow] = useState<CopyEnd>('merge');
  const name = copy.memberName ?? '–';
  return (
    <WhyDialog
      title={translate('pools.copies.sameTitle')}
      hint={translate('pools.copies.sameHint', { name })}
      why={translate('pools.copies.why')}
      submit={translate('pools.copies.sameTitle')}
      close={close}
      run={async (reason) => {
        await copies.confirm(copy.id, how, reason);
        notify(translate('pools.copies.done.confirmed'), { type: 'success' });
        await done();
        close();
      }}
    >
      <RadioGroup value={how} onChange={(_event, value) => setHow(COPY_ENDS.find((one) => one === value) ?? 'merge')}>
        {COPY_ENDS.map((end) => (
          <FormControlLabel
            key={end}
            value={end}
            control={<Radio size="small" />}
            sx={{ alignItems: 'flex-start', '& .MuiRadio-root': { pt: 0.25 }, mb: 0.5 }}
            label={
              <>
                <Typography variant="body2">{translate(`pools.copies.how.${end}`)}</Typography>
                <Typography variant="caption" color="text.secondary" component="div">
                  {translate(`pools.copies.howHint.${end}`)}
                </Typography>
              </>
            }
          />
        ))}
      </RadioGroup>
      {copy.opportunities > 0 && (
        <Typography role="note" variant="body2" color="warning.main">
          {translate('pools.copies.hasOpportunity', { name: copy.lead.ownerName ?? name })}
        </Typography>
      )}
    </WhyDialog>
  );
};

/** It is somebody else: nothing changes. */
export const DifferentDialog = ({ copy, close, done }: Props) => {
  const translate = useTranslate();
  const notify = useNotify();
  return (
    <WhyDialog
      title={translate('pools.copies.differentTitle')}
      hint={translate('pools.copies.differentHint')}
      why={translate('pools.copies.why')}
      submit={translate('pools.copies.differentTitle')}
      close={close}
      run={async (reason) => {
        await copies.dismiss(copy.id, reason);
        notify(translate('pools.copies.done.dismissed'), { type: 'success' });
        await done();
        close();
      }}
    />
  );
};
