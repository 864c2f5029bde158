import { Box, ButtonBase, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';

export type Tone = 'plain' | 'good' | 'warning' | 'danger' | 'quiet';
export const TONE_COLOUR: Readonly<Record<Tone, string>> = {
  plain: 'text.primary',
  good: 'success.main',
  warning: 'warning.main',
  danger: 'error.main',
  quiet: 'text.secondary',
};

interface StatProps {
  value: number | string | null | undefined;
  label: string;
  tone?: Tone;
  size?: 'small' | 'medium' | 'large';
  /** What the number counts is a click away: a page, or something done here. */
  to?: string;
  onOpen?: () => void;
}

const SIZES = { small: 16, medium: 22, large: 28 } as const;

/** A number and what it counts. With a way to its rows it is a link or a button. */
export const Stat = ({ value, label, tone = 'plain', size = 'medium', to, onOpen }: StatProps) => {
  const locale = useLocaleCode();
  const shown = typeof value === 'number' ? showNumber(value, locale) : (value ?? '–');
  const content = (
    <>
      <Box
        component="span"
        sx={{ fontSize: SIZES[size], fontWeight: 650, lineHeight: 1.25, whiteSpace: 'nowrap', color: TONE_COLOUR[tone] }}
      >
        {shown}
      </Box>
      <Typography variant="caption" color="text.secondary" component="span">
        {label}
      </Typography>
    </>
  );
  const box = { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', minWidth: 0, textAlign: 'left' } as const;
  const open = { ...box, borderRadius: 1, px: 1, mx: -1, color: 'inherit', textDecoration: 'none', '&:hover': { bgcolor: 'action.hover' } };
  if (to)
    return (
      <ButtonBase component={Link} to={to} sx={open}>
        {content}
      </ButtonBase>
    );
  if (onOpen)
    return (
      <ButtonBase onClick={onOpen} sx={open}>
        {content}
      </ButtonBase>
    );
  return <Box sx={box}>{content}</Box>;
};

/** How much of something is used; turns to a warning when nothing is left. */
export const ShareBar = ({ share, tone = 'plain', height = 4 }: { share: number; tone?: Tone; height?: number }) => (
  <Box sx={{ height, borderRadius: height / 2, bgcolor: 'action.selected', overflow: 'hidden' }}>
    <Box
      sx={{
        height: '100%',
        width: `${Math.min(1, Math.max(0, share)) * 100}%`,
        bgcolor: tone === 'plain' ? 'primary.main' : TONE_COLOUR[tone],
        transition: 'width 300ms ease',
      }}
    />
  </Box>
);

/** A bordered sheet of the page, without a title of its own. */
export const Sheet = ({ children, flush }: { children: ReactNode; flush?: boolean }) => (
  <Box
    sx={{
      bgcolor: 'background.paper',
      border: 1,
      borderColor: 'divider',
      borderRadius: { xs: flush ? 0 : 1, md: 1 },
      borderLeftWidth: { xs: flush ? 0 : 1, md: 1 },
      borderRightWidth: { xs: flush ? 0 : 1, md: 1 },
      overflow: 'hidden',
    }}
  >
    {children}
  </Box>
);

/** The inside of a page of the pools. */
export const PageBody = ({ children, flush }: { children: ReactNode; flush?: boolean }) => (
  <Box sx={{ display: 'grid', gap: 2, px: { xs: flush ? 0 : 2, md: 3 }, py: 2, pb: 4, '& > *': { minWidth: 0 } }}>{children}</Box>
);

/** Rows of a small table that become cards on a phone. */
export const Fact = ({ label, children }: { label: string; children: ReactNode }) =>
  children === null || children === undefined || children === '' || children === false ? null : (
    <Box sx={{ display: 'flex', gap: 1.5, py: 0.375, fontSize: 13 }}>
      <Box sx={{ flex: 1, color: 'text.secondary' }}>{label}</Box>
      <Box sx={{ textAlign: 'right', minWidth: 0, overflowWrap: 'anywhere' }}>{children}</Box>
    </Box>
  );
