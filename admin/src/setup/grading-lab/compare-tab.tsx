import type { CompareResult } from '@leadsea/lead-grading/contracts/study';
import { Alert, Box, Button, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import { Panel } from '../../common/panel';
import { useLocaleCode, useText } from '../../common/text';
import { showNumber } from '../../common/values';
import { StudyFrame } from './frame';
import { AucFigure, Figure, Figures, Numbers } from './parts';

const LABELS = ['hot', 'warm', 'cold', 'disqualified'];

const Agreement = ({ labels }: { labels: CompareResult['labels'] }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const word = (label: string): string => translate(`setup.grading.heat.${label}`, { _: label || '–' });
  const rows = LABELS.filter((label) => labels.some((cell) => cell.champion === label));
  return (
    <Panel title={translate('setup.lab.agreement')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {translate('setup.lab.agreementHint')}
      </Typography>
      <Numbers
        label={translate('setup.lab.agreement')}
        head={[translate('setup.lab.liveToChallenger'), ...LABELS.map(word)]}
        rows={rows.map((champion) => [
          word(champion),
          ...LABELS.map((challenger) => {
            const cell = labels.find((one) => one.champion === champion && one.challenger === challenger);
            return cell ? showNumber(cell.leads, locale) : '–';
          }),
        ])}
      />
    </Panel>
  );
};

const Promote = ({ policy, champion, ready }: { policy: number; champion: NonNullable<CompareResult['champion']>; ready: boolean }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const promote = async (): Promise<void> => {
    setBusy(true);
    try {
      await postJson(`/grading-models/${policy}/promote`, { champion: champion.id });
      await client.invalidateQueries({ queryKey: ['policy', 'grading-models'] });
      notify('setup.lab.promoted', { type: 'success' });
      void navigate(`/setup/grading/${champion.id}`);
    } catch (error) {
      notify(refusal(error), { type: 'error' });
      setBusy(false);
    }
  };
  return (
    <Box>
      <Button variant={ready ? 'contained' : 'outlined'} disabled={busy} onClick={() => void promote()}>
        {translate('setup.lab.promote', { name: champion.name })}
      </Button>
    </Box>
  );
};

const Answer = ({ policy, result }: { policy: number; result: CompareResult }) => {
  const translate = useTranslate();
  const text = useText();
  const access = useAccess();
  const locale = useLocaleCode();
  const { difference } = result;
  return (
    <>
      <Alert severity={result.ready ? 'success' : 'info'}>{text(result.advice)}</Alert>
      <Figures>
        <AucFigure label={translate('setup.lab.champion', { name: result.champion?.name ?? '–' })} auc={result.aucs?.champion ?? null} />
        <AucFigure label={translate('setup.lab.challenger')} auc={result.aucs?.challenger ?? null} />
        <Figure
          label={translate('setup.lab.difference')}
          value={difference ? `${difference.value >= 0 ? '+' : '−'}${Math.abs(difference.value).toFixed(3)}` : '–'}
          detail={
            difference
              ? translate('setup.lab.interval', { low: difference.low.toFixed(3), high: difference.high.toFixed(3) })
              : translate('setup.lab.noValue')
          }
        />
        <Figure
          label={translate('setup.lab.silentDays')}
          value={showNumber(result.days, locale)}
          detail={translate('setup.lab.decidedSince', {
            won: showNumber(result.decided.won, locale),
            lost: showNumber(result.decided.lost, locale),
          })}
        />
      </Figures>
      {result.labels.length > 0 && <Agreement labels={result.labels} />}
      {result.since !== null && result.champion && access.can('publish', 'grading-models') && (
        <Promote policy={policy} champion={result.champion} ready={result.ready} />
      )}
    </>
  );
};

/** A model that scores silently against the live one. */
export const CompareTab = ({ policy }: { policy: number }) => (
  <StudyFrame<CompareResult>
    policy={policy}
    kind="compare"
    words="compare"
    render={(study) => study.result && <Answer policy={policy} result={study.result} />}
  />
);
