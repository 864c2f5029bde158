import { Alert, Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';

/** Above a record of which a change waits for a second person. */
export const PendingNotice = () => {
  const translate = useTranslate();
  return (
    <Alert
      severity="warning"
      sx={{ mx: { xs: 1.5, md: 3 }, mt: 2 }}
      action={
        <Button color="inherit" size="small" component={Link} to="/setup/reviews">
          {translate('setup.review.look')}
        </Button>
      }
    >
      {translate('setup.review.pendingHint')}
    </Alert>
  );
};
