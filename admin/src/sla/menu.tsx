import ArticleIcon from '@mui/icons-material/ArticleOutlined';
import GavelIcon from '@mui/icons-material/GavelOutlined';
import SpeedIcon from '@mui/icons-material/SpeedOutlined';
import SwapIcon from '@mui/icons-material/SwapHorizOutlined';
import TimerIcon from '@mui/icons-material/TimerOutlined';
import type { MenuLine } from '../shell/menu';

/** Menu lines about what marketing and sales have promised each other. */
export const slaMenu: MenuLine[] = [
  { to: '/sla/scorecard', label: 'sla.menu.scorecard', icon: <SpeedIcon />, access: ['sla-clocks', 'read'] },
  { to: '/sla/contracts', label: 'sla.menu.contracts', icon: <ArticleIcon />, access: ['sla-contracts', 'read'] },
  { to: '/sla/clocks', label: 'sla.menu.clocks', icon: <TimerIcon />, access: ['sla-clocks', 'read'] },
  { to: '/sla/hand-offs', label: 'sla.menu.handOffs', icon: <SwapIcon />, access: ['sla-hand-offs', 'read'] },
  { to: '/sla/disputes', label: 'sla.menu.disputes', icon: <GavelIcon />, access: ['sla-disputes', 'read'] },
];
