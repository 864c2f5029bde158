import WarnIcon from '@mui/icons-material/WarningAmber';
import { Box, Skeleton, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { ErrorState } from '../../common/error-state';
import { StageChip } from '../../common/badges';
import { useTime } from '../../common/time';
import type { HandOverPreview, HandOverTarget } from '../duty-api';
import { ShareBar, Stat } from '../parts';
import { showCount } from '../../i18n/counts';

/** Who receives how many, and what each would hold then. */
export const TargetList = ({ targets }: { targets: readonly HandOverTarget[] }) => {
  const translate = useTranslate();
  const most = Math.max(1, ...targets.map((target) => target.leads));
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {targets.map((target) => (
        <Box key={`${target.type}-${target.id}`}>
          <Box sx={{ display: 'flex', gap: 1, fontSize: 13, mb: 0.25 }}>
            <Box sx={{ flex: 1, fontWeight: 600 }}>
              {target.name}
              {target.onLeave && (
                <Box component="span" sx={{ color: 'warning.main', fontWeight: 400 }}>
                  {' '}
                  · {translate('codes.ON_LEAVE')}
                </Box>
              )}
            </Box>
            <Box sx={{ color: 'text.secondary' }}>
              {typeof target.holdsNow !== 'number'
                ? ''
                : `${translate('pools.handOver.holds', { now: target.holdsNow, then: target.holdsNow + target.leads })} `}
            </Box>
            <Box sx={{ fontWeight: 650, minWidth: 40, textAlign: 'right' }}>+{showCount(target.leads)}</Box>
          </Box>
          <ShareBar share={target.leads / most} height={6} />
        </Box>
      ))}
    </Box>
  );
};

/** What would be handed over, and to whom. */
export const PreviewPanel = (props: { preview: HandOverPreview | undefined; pending: boolean; error: Error | null; retry: () => void }) => {
  const translate = useTranslate();
  const time = useTime();
  const { preview } = props;
  if (props.error) return <ErrorState dense error={props.error} retry={props.retry} />;
  if (!preview)
    return props.pending ? (
      <Skeleton variant="rounded" height={160} />
    ) : (
      <Typography variant="body2" color="text.secondary">
        {translate('pools.handOver.previewHint')}
      </Typography>
    );
  const counts = [
    ['leads', preview.leads],
    ['tasks', preview.tasks],
    ['clocks', preview.clocks],
    ['protections', preview.protections],
    ['meetings', preview.meetings],
    ['opportunities', preview.opportunities],
  ] as const;
  return (
    <Box sx={{ display: 'grid', gap: 2, opacity: props.pending ? 0.6 : 1 }} aria-busy={props.pending}>
      <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fill, minmax(86px, 1fr))' }}>
        {counts.map(([name, value]) => (
          <Stat key={name} value={value} label={translate(`pools.handOver.count.${name}`)} size={name === 'leads' ? 'large' : 'medium'} />
        ))}
      </Box>
      {preview.byStage.length > 0 && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, fontSize: 13 }}>
          {preview.byStage.map((one) => (
            <Box key={one.stage} sx={{ display: 'flex', gap: 0.5 }}>
              <StageChip stage={one.stage} /> <b>{showCount(one.leads)}</b>
            </Box>
          ))}
        </Box>
      )}
      {preview.targets.length > 0 && (
        <Box>
          <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
            {translate('pools.handOver.receives')}
          </Typography>
          <TargetList targets={preview.targets} />
        </Box>
      )}
      {preview.returnsAt && (
        <Typography variant="body2">{translate('pools.handOver.returns', { at: time.dateTime(preview.returnsAt) })}</Typography>
      )}
      {preview.outOfReach > 0 && (
        <Typography variant="body2" color="warning.main">
          {translate('pools.handOver.outOfReach', { smart_count: preview.outOfReach })}
        </Typography>
      )}
      {preview.warnings.map((warning) => (
        <Box key={warning.code} sx={{ display: 'flex', gap: 1, fontSize: 13, color: 'warning.main' }}>
          <WarnIcon fontSize="small" />
          {translate(`pools.handOver.warning.${warning.code}`, { _: warning.message })}
        </Box>
      ))}
    </Box>
  );
};
