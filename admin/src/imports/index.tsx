import UploadIcon from '@mui/icons-material/UploadFileOutlined';
import { useTranslate } from 'ra-core';
import { Route, Routes } from 'react-router-dom';
import { EmptyState } from '../common/empty-state';

/** The import pages, loaded when somebody opens `/imports/*`; add routes below, words to `messages.ts`, menu lines to `menu.tsx`. */
const Imports = () => {
  const translate = useTranslate();
  return (
    <Routes>
      <Route path="*" element={<EmptyState icon={<UploadIcon />} title={translate('imports.empty')} />} />
    </Routes>
  );
};

export default Imports;
