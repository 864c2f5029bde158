import { Route, Routes } from 'react-router-dom';
import { NotFound } from '../shell/not-found';
import { ImportPage } from './import-page';
import { ImportsPage } from './imports-page';

/** The import pages, loaded when somebody opens `/imports/*`; words are in `messages.ts`, menu lines in `menu.tsx`. */
const Imports = () => (
  <Routes>
    <Route index element={<ImportsPage />} />
    <Route path=":id" element={<ImportPage />} />
    <Route path="*" element={<NotFound />} />
  </Routes>
);

export default Imports;
