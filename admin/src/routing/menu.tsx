import BalanceIcon from '@mui/icons-material/BalanceOutlined';
import LeaveIcon from '@mui/icons-material/BeachAccessOutlined';
import LinkIcon from '@mui/icons-material/DomainAddOutlined';
import MonitorIcon from '@mui/icons-material/TrafficOutlined';
import type { MenuLine } from '../shell/menu';

/** Menu lines of routing: the monitor for those who may read policies, the shares for everybody (a rep sees his own). */
export const routingMenu: MenuLine[] = [
  { to: '/routing/monitor', label: 'routing.monitor.title', icon: <MonitorIcon />, access: ['routing-policies', 'read'] },
  { to: '/routing/fairness', label: 'routing.fairness.title', icon: <BalanceIcon />, access: ['leads', 'read'] },
  { to: '/routing/suggestions', label: 'routing.match.title', icon: <LinkIcon />, access: ['accounts', 'read'] },
  { to: '/routing/leave', label: 'routing.leave.title', icon: <LeaveIcon />, access: ['leaves', 'read'] },
];
