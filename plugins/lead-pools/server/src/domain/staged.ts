/** A number of 0–99 that is the lead's own for one version: the same each time it is asked, spread evenly over many leads. */
function slotOf(leadId: number, versionId: number): number {
  let hash = Math.imul(leadId ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(versionId, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash ^= hash >>> 15;
  return (hash >>> 0) % 100;
}

/** On which working day after the grace (0 = the first) a new version may begin to take this lead back, `percentPerDay` of the leads a day. */
export const stageDay = (leadId: number, versionId: number, percentPerDay: number): number =>
  percentPerDay >= 100 ? 0 : Math.floor(slotOf(leadId, versionId) / percentPerDay);
