import type { OwnerExplanation } from '@leadsea/lead-routing/contracts/decision';
import { Alert, Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../common/text';
import { useTime } from '../common/time';

/** Everybody a rule could have named, the chosen one first; others are nameless to those who may not see members. */
const People = ({ candidates }: { candidates: OwnerExplanation['candidates'] }) => {
  const translate = useTranslate();
  const text = useText();
  const named = candidates.filter((one) => one.name !== null);
  const hidden = candidates.length - named.length;
  const ordered = [...named].sort((a, b) => Number(b.chosen) - Number(a.chosen) || Number(b.you) - Number(a.you));
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      {ordered.map((candidate, index) => (
        <Box
          key={candidate.member ?? index}
          sx={{ display: 'flex', gap: 1, fontSize: 12.5, color: candidate.chosen ? 'success.main' : 'text.secondary' }}
        >
          <Box sx={{ flex: 'none', maxWidth: '45%', fontWeight: candidate.you || candidate.chosen ? 650 : undefined }}>
            {candidate.name}
          </Box>
          <Box sx={{ flex: 1, textAlign: 'right' }}>
            {candidate.chosen
              ? translate('why.chosen')
              : candidate.codes.map((code) => text(code.text)).join(', ') || (candidate.eligible ? translate('why.notChosen') : '')}
          </Box>
        </Box>
      ))}
      {hidden > 0 && (
        <Typography variant="caption" color="text.secondary">
          {translate('routing.why.others', { smart_count: hidden })}
        </Typography>
      )}
    </Box>
  );
};

/** Why this person has the lead, why (not) the reader, which rules were tried and who was considered (3.4). */
export const OwnerReasons = ({ data, owner }: { data: OwnerExplanation; owner: number | null }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  // By hand, by a claim or by a hand-over: the decision below is then not why this person has it.
  const isOver = data.at !== null && (data.result.owner?.id ?? null) !== owner;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="body2">{text(data.text)}</Typography>
      {isOver && (
        <Typography variant="caption" color="text.secondary">
          {translate('routing.why.since', { at: time.dateTime(data.at) })}
        </Typography>
      )}
      {data.you && !data.you.chosen && data.candidates.length > 0 && (
        <Alert severity="info" icon={false} sx={{ py: 0 }} aria-label={translate('routing.why.title')}>
          <b>{translate('routing.why.title')}</b> {text(data.you.text)}
        </Alert>
      )}
      {data.rules.length > 1 && (
        <Box sx={{ display: 'grid', gap: 0.25, fontSize: 12.5 }}>
          <Typography variant="caption">{translate('routing.why.rules')}</Typography>
          {data.rules.map((rule) => (
            <Box key={rule.key} sx={{ display: 'flex', gap: 1, color: rule.verdict === 'chosen' ? 'text.primary' : 'text.secondary' }}>
              <Box sx={{ flex: 1 }}>{text(rule.label) || rule.key}</Box>
              <span>{translate(`setup.routing.verdict.${rule.verdict}`)}</span>
            </Box>
          ))}
        </Box>
      )}
      {data.candidates.length > 0 && (
        <>
          <Typography variant="caption">{translate('routing.why.people')}</Typography>
          <People candidates={data.candidates} />
        </>
      )}
    </Box>
  );
};
