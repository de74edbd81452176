import { connect } from "node:net";

export const portOf = (url: string) => Number(new URL(url).port);

/** Writes bytes as they are and gives everything that comes back until the other side hangs up. */
export function speak(port: number, bytes: string, { drip = 0 } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes);
      if (drip === 0) return;
      const dripping = setInterval(() => socket.write("x"), drip);
      socket.on("close", () => clearInterval(dripping));
    });
    let heard = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      heard += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });
}

export const reaches = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port, timeout: 1000 }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
    socket.on("timeout", () => {
      socket.destroy();
      resolve(false);
    });
  });
