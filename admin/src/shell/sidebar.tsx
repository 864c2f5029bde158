import MenuOpenIcon from '@mui/icons-material/MenuOpen';
import { Box, ButtonBase, Tooltip, Typography } from '@mui/material';
import { useStore, useTranslate } from 'ra-core';
import { NavLink } from 'react-router-dom';
import { Wordmark } from '../theme/wordmark';
import { useMenu, type MenuLine } from './menu';

const WIDE = 208;
const NARROW = 56;

export const MenuItem = ({ line, narrow, onClick }: { line: MenuLine; narrow?: boolean; onClick?: () => void }) => {
  const translate = useTranslate();
  const label = translate(line.label);
  return (
    <Tooltip title={narrow ? label : ''} placement="right">
      <ButtonBase
        component={NavLink}
        to={line.to}
        onClick={onClick}
        aria-label={label}
        sx={{
          display: 'flex',
          justifyContent: 'flex-start',
          gap: 1.5,
          height: 36,
          mx: 1,
          px: 1.25,
          borderRadius: 1,
          fontSize: 13.5,
          fontWeight: 500,
          color: 'text.secondary',
          '& svg': { fontSize: 20 },
          '&:hover': { bgcolor: 'action.hover', color: 'text.primary' },
          '&.active': { bgcolor: 'action.selected', color: 'primary.main', fontWeight: 650 },
          '&:focus-visible': { outline: 2, outlineColor: 'primary.main', outlineOffset: -2 },
        }}
      >
        {line.icon}
        {!narrow && <span>{label}</span>}
      </ButtonBase>
    </Tooltip>
  );
};

/** Groups of menu lines with their headings. */
export const MenuGroups = ({ narrow, onNavigate }: { narrow?: boolean; onNavigate?: () => void }) => {
  const translate = useTranslate();
  const groups = useMenu();
  return (
    <Box component="nav" sx={{ display: 'grid', gap: 0.25, alignContent: 'start' }}>
      {groups.map((group, index) => (
        <Box
          key={group.key}
          sx={{
            display: 'grid',
            gap: 0.25,
            pt: index > 0 ? 1 : 0,
            mt: index > 0 ? 1 : 0,
            borderTop: index > 0 ? 1 : 0,
            borderColor: 'divider',
          }}
        >
          {group.label && !narrow && (
            <Typography variant="subtitle2" sx={{ px: 2.25, py: 0.5 }}>
              {translate(group.label)}
            </Typography>
          )}
          {group.lines.map((line) => (
            <MenuItem key={line.to} line={line} narrow={narrow} onClick={onNavigate} />
          ))}
        </Box>
      ))}
    </Box>
  );
};

export const Sidebar = () => {
  const translate = useTranslate();
  const [narrow, setNarrow] = useStore<boolean>('ui.narrow', false);
  const toggle = translate(narrow ? 'shell.expand' : 'shell.collapse');
  return (
    <Box
      sx={{
        width: narrow ? NARROW : WIDE,
        flex: 'none',
        display: { xs: 'none', md: 'flex' },
        flexDirection: 'column',
        bgcolor: 'background.paper',
        borderRight: 1,
        borderColor: 'divider',
        transition: 'width 120ms ease',
        overflow: 'hidden',
      }}
    >
      <Box sx={{ height: 52, display: 'flex', alignItems: 'center', px: narrow ? 1.75 : 2 }}>
        <Wordmark compact={narrow} />
      </Box>
      <Box sx={{ flex: 1, overflowY: 'auto', overflowX: 'hidden', py: 1 }}>
        <MenuGroups narrow={narrow} />
      </Box>
      <Tooltip title={narrow ? toggle : ''} placement="right">
        <ButtonBase
          onClick={() => setNarrow(!narrow)}
          aria-label={toggle}
          sx={{
            height: 44,
            justifyContent: 'flex-start',
            gap: 1.5,
            px: 2.25,
            fontSize: 13,
            color: 'text.secondary',
            borderTop: 1,
            borderColor: 'divider',
            '&:hover': { bgcolor: 'action.hover' },
          }}
        >
          <MenuOpenIcon sx={{ fontSize: 20, transform: narrow ? 'scaleX(-1)' : 'none' }} />
          {!narrow && toggle}
        </ButtonBase>
      </Tooltip>
    </Box>
  );
};
