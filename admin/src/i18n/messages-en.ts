import ra from 'ra-language-english';
import { importsMessages } from '../imports/messages';
import { setupMessages } from '../setup/messages';
import { areaMessages } from './areas';
import { en } from './en';

export default { ...ra, ...en, ...areaMessages.en, setup: setupMessages.en, imports: importsMessages.en };
