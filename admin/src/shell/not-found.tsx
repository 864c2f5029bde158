import { Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { EmptyState } from '../common/empty-state';

export const NotFound = () => {
  const translate = useTranslate();
  return (
    <EmptyState
      title={translate('ra.page.not_found')}
      hint={translate('ra.message.not_found')}
      action={
        <Button component={Link} to="/work" variant="outlined">
          {translate('menu.work')}
        </Button>
      }
    />
  );
};
