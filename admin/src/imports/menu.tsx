import type { MenuLine } from '../shell/menu';

/** Menu lines of the import group, e.g. `{ to: '/imports', label: 'imports.title', icon: <UploadIcon />, access: ['imports', 'create'] }`. */
export const importsMenu: MenuLine[] = [];
