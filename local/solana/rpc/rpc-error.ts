/** Error codes of JSON-RPC and of Solana's RPC. */
export const rpcErrorCodes = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  preflightFailure: -32002,
  signatureVerification: -32003,
  unhealthy: -32005,
  unsupportedVersion: -32015,
  minContextSlot: -32016,
} as const;

/** An error that goes to the client as it is. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const invalidParams = (message: string): RpcError => new RpcError(rpcErrorCodes.invalidParams, message);
