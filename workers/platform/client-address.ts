/**
 * How the worker tells an object who opens a socket: the object counts sockets per address, and cannot see the address itself. The worker
 * overwrites whatever a caller sends under these names.
 */
export const clientAddressHeader = 'x-client-address';
/** How many sockets one address may have open at one object. */
export const socketsPerAddressHeader = 'x-sockets-per-address-max';
