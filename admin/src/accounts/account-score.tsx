import { Box, Chip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { Account, LocalisedText } from '../api/types';
import { Panel } from '../common/panel';
import { useText } from '../common/text';
import { showCount } from '../i18n/counts';

interface Grading {
  readonly score: number;
  readonly qualified: boolean;
  readonly breadth: number;
  readonly leads: number;
  readonly missing: readonly LocalisedText[];
}

/** The company's score from those of its leads; nothing when no model scores companies. */
export const AccountScore = ({ account }: { account: Account }) => {
  const translate = useTranslate();
  const text = useText();
  const { grading } = account as Account & { readonly grading?: Grading };
  if (!grading) return null;
  return (
    <Panel title={translate('score.account')}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, flexWrap: 'wrap' }}>
        <Box sx={{ fontSize: 28, fontWeight: 650 }}>{showCount(grading.score)}</Box>
        {grading.qualified && <Chip size="small" color="success" label={translate('score.accountQualified')} />}
        <Typography variant="body2" color="text.secondary">
          {translate('score.accountFrom', { leads: grading.leads, breadth: grading.breadth })}
        </Typography>
      </Box>
      {grading.missing.length > 0 && (
        <Typography variant="body2" color="warning.main" sx={{ mt: 0.5 }}>
          {translate('score.accountMissing', { roles: grading.missing.map((role) => text(role)).join(', ') })}
        </Typography>
      )}
    </Panel>
  );
};
