import { useNavigate } from 'react-router-dom';
import { useShortcuts } from '../common/shortcuts';
import { useMenu } from './menu';

const KEYS = [
  { key: 'g h', to: '/home', label: 'palette.goHome' },
  { key: 'g w', to: '/work', label: 'palette.goWork' },
  { key: 'g l', to: '/leads', label: 'palette.goLeads' },
  { key: 'g p', to: '/pools', label: 'palette.goPools' },
] as const;

/** `g` and a letter go to the pages used most, those the member has. */
export const GoKeys = () => {
  const navigate = useNavigate();
  const lines = useMenu().flatMap((group) => group.lines);
  useShortcuts(
    KEYS.filter(({ to }) => lines.some((line) => line.to === to)).map(({ key, to, label }) => ({ key, label, run: () => navigate(to) })),
  );
  return null;
};
