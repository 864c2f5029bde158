import DeleteIcon from '@mui/icons-material/DeleteOutline';
import { Button, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../common/date-field';
import { API, httpClient } from '../api/http-client';
import { useAccess } from '../api/session-context';
import { FormDialog } from '../common/form-dialog';
import { useLookups } from '../common/lookups';
import { useLocaleCode } from '../common/text';
import { useDirectory } from '../setup/kit/directory';
import { useField } from '../setup/kit/form-context';
import { NumberIn, SelectIn, TextIn, useWords } from '../setup/kit/inputs';
import { RecordDialog } from '../setup/kit/record-dialog';
import { useRefusalWords } from '../setup/kit/refusal-words';
import { Row } from '../setup/kit/section';
import { HALF, RefIn } from '../setup/people/member-inputs';
import { bodyOf, toSend, type Campaign } from './types';

const CURRENCIES = ['CNY', 'USD', 'EUR', 'HKD', 'JPY', 'GBP', 'SGD'];

const DayIn = ({ path }: { path: string }) => {
  const field = useField<string | null>(path);
  const { label } = useWords(`campaign.${path}`);
  return (
    <DateField
      type="date"
      label={label}
      value={field.value ?? ''}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value || null)}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={HALF}
    />
  );
};

const Remove = ({ campaign, close }: { campaign: Campaign; close: () => void }) => {
  const translate = useTranslate();
  const refusal = useRefusalWords('campaigns');
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await httpClient<unknown>(`${API}/campaigns/${campaign.id}`, { method: 'DELETE' });
    await client.invalidateQueries({ queryKey: ['campaigns'] });
    close();
  };
  return (
    <>
      <Button color="error" startIcon={<DeleteIcon />} onClick={() => setAsking(true)}>
        {translate('campaign.remove')}
      </Button>
      {asking && (
        <FormDialog
          title={translate('campaign.removeTitle', { name: campaign.name })}
          careful
          refusal={refusal}
          submit={translate('campaign.remove')}
          color="error"
          close={() => setAsking(false)}
          run={remove}
        >
          <Typography variant="body2">{translate('campaign.removeHint')}</Typography>
        </FormDialog>
      )}
    </>
  );
};

/** One campaign: the key its leads carry, when it runs, what it may and did cost. `startKey` is taken over from leads that name it already. */
export const CampaignDialog = ({ campaign, startKey, close }: { campaign: Campaign | null; startKey?: string; close: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const lookups = useLookups();
  const directory = useDirectory();
  const locale = useLocaleCode();
  const none = translate('setup.kit.none');
  const canEdit = access.can(campaign ? 'update' : 'create', 'campaigns');
  const sources =
    lookups.sources.some(({ value }) => value === campaign?.source) || !campaign?.source
      ? lookups.sources
      : [...lookups.sources, { value: campaign.source, label: campaign.source }];
  return (
    <RecordDialog
      resource="campaigns"
      {...(campaign ? { id: campaign.id } : {})}
      title={campaign?.name ?? translate('campaign.add')}
      initial={bodyOf(campaign, startKey, locale === 'zh' ? 'CNY' : 'USD')}
      toSend={toSend}
      valid={(body) => body.name.trim() !== '' && body.key.trim() !== ''}
      readOnly={!canEdit}
      close={close}
      actions={campaign && access.can('delete', 'campaigns') && <Remove campaign={campaign} close={close} />}
    >
      {() => (
        <>
          <TextIn path="name" words="campaign.name" />
          <TextIn path="key" words="campaign.key" />
          <Row>
            <TextIn path="channel" words="campaign.channel" sx={HALF} />
            <SelectIn path="source" words="campaign.source" choices={sources} none={none} sx={HALF} />
          </Row>
          <Row>
            <SelectIn
              path="state"
              words="campaign.state"
              choices={(['planned', 'running', 'ended'] as const).map((value) => ({ value, label: translate(`campaign.states.${value}`) }))}
              sx={HALF}
            />
            <RefIn path="owner" words="campaign.owner" choices={directory.members} none={none} />
          </Row>
          <Row>
            <DayIn path="startsOn" />
            <DayIn path="endsOn" />
          </Row>
          <Row>
            <NumberIn path="budget" words="campaign.budget" min={0} optional />
            <NumberIn path="cost" words="campaign.cost" min={0} optional />
            <SelectIn
              path="currency"
              words="campaign.currency"
              choices={CURRENCIES.map((value) => ({ value, label: value }))}
              none={none}
              sx={{ width: 120 }}
            />
          </Row>
          <TextIn path="note" words="campaign.note" multiline />
        </>
      )}
    </RecordDialog>
  );
};
