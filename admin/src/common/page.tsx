import { Box, Skeleton, Typography } from '@mui/material';
import { useEffect, type ReactNode } from 'react';

export const useDocumentTitle = (title: string): void => {
  useEffect(() => {
    document.title = title ? `${title} · Leadsea` : 'Leadsea';
  }, [title]);
};

/** Title line of a page with its actions at the right. Fixed height, so nothing moves when the rest arrives. */
interface PageHeaderProps {
  readonly title: string;
  /** A small link beside the title, e.g. how its numbers are counted; never cut off. */
  readonly info?: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
}

export const PageHeader = (props: PageHeaderProps) => {
  useDocumentTitle(props.title);
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, minHeight: 56, px: { xs: 2, md: 3 }, pt: 1, flexWrap: 'wrap' }}>
      <Box
        sx={{
          flex: { xs: '1 1 180px', sm: 1 },
          minWidth: 0,
          display: 'flex',
          flexWrap: { xs: 'wrap', sm: 'nowrap' },
          alignItems: 'baseline',
          columnGap: 1.5,
        }}
      >
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.25, flexShrink: 0, maxWidth: '100%' }}>
          <Typography variant="h5" component="h1" noWrap>
            {props.title}
          </Typography>
          {props.info}
        </Box>
        {props.subtitle && (
          <Typography variant="body2" color="text.secondary" noWrap component="div" sx={{ minWidth: 0 }}>
            {props.subtitle}
          </Typography>
        )}
      </Box>
      {props.actions && <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>{props.actions}</Box>}
    </Box>
  );
};

export const RowsSkeleton = ({ rows, height = 36 }: { rows: number; height?: number }) => (
  <Box aria-hidden="true">
    {Array.from({ length: rows }, (_, index) => (
      <Box key={index} sx={{ height, display: 'flex', alignItems: 'center', gap: 3, px: 2, borderBottom: 1, borderColor: 'divider' }}>
        <Skeleton width={`${18 + ((index * 7) % 14)}%`} />
        <Skeleton width={36} />
        <Skeleton width="12%" />
        <Skeleton width={`${10 + ((index * 5) % 9)}%`} />
      </Box>
    ))}
  </Box>
);

export const PageSkeleton = () => (
  <Box>
    <Box sx={{ minHeight: 56, px: { xs: 2, md: 3 }, pt: 2 }}>
      <Skeleton width={160} height={28} />
    </Box>
    <Box sx={{ px: { xs: 0, md: 3 } }}>
      <RowsSkeleton rows={14} />
    </Box>
  </Box>
);
