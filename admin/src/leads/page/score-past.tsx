import type { ScoreMoment } from '@leadsea/lead-grading/contracts/explanation';
import { Box, ButtonBase, Checkbox, FormControlLabel, Skeleton, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { getJson } from '../../api/http-client';
import { GradeBadge } from '../../common/badges';
import { ErrorState } from '../../common/error-state';
import { useTime } from '../../common/time';
import { showCount } from '../../i18n/counts';

interface Choice {
  /** The moment looked at; null = now. */
  readonly chosen: string | null;
  readonly choose: (at: string | null) => void;
}

const Moments = ({ lead, version, chosen, choose }: Choice & { lead: number; version: number }) => {
  const translate = useTranslate();
  const time = useTime();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['score-history', lead, version],
    queryFn: ({ signal }) => getJson<ScoreMoment[]>(`/leads/${lead}/score-history`, signal),
  });
  if (isPending) return <Skeleton height={60} />;
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (data.length === 0) return <Typography variant="body2">{translate('score.noPast')}</Typography>;
  return (
    <Box
      role="listbox"
      aria-label={translate('score.past')}
      sx={{ maxHeight: 220, overflow: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }}
    >
      {data.map((moment) => (
        <ButtonBase
          key={moment.at}
          role="option"
          aria-selected={chosen === moment.at}
          onClick={() => choose(chosen === moment.at ? null : moment.at)}
          sx={{
            display: 'grid',
            gridTemplateColumns: '1fr 28px 36px',
            width: '100%',
            gap: 1,
            px: 1,
            py: 0.5,
            fontSize: 12.5,
            textAlign: 'left',
            bgcolor: chosen === moment.at ? 'action.selected' : undefined,
          }}
        >
          <span>{time.dateTime(moment.at)}</span>
          <GradeBadge grade={moment.grade} size={18} />
          <Box sx={{ textAlign: 'right', fontWeight: 600 }}>{showCount(moment.score) || '–'}</Box>
        </ButtonBase>
      ))}
    </Box>
  );
};

/** The moments at which the score changed, or any other: choosing one shows the reasons of that moment, by the models of then or of today. */
export const ScorePast = ({
  lead,
  version,
  chosen,
  choose,
  current,
  setCurrent,
}: Choice & { lead: number; version: number; current: boolean; setCurrent: (current: boolean) => void }) => {
  const translate = useTranslate();
  const time = useTime();
  return (
    <Box sx={{ display: 'grid', gap: 1, mb: 1.5 }}>
      <Moments lead={lead} version={version} chosen={chosen} choose={choose} />
      <TextField
        type="datetime-local"
        size="small"
        label={translate('score.anyMoment')}
        onChange={(event) => {
          const at = time.fromLocalInput(event.target.value);
          if (at !== null || event.target.value === '') choose(at);
        }}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      {chosen !== null && (
        <FormControlLabel
          control={<Checkbox size="small" checked={current} onChange={(_event, on) => setCurrent(on)} />}
          label={<Typography variant="body2">{translate('score.todayModels')}</Typography>}
        />
      )}
    </Box>
  );
};
