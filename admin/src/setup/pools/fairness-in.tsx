import { Box, Chip, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { Hint, NumberIn, SpanIn, useWords } from '../kit/inputs';
import { Row } from '../kit/section';
import { Toggle } from '../kit/toggle';
import { StagedShare } from './staged-share';
import { FAIR_PLAY_DEFAULTS, FAIR_PLAY_PATTERNS, LIKENESSES } from './choices';

/** A number that may be absent: a switch, and the number when it is on. */
const MaybeNumberIn = ({ path, words, usual, max }: { path: string; words: string; usual: number; max: number }) => {
  const translate = useTranslate();
  const field = useField<number | null>(path);
  const on = typeof field.value === 'number';
  return (
    <Box>
      <Box component="label" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13, cursor: 'pointer', mb: on ? 1 : 0 }}>
        <Toggle checked={on} disabled={field.readOnly} onChange={(_event, checked) => field.set(checked ? usual : null)} />
        {translate(words)}
      </Box>
      {on && <NumberIn path={path} words={`${words}Count`} min={1} max={max} sx={{ width: 200 }} />}
    </Box>
  );
};

/** When a lead has had enough: after so many owners, or so many attempts without an answer. */
export const ExhaustedIn = () => (
  <>
    <MaybeNumberIn path="exhausted.owners" words="setup.pool.exhausted.owners" usual={5} max={50} />
    <MaybeNumberIn path="exhausted.attempts" words="setup.pool.exhausted.attempts" usual={12} max={200} />
  </>
);

/** How alike a lead typed in has to be to be looked at; off = never. */
const LikenessIn = () => {
  const translate = useTranslate();
  const field = useField<number | null>('fairPlay.likeness');
  const { label, help } = useWords('setup.pool.fair.likeness');
  const value = field.value === undefined ? FAIR_PLAY_DEFAULTS.likeness : field.value;
  const offered = [...new Set([...LIKENESSES, ...(value === null ? [] : [value])])].sort((a, b) => b - a);
  const percent = (share: number): string => String(Math.round(share * 100));
  return (
    <TextField
      select
      label={label}
      value={value === null ? '' : percent(value)}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value === '' ? null : Number(event.target.value) / 100)}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ width: { xs: '100%', sm: 290 } }}
    >
      <MenuItem value="">{translate('setup.pool.fair.likenessOf.off')}</MenuItem>
      {offered.map((share) => (
        <MenuItem key={share} value={percent(share)}>
          {translate(`setup.pool.fair.likenessOf.${percent(share)}`, { _: `≥ ${percent(share)} %` })}
        </MenuItem>
      ))}
    </TextField>
  );
};

const NUMBERS = [
  { field: 'sameHoldingDays', words: 'sameHolding', min: 0, max: 90 },
  { field: 'beforeRecycleHours', words: 'beforeRecycle', min: 1, max: 336 },
  { field: 'minNote', words: 'minNote', min: 0, max: 500 },
  { field: 'copies', words: 'copies', min: 2, max: 100 },
  { field: 'minCallSeconds', words: 'call', min: 0, max: 600 },
  { field: 'hoard', words: 'hoard', min: 2, max: 500 },
] as const;

/** What is looked at as playing the rules instead of working the leads. */
export const FairPlayIn = () => {
  const translate = useTranslate();
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
        {FAIR_PLAY_PATTERNS.map((pattern) => (
          <Chip key={pattern} size="small" variant="outlined" label={translate(`setup.pool.fair.pattern.${pattern}`)} />
        ))}
      </Box>
      <Row>
        {NUMBERS.map(({ field, words, min, max }) => (
          <NumberIn
            key={field}
            path={`fairPlay.${field}`}
            words={`setup.pool.fair.${words}`}
            min={min}
            max={max}
            usual={FAIR_PLAY_DEFAULTS[field]}
            sx={{ width: { xs: '100%', sm: 290 } }}
          />
        ))}
        <LikenessIn />
      </Row>
    </>
  );
};

/** How gently a new version begins: a pause for everybody, then a share a day. */
export const StartIn = () => {
  const translate = useTranslate();
  const field = useField<number>('staged.percentPerDay');
  const percent = field.value ?? 100;
  return (
    <>
      <SpanIn path="graceAfterPublish" words="setup.pool.grace" units={['bday', 'day', 'hour']} minimum={0} />
      <Box sx={{ maxWidth: 460 }}>
        <StagedShare percent={percent} disabled={field.readOnly} onChange={field.set} />
        <Hint error={field.error} help={translate('setup.pool.stagedHelp')} />
      </Box>
    </>
  );
};
