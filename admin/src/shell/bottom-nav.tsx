import MoreIcon from '@mui/icons-material/MoreHoriz';
import { BottomNavigation, BottomNavigationAction, Box, Drawer, Paper } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { useMenu } from './menu';
import { MenuGroups } from './sidebar';
import { SessionActions } from './session-actions';

const MAX_TABS = 4;

/** Navigation within thumb reach on small screens; what does not fit is behind “More”. */
export const BottomNav = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const tabs = useMenu()
    .flatMap((group) => group.lines)
    .slice(0, MAX_TABS);
  const current = tabs.find((line) => pathname.startsWith(line.to))?.to ?? 'more';
  return (
    <>
      <Paper
        square
        sx={{
          display: { xs: 'block', md: 'none' },
          borderTop: 1,
          borderColor: 'divider',
          pb: 'env(safe-area-inset-bottom)',
          zIndex: 'appBar',
        }}
      >
        <BottomNavigation
          showLabels
          value={current}
          onChange={(_event, to: string) => (to === 'more' ? setOpen(true) : navigate(to))}
          sx={{
            height: 56,
            bgcolor: 'transparent',
            '& .MuiBottomNavigationAction-root': { minWidth: 0, px: 0.5 },
            '& .MuiBottomNavigationAction-label': { fontSize: '11px !important', mt: 0.25 },
          }}
        >
          {tabs.map((line) => (
            <BottomNavigationAction key={line.to} value={line.to} label={translate(line.label)} icon={line.icon} />
          ))}
          <BottomNavigationAction value="more" label={translate('menu.more')} icon={<MoreIcon />} />
        </BottomNavigation>
      </Paper>
      <Drawer
        anchor="bottom"
        open={open}
        onClose={() => setOpen(false)}
        slotProps={{ paper: { sx: { borderRadius: '16px 16px 0 0', pb: 2, pt: 1.5 } } }}
      >
        <MenuGroups onNavigate={() => setOpen(false)} />
        <Box sx={{ display: 'flex', justifyContent: 'flex-end', gap: 1, px: 2, pt: 1.5, mt: 1, borderTop: 1, borderColor: 'divider' }}>
          <SessionActions />
        </Box>
      </Drawer>
    </>
  );
};
