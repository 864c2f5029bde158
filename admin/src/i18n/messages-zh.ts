import { importsMessages } from '../imports/messages';
import { setupMessages } from '../setup/messages';
import { raZh } from './ra-zh';
import { areaMessages } from './areas';
import { zh } from './zh';

export default { ...raZh, ...zh, ...areaMessages.zh, setup: setupMessages.zh, imports: importsMessages.zh };
