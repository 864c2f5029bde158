import type { MenuLine } from '../shell/menu';

/**
 * Menu lines of the set-up group. A line is shown to members whose role allows `access` (resource and verb);
 * the group disappears when no line is left. Example:
 * `{ to: '/setup/calendars', label: 'setup.calendars.title', icon: <EventIcon />, access: ['calendars', 'update'] }`.
 */
export const setupMenu: MenuLine[] = [];
