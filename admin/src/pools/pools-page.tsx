import WavesIcon from '@mui/icons-material/WavesOutlined';
import { Box, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useSearchParams } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader } from '../common/page';
import { PoolBoardCard } from './pool-card';
import { PoolLeads } from './pool-leads';

const GRID = {
  display: 'grid',
  gap: 2,
  px: { xs: 2, md: 3 },
  py: 1,
  gridTemplateColumns: 'repeat(auto-fill, minmax(272px, 1fr))',
} as const;

/** Every pool the member may draw from: what is in it, what limits are left, and the leads to claim. */
const PoolsPage = () => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const [params, setParams] = useSearchParams();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['pools-board'],
    queryFn: () => provider.poolsBoard(),
    refetchInterval: 60_000,
  });
  const asked = Number(params.get('pool'));
  const open = data?.find((pool) => pool.id === asked) ?? data?.find((pool) => pool.canClaim && pool.available > 0) ?? data?.[0];
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', minHeight: '100%' }}>
      <PageHeader title={translate('menu.pools')} />
      {isPending && (
        <Box sx={GRID}>
          {[0, 1, 2].map((card) => (
            <Skeleton key={card} variant="rounded" height={184} />
          ))}
        </Box>
      )}
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={<WavesIcon />} title={translate('pools.empty')} hint={translate('pools.emptyHint')} />}
      {data && data.length > 0 && (
        <Box sx={GRID}>
          {data.map((pool) => (
            <PoolBoardCard
              key={pool.id}
              pool={pool}
              selected={pool.id === open?.id}
              onSelect={() => setParams({ pool: String(pool.id) }, { replace: true })}
            />
          ))}
        </Box>
      )}
      {open && <PoolLeads key={open.id} pool={open} />}
    </Box>
  );
};

export default PoolsPage;
