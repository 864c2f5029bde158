import type { PlainDestination } from '@leadsea/lead-routing/contracts/destination';
import { Box, Button, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import { CopyButton } from '../kit/copy-button';
import { useField } from '../kit/form-context';
import { NumberIn, TextIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { RowDestination } from './row-destination';

/** The system that is asked, how long it may take, and who gets the lead when it does not answer. */
export const WebhookIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const { id } = useParams();
  const key = useField<string>(path.replace(/\.destination$/, '.key')).value ?? '';
  const fallback = useField<PlainDestination>(`${path}.fallback`);
  const [secret, setSecret] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const show = (): void => {
    postJson<{ secret: string }>(`/routing-policies/${id}/webhook-secret`, { rule: key })
      .then((answer) => setSecret(answer.secret))
      .catch((error: unknown) => setProblem(refusal(error)));
  };
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <TextIn path={`${path}.url`} words="setup.routing.webhookUrl" />
      <Row>
        <NumberIn path={`${path}.timeoutMs`} words="setup.routing.webhookTimeout" min={200} max={15_000} sx={{ width: 220 }} />
        <RowDestination
          label={translate('setup.routing.webhookFallback')}
          value={fallback.value}
          disabled={fallback.readOnly}
          onChange={fallback.set}
        />
      </Row>
      <Typography variant="caption" color="text.secondary">
        {translate('setup.routing.webhookExplain')}
      </Typography>
      {secret ? (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, fontFamily: 'monospace', fontSize: 12, overflowWrap: 'anywhere' }}>
          {secret}
          <CopyButton text={secret} of={translate('setup.routing.webhookSecret')} />
        </Box>
      ) : (
        <Button sx={{ justifySelf: 'start' }} onClick={show}>
          {translate('setup.routing.webhookShow')}
        </Button>
      )}
      {problem && (
        <Typography variant="caption" color="error">
          {problem}
        </Typography>
      )}
    </Box>
  );
};
