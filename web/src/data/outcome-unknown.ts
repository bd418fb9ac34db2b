/** A transaction was signed and sent, and nobody said what became of it. Asked for again, the same one goes out, and no other. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
