import { DurableObject } from 'cloudflare:workers';

/** The least an object can do with a stream of prices: send the same bytes to every socket for every event. What the fan-out is measured against. */
export class BareObject extends DurableObject {
  sockets = [];
  frame = '';

  async fetch(request) {
    if (request.headers.get('Upgrade') === 'websocket') {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      this.sockets.push(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    this.frame = await request.text();
    this.ctx.waitUntil(this.read());
    return new Response('reading');
  }

  async read() {
    const { body } = await fetch(this.env.STREAM_URL);
    let rest = '';
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      rest = events.pop();
      for (const event of events) if (event.startsWith('data:')) this.broadcast();
    }
  }

  broadcast() {
    for (const socket of this.sockets) socket.send(this.frame);
  }

  webSocketMessage() {}
}

export default {
  fetch: (request, env) =>
    new URL(request.url).pathname === '/constant'
      ? new Response(env.CONSTANT, { headers: { 'content-type': 'application/json' } })
      : env.ROOM.getByName('room').fetch(request),
};
