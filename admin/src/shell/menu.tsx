import BusinessIcon from '@mui/icons-material/BusinessOutlined';
import MegaphoneIcon from '@mui/icons-material/CampaignOutlined';
import ChecklistIcon from '@mui/icons-material/ChecklistOutlined';
import HistoryIcon from '@mui/icons-material/HistoryOutlined';
import DealIcon from '@mui/icons-material/MonetizationOnOutlined';
import PeopleIcon from '@mui/icons-material/PeopleAltOutlined';
import WavesIcon from '@mui/icons-material/WavesOutlined';
import BoltIcon from '@mui/icons-material/BoltOutlined';
import DashboardIcon from '@mui/icons-material/SpaceDashboardOutlined';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useAccess } from '../api/session-context';
import { importsMenu } from '../imports/menu';
import { routingMenu } from '../routing/menu';
import { setupMenu } from '../setup/menu';
import { slaMenu } from '../sla/menu';

export interface MenuLine {
  to: string;
  /** Message key. */
  label: string;
  icon: ReactNode;
  /** Resource and verb the member needs; absent = everybody. */
  access?: readonly [resource: string, verb: string];
}

export interface MenuGroup {
  key: string;
  /** Message key of the group's heading; the first group has none. */
  label?: string;
  lines: MenuLine[];
}

const GROUPS: MenuGroup[] = [
  {
    key: 'main',
    lines: [
      { to: '/home', label: 'dash.title', icon: <DashboardIcon />, access: ['leads', 'read'] },
      { to: '/work', label: 'menu.work', icon: <BoltIcon /> },
      { to: '/leads', label: 'menu.leads', icon: <PeopleIcon />, access: ['leads', 'read'] },
      { to: '/pools', label: 'menu.pools', icon: <WavesIcon />, access: ['pools', 'read'] },
      { to: '/accounts', label: 'menu.accounts', icon: <BusinessIcon />, access: ['accounts', 'read'] },
      { to: '/opportunities', label: 'opp.title', icon: <DealIcon />, access: ['opportunities', 'read'] },
      { to: '/campaigns', label: 'campaign.title', icon: <MegaphoneIcon />, access: ['campaigns', 'read'] },
      { to: '/activities', label: 'activity.title', icon: <HistoryIcon />, access: ['activities', 'read'] },
      { to: '/tasks', label: 'menu.tasks', icon: <ChecklistIcon />, access: ['tasks', 'read'] },
    ],
  },
  { key: 'sla', label: 'sla.menu.group', lines: slaMenu },
  { key: 'imports', lines: [...importsMenu, ...routingMenu] },
  { key: 'setup', label: 'menu.setup', lines: setupMenu },
];

/** The menu as this member may see it; empty groups are gone. */
export const useMenu = (): MenuGroup[] => {
  const access = useAccess();
  return useMemo(
    () =>
      GROUPS.map((group) => ({
        ...group,
        lines: group.lines.filter((line) => !line.access || access.can(line.access[1], line.access[0])),
      })).filter((group) => group.lines.length > 0),
    [access],
  );
};
