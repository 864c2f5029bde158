import UploadIcon from '@mui/icons-material/UploadFileOutlined';
import type { MenuLine } from '../shell/menu';

/** Menu lines of the import group. */
export const importsMenu: MenuLine[] = [{ to: '/imports', label: 'imports.title', icon: <UploadIcon />, access: ['imports', 'create'] }];
