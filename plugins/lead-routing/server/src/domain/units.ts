/** What a person has received is counted in parts of a lead, so that a start level can lie between two leads and stays a whole number. */
export const UNITS = 5040;
