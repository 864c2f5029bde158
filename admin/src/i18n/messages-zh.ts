import { importsMessages } from '../imports/messages';
import { setupMessages } from '../setup/messages';
import { raZh } from './ra-zh';
import { zh } from './zh';

export default { ...raZh, ...zh, setup: setupMessages.zh, imports: importsMessages.zh };
