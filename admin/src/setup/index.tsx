import TuneIcon from '@mui/icons-material/Tune';
import { useTranslate } from 'ra-core';
import { Route, Routes } from 'react-router-dom';
import { EmptyState } from '../common/empty-state';

/**
 * The set-up pages, loaded when somebody opens `/setup/*`.
 *
 * To add a page: write it in its own file here, load it with `React.lazy`, add a `<Route path="calendars/*" element={…} />` below,
 * put its words into `messages.ts` (both languages), and add its menu line to `setup/menu.tsx`. The shell provides the
 * Suspense boundary, the title bar and the scroll area.
 */
const Setup = () => {
  const translate = useTranslate();
  return (
    <Routes>
      <Route path="*" element={<EmptyState icon={<TuneIcon />} title={translate('setup.empty')} />} />
    </Routes>
  );
};

export default Setup;
