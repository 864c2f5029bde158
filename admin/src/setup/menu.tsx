import BadgeIcon from '@mui/icons-material/BadgeOutlined';
import LayoutIcon from '@mui/icons-material/DashboardCustomizeOutlined';
import EventIcon from '@mui/icons-material/EventOutlined';
import GroupsIcon from '@mui/icons-material/GroupsOutlined';
import HandshakeIcon from '@mui/icons-material/HandshakeOutlined';
import InputIcon from '@mui/icons-material/MoveToInboxOutlined';
import ListIcon from '@mui/icons-material/ListAltOutlined';
import CodeIcon from '@mui/icons-material/DataObject';
import HistoryIcon from '@mui/icons-material/ManageHistory';
import EraserIcon from '@mui/icons-material/PersonRemoveOutlined';
import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import BellIcon from '@mui/icons-material/NotificationsNoneOutlined';
import RouteIcon from '@mui/icons-material/AltRoute';
import LinkIcon from '@mui/icons-material/DomainAddOutlined';
import SchemaIcon from '@mui/icons-material/AccountTreeOutlined';
import EyesIcon from '@mui/icons-material/HowToRegOutlined';
import CheckUpIcon from '@mui/icons-material/FactCheckOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import StarIcon from '@mui/icons-material/StarBorder';
import WavesIcon from '@mui/icons-material/WavesOutlined';
import type { MenuLine } from '../shell/menu';

/**
 * Menu lines of the set-up group. A line is shown to members whose role allows `access` (resource and verb);
 * the group disappears when no line is left. People who only read policies see them too, except pools, members and
 * stages, which everybody may read as a directory.
 */
export const setupMenu: MenuLine[] = [
  { to: '/setup/pools', label: 'setup.pool.title', icon: <WavesIcon />, access: ['pools', 'update'] },
  { to: '/setup/grading', label: 'setup.grading.title', icon: <StarIcon />, access: ['grading-models', 'read'] },
  { to: '/setup/routing', label: 'setup.routing.title', icon: <RouteIcon />, access: ['routing-policies', 'read'] },
  { to: '/setup/sla', label: 'setup.sla.title', icon: <HandshakeIcon />, access: ['sla-contracts', 'update'] },
  { to: '/setup/calendars', label: 'setup.calendar.title', icon: <EventIcon />, access: ['calendars', 'update'] },
  { to: '/setup/lifecycle', label: 'setup.lifecycle.title', icon: <SchemaIcon />, access: ['lifecycles', 'update'] },
  { to: '/setup/matching', label: 'setup.matching.title', icon: <LinkIcon />, access: ['account-matching', 'read'] },
  { to: '/setup/sources', label: 'setup.source.title', icon: <InputIcon />, access: ['sources', 'read'] },
  { to: '/setup/fields', label: 'setup.field.title', icon: <ListIcon />, access: ['fields', 'update'] },
  { to: '/setup/layouts', label: 'setup.layout.title', icon: <LayoutIcon />, access: ['layouts', 'update'] },
  { to: '/setup/members', label: 'setup.people.members', icon: <BadgeIcon />, access: ['members', 'update'] },
  { to: '/setup/teams', label: 'setup.people.teams', icon: <GroupsIcon />, access: ['teams', 'update'] },
  { to: '/setup/roles', label: 'setup.people.roles', icon: <ShieldIcon />, access: ['roles', 'read'] },
  { to: '/setup/access', label: 'setup.access.title', icon: <EyeIcon />, access: ['roles', 'read'] },
  { to: '/setup/notifications', label: 'setup.notice.title', icon: <BellIcon />, access: ['notice-settings', 'read'] },
  { to: '/setup/reviews', label: 'setup.review.title', icon: <EyesIcon />, access: ['pools', 'update'] },
  { to: '/setup/linter', label: 'setup.linter.title', icon: <CheckUpIcon />, access: ['pools', 'update'] },
  { to: '/setup/config', label: 'setup.config.title', icon: <CodeIcon />, access: ['config', 'read'] },
  { to: '/setup/audit', label: 'setup.audit.title', icon: <HistoryIcon />, access: ['audit', 'read'] },
  { to: '/setup/erasures', label: 'erasure.register', icon: <EraserIcon />, access: ['erasures', 'read'] },
];
