import { Notification } from 'react-admin';

/** Short notes at the bottom that never block and go by themselves; above the bottom navigation on small screens. */
export const Notices = () => (
  <Notification autoHideDuration={4000} anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }} sx={{ mb: { xs: 8, md: 1 } }} />
);
