// The page of a host, with the official bridge: run in a browser, bundled by serve-host.ts.
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

const { sandbox, inner, html, csp, context } = window.hosting;
const frame = document.querySelector("iframe");
const bridge = new AppBridge(
  null,
  { name: "test host", version: "1" },
  { serverTools: {}, serverResources: {} },
  { hostContext: context },
);
window.bridge = bridge;
window.sizes = [];
bridge.oncalltool = (params) => window.fromApp("tools/call", params);
bridge.onreadresource = (params) => window.fromApp("resources/read", params);
bridge.onsizechange = ({ width, height }) => {
  window.sizes.push({ width, height });
  if (height !== undefined) frame.style.height = `${height}px`;
};
bridge.onsandboxready = () => bridge.sendSandboxResourceReady({ html, csp, sandbox: inner });
const begun = new Promise((resolve) => {
  bridge.oninitialized = resolve;
});
window.begun = begun;
await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
frame.src = sandbox;
