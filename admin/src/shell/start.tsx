import { Navigate } from 'react-router-dom';
import { useMe } from '../api/session-context';

/** Roles whose day begins with a list of what to do; the others begin with numbers. */
const WORKERS = new Set(['sales', 'sdr']);

/** Where a member lands: those who work leads at My work, the others at their dashboard. */
export const Start = () => {
  const { roles } = useMe().member;
  return <Navigate to={roles.some((role) => WORKERS.has(role)) ? '/work' : '/home'} replace />;
};
