import { Box } from '@mui/material';

/** The wave of the product, drawn, in the colour of its surroundings. */
export const Wave = ({ size = 28 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none', display: 'block' }}>
    <rect width="32" height="32" rx="8" fill="#0e4f57" />
    <path d="M5 19c3.7 0 3.7-4 7.3-4s3.7 4 7.4 4 3.6-4 7.3-4" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
    <path d="M5 24.5c3.7 0 3.7-4 7.3-4s3.7 4 7.4 4 3.6-4 7.3-4" fill="none" stroke="#6fd0c8" strokeWidth="2.6" strokeLinecap="round" />
    <circle cx="22.5" cy="9" r="2.6" fill="#f2b46b" />
  </svg>
);

export const Wordmark = ({ compact = false, size = 28 }: { compact?: boolean; size?: number }) => (
  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, color: 'text.primary', height: size }}>
    <Wave size={size} />
    {!compact && (
      <Box component="span" sx={{ fontSize: size * 0.64, fontWeight: 700, letterSpacing: -0.4, lineHeight: 1 }}>
        Leadsea
      </Box>
    )}
  </Box>
);
