import { Slider, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';

/** How many per cent of the leads a new version takes a day, and how many days that are. */
export const StagedShare = (props: { percent: number; disabled?: boolean; onChange: (percent: number) => void }) => {
  const translate = useTranslate();
  const { percent } = props;
  return (
    <>
      <Typography variant="body2">
        {percent === 100
          ? translate('setup.pool.stagedAll')
          : translate('setup.pool.stagedShare', { percent, days: Math.ceil(100 / percent) })}
      </Typography>
      <Slider
        size="small"
        min={5}
        max={100}
        step={5}
        disabled={props.disabled}
        value={percent}
        onChange={(_event, value) => props.onChange(typeof value === 'number' ? value : (value[0] ?? 100))}
        aria-label={translate('setup.pool.staged')}
      />
    </>
  );
};
