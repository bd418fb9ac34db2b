/** A verification that could not be carried out: says why. */
export class VerificationFailure extends Error {
  override readonly name = 'VerificationFailure';
}
