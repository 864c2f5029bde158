import type { ScoreMoment } from '@leadsea/lead-grading/contracts/explanation';
import { Box, ButtonBase, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { getJson } from '../../api/http-client';
import { GradeBadge } from '../../common/badges';
import { ErrorState } from '../../common/error-state';
import { useTime } from '../../common/time';

/** The moments at which the score changed; choosing one shows the reasons of that moment. */
export const ScorePast = ({
  lead,
  version,
  chosen,
  choose,
}: {
  lead: number;
  version: number;
  chosen: string | null;
  choose: (at: string | null) => void;
}) => {
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
      sx={{ maxHeight: 220, overflow: 'auto', mb: 1, border: 1, borderColor: 'divider', borderRadius: 1 }}
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
          <Box sx={{ textAlign: 'right', fontWeight: 600 }}>{moment.score ?? '–'}</Box>
        </ButtonBase>
      ))}
    </Box>
  );
};
