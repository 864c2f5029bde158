import { Box, CircularProgress } from '@mui/material';
import { useLocaleCode } from '../../common/text';
import { formatDuration } from '../../common/time';
import { useTicking } from '../../common/product-clock';

/** A ring that empties as time runs out; red in the last fifth. */
export const CountdownRing = ({ from, until, label, size = 76 }: { from: string; until: string; label: string; size?: number }) => {
  const locale = useLocaleCode();
  const end = Date.parse(until);
  const whole = Math.max(1, end - Date.parse(from));
  const text = useTicking((now) => (end <= now ? '0:00' : formatDuration((end - now) / 1000, locale)));
  const percent = Number(useTicking((now) => String(Math.max(0, Math.min(100, Math.round(((end - now) / whole) * 100))))));
  const colour = percent <= 20 ? 'error' : percent <= 50 ? 'warning' : 'primary';
  return (
    <Box role="timer" aria-label={label} sx={{ position: 'relative', width: size, height: size, flex: 'none' }}>
      <CircularProgress
        variant="determinate"
        value={100}
        size={size}
        thickness={4}
        sx={{ position: 'absolute', color: 'action.selected' }}
      />
      <CircularProgress variant="determinate" value={percent} size={size} thickness={4} color={colour} sx={{ position: 'absolute' }} />
      <Box
        sx={{
          position: 'absolute',
          inset: 0,
          display: 'grid',
          placeItems: 'center',
          fontSize: size / 5,
          fontWeight: 650,
          color: `${colour}.main`,
        }}
      >
        {text}
      </Box>
    </Box>
  );
};
