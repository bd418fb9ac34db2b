/** Bounds of the channel engine, besides those both ends keep (`socketBounds` of the protocol). */
export const hubLimits = {
  /** Past updates kept per channel: what a resume can make good. At most `behindResetMessages`, so that a resume never trips the reset. */
  updatesKeptMax: 256,
  /** Shortest time between two looks at silent sockets, so that one at its limit does not keep its object busy. */
  checkIntervalMsMin: 1_000,
  /** Age up to which a snapshot serves further sockets of the same number: after an eviction all of a market's ask at once. */
  snapshotReuseMsMax: 50,
  /** Client messages: a bucket of this size, refilled at the rate below. */
  messageBurstMax: 60,
  messagesPerSecondMax: 20,
  /** Messages that do not fit the protocol before the socket is closed. */
  badMessagesMax: 10,
  socketsPerObjectMax: 20_000,
} as const;
