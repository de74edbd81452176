import { createServer, connect as dial, type Server, type Socket } from "node:net";

/** An address that a failover moves to another server, as an operator's does. */
export async function movingAddress(first: number) {
  let port = first;
  const sockets = new Set<Socket>();
  let onSent: (bytes: Buffer, cut: () => void) => void = () => {};
  const server: Server = createServer((near) => {
    const far = dial(port, "127.0.0.1");
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const one of [near, far]) {
      sockets.add(one);
      one.on("error", cut).on("close", () => {
        sockets.delete(one);
        cut();
      });
    }
    near.on("data", (bytes: Buffer) => {
      far.write(bytes);
      onSent(bytes, cut);
    });
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    moveTo(to: number) {
      port = to;
      for (const one of sockets) one.destroy();
    },
    whenSent(then: typeof onSent) {
      onSent = then;
    },
    close() {
      for (const one of sockets) one.destroy();
      server.close();
    },
  };
}
