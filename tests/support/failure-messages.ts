/** Of a value that an assertion's message tells. The runner's own 40 leave of a list its length, which is no help where nobody was watching. */
const valueCharactersMax = 4_000;

/** Makes failures say what they met; for the `test` part of every configuration. */
export const failureMessages = { chaiConfig: { truncateThreshold: valueCharactersMax } };
