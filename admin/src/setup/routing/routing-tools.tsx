import { BackTestPanel } from './back-test-panel';
import { Simulation } from './simulation';

/** Beside the form of a routing policy: one lead tried, and the last days replayed. */
export const RoutingTools = (props: { id: number; dirty: boolean }) => (
  <>
    <Simulation {...props} />
    <BackTestPanel {...props} />
  </>
);
