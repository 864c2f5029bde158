import type { GradingModel, Recycling } from '@leadsea/lead-grading/contracts/model';
import { Box, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { NumberIn, SelectIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { Toggle } from '../kit/toggle';

const SHARES = { letters: { A: 20, B: 50, C: 80 }, numbers: { 1: 10, 2: 30, 3: 60 }, refreshDays: 7 };
const RECYCLING: Record<Recycling['mode'], Recycling> = {
  keep: { mode: 'keep' },
  reset: { mode: 'reset' },
  delta: { mode: 'delta', points: 10 },
  relative: { mode: 'relative', percent: 20 },
};

/** Bands by rank: the best so many per cent are A. */
export const QuantileIn = () => {
  const translate = useTranslate();
  const field = useField<GradingModel['thresholds']['quantile']>('thresholds.quantile');
  const label = translate('setup.grading.quantile');
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box component="label" sx={{ display: 'flex', gap: 1, alignItems: 'center', fontSize: 13 }}>
        <Toggle checked={Boolean(field.value)} disabled={field.readOnly} onChange={(_event, on) => field.set(on ? SHARES : undefined)} />
        {label}
      </Box>
      {field.value && (
        <>
          <Row>
            {(['A', 'B', 'C'] as const).map((letter) => (
              <NumberIn
                key={letter}
                path={`thresholds.quantile.letters.${letter}`}
                words={`setup.grading.best.${letter}`}
                min={0.1}
                max={99.9}
                sx={{ width: 110 }}
              />
            ))}
          </Row>
          <Row>
            {([1, 2, 3] as const).map((number) => (
              <NumberIn
                key={number}
                path={`thresholds.quantile.numbers.${number}`}
                words={`setup.grading.best.n${number}`}
                min={0.1}
                max={99.9}
                sx={{ width: 110 }}
              />
            ))}
            <NumberIn path="thresholds.quantile.refreshDays" words="setup.grading.refreshDays" min={1} max={365} sx={{ width: 220 }} />
          </Row>
        </>
      )}
    </Box>
  );
};

/** Which axis gives the number, and how long it must hold. */
export const NumberByIn = ({ hasIntent }: { hasIntent: boolean }) => {
  const translate = useTranslate();
  return (
    <Row>
      {hasIntent && (
        <SelectIn
          path="thresholds.numberBy"
          words="setup.grading.numberBy"
          choices={(['engagement', 'intent'] as const).map((axis) => ({ value: axis, label: translate(`setup.grading.${axis}`) }))}
          sx={{ minWidth: 220 }}
        />
      )}
      <NumberIn path="thresholds.hysteresis" words="setup.grading.hysteresis" min={0} max={100} sx={{ width: 260 }} />
      <NumberIn path="thresholds.dwellMinutes" words="setup.grading.dwell" min={0} max={10080} sx={{ width: 260 }} />
    </Row>
  );
};

/** What happens to the score of a lead that goes back to marketing. */
export const RecycleIn = () => {
  const translate = useTranslate();
  const field = useField<Recycling>('recycle');
  const mode = field.value?.mode ?? 'keep';
  return (
    <Row>
      <TextField
        select
        data-place="recycle"
        label={translate('setup.grading.recycle')}
        helperText={translate(`setup.grading.recycleHelp.${mode}`)}
        value={mode}
        disabled={field.readOnly}
        onChange={(event) => field.set(RECYCLING[event.target.value as Recycling['mode']])}
        sx={{ minWidth: 280, maxWidth: 420 }}
      >
        {(Object.keys(RECYCLING) as Recycling['mode'][]).map((one) => (
          <MenuItem key={one} value={one}>
            {translate(`setup.grading.recycles.${one}`)}
          </MenuItem>
        ))}
      </TextField>
      {mode === 'delta' && <NumberIn path="recycle.points" words="setup.grading.morePoints" min={1} max={1000} />}
      {mode === 'relative' && <NumberIn path="recycle.percent" words="setup.grading.morePercent" min={1} max={1000} />}
    </Row>
  );
};
