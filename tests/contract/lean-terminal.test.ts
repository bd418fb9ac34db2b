import { describe, expect, test } from 'vitest';
import { refuseFormatMethods } from '../../web/build/lean.ts';

const build = (code: string): unknown => {
  const { transform } = refuseFormatMethods() as unknown as {
    transform(this: { error(message: string): never }, code: string, id: string): unknown;
  };
  const error = (message: string): never => {
    throw new Error(message);
  };
  return transform.call({ error }, code, '/repository/workers/shared/protocol/some.ts');
};

describe('the terminal does not build with a schema that calls what its build leaves out', () => {
  test.each(['z.string().url()', 'z.string().min(1).max(40).email()', 'z\n  .string()\n  .trim()\n  .datetime({})'])(
    'refused: %j',
    (code) => expect(() => build(code)).toThrow('write the format of'),
  );
  test.each(['z.email().max(255)', 'z.iso.datetime()', 'z.string().trim().min(1)', 'new URL(text).url()'])(
    'built: %j',
    (code) => expect(build(code)).toBeUndefined(),
  );
});
