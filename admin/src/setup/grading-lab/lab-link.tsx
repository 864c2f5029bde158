import type { BacktestResult } from '@leadsea/lead-grading/contracts/study';
import { Box, Button, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { Panel } from '../../common/panel';
import { useStudy } from './use-study';

/** Beside the form of a model: what the latest back-test said, and the way to ask history. */
export const LabLink = ({ id, dirty }: { id: number; dirty: boolean }) => {
  const translate = useTranslate();
  const { study } = useStudy<BacktestResult>(id, 'backtest');
  const auc = study?.status === 'done' ? (study.result?.model ?? null) : null;
  return (
    <Panel title={translate('setup.lab.title')}>
      <Typography variant="body2" color="text.secondary">
        {auc
          ? translate('setup.lab.latest', { auc: auc.auc.toFixed(3), low: auc.low.toFixed(3), high: auc.high.toFixed(3) })
          : translate(study?.status === 'refused' ? 'setup.lab.refused' : 'setup.lab.never')}
      </Typography>
      {dirty && (
        <Typography variant="caption" color="warning.main" component="div" sx={{ mt: 0.5 }}>
          {translate('setup.lab.saveFirst')}
        </Typography>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1.5 }}>
        <Button variant="outlined" component={Link} to={`/setup/grading/${id}/lab?tab=backtest`} disabled={dirty}>
          {translate('setup.lab.backtest.tab')}
        </Button>
        <Button component={Link} to={`/setup/grading/${id}/lab?tab=suggest`} disabled={dirty}>
          {translate('setup.lab.suggest.tab')}
        </Button>
      </Box>
    </Panel>
  );
};
