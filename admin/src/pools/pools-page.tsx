import CardsIcon from '@mui/icons-material/GridViewOutlined';
import TableIcon from '@mui/icons-material/TableRowsOutlined';
import WavesIcon from '@mui/icons-material/WavesOutlined';
import { Box, IconButton, Skeleton, Tooltip } from '@mui/material';
import { useStore, useTranslate } from 'ra-core';
import { useSearchParams } from 'react-router-dom';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { LookupButton } from './lookup/lookup-button';
import { PoolBoardCard } from './pool-card';
import { PoolLeads } from './pool-leads';
import { PoolTable } from './pool-table';
import { PoolsHeader } from './tabs';
import { useBoard } from './use-board';

const GRID = { display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fill, minmax(min(272px, 100%), 1fr))' } as const;
/** On a phone the pools lie side by side, so that the leads to claim are on the first screen. */
const SIDE_BY_SIDE = {
  ...GRID,
  gridTemplateColumns: { xs: 'none', sm: GRID.gridTemplateColumns },
  gridAutoFlow: { xs: 'column', sm: 'row' },
  gridAutoColumns: { xs: '84%', sm: 'auto' },
  overflowX: { xs: 'auto', sm: 'visible' },
  scrollSnapType: { xs: 'x mandatory', sm: 'none' },
  scrollPaddingInline: 16,
  mx: { xs: -2, sm: 0 },
  px: { xs: 2, sm: 0 },
  scrollbarWidth: 'none',
  '& > *': { scrollSnapAlign: 'start' },
} as const;
const MANY = 6;

const ViewToggle = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => {
  const translate = useTranslate();
  const other = value === 'cards' ? 'table' : 'cards';
  return (
    <Tooltip title={translate(`pools.${other}`)}>
      <IconButton
        aria-label={translate(`pools.${other}`)}
        onClick={() => onChange(other)}
        sx={{ display: { xs: 'none', sm: 'inline-flex' }, color: 'text.secondary' }}
      >
        {other === 'cards' ? <CardsIcon fontSize="small" /> : <TableIcon fontSize="small" />}
      </IconButton>
    </Tooltip>
  );
};

/** Every pool the member may draw from: what is in it, what limits are left, and the leads to claim. */
const PoolsPage = () => {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const { data, error, isPending, refetch } = useBoard();
  const [view, setView] = useStore<string | null>('ui.poolsView', null);
  const shown = view ?? ((data?.length ?? 0) > MANY ? 'table' : 'cards');
  const asked = Number(params.get('pool'));
  const open = data?.find((pool) => pool.id === asked) ?? data?.find((pool) => pool.canClaim && pool.available > 0) ?? data?.[0];
  const select = (id: number): void => setParams({ pool: String(id) }, { replace: true });
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', minHeight: '100%' }}>
      <PoolsHeader
        actions={
          <>
            {(data?.length ?? 0) > 1 && <ViewToggle value={shown} onChange={setView} />}
            <LookupButton />
          </>
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pt: 2, pb: 1 }}>
        {isPending && (
          <Box sx={GRID}>
            {[0, 1, 2].map((card) => (
              <Skeleton key={card} variant="rounded" height={184} />
            ))}
          </Box>
        )}
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {data?.length === 0 && <EmptyState icon={<WavesIcon />} title={translate('pools.empty')} hint={translate('pools.emptyHint')} />}
        {data && data.length > 0 && shown === 'table' && <PoolTable pools={data} selected={open?.id} onSelect={select} />}
        {data && data.length > 0 && shown === 'cards' && (
          <Box sx={data.length > 1 ? SIDE_BY_SIDE : GRID}>
            {data.map((pool) => (
              <PoolBoardCard key={pool.id} pool={pool} selected={pool.id === open?.id} onSelect={() => select(pool.id)} />
            ))}
          </Box>
        )}
      </Box>
      {open && <PoolLeads key={open.id} pool={open} />}
    </Box>
  );
};

export default PoolsPage;
