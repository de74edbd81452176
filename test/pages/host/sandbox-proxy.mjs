// The specification's sandbox proxy, on an origin of its own: it loads what the host hands it, and passes messages on.
const inner = document.createElement("iframe");
inner.setAttribute("sandbox", "allow-scripts allow-same-origin");
inner.style.cssText = "border: 0; width: 100%; height: 100%";
document.body.append(inner);

addEventListener("message", ({ source, data }) => {
  if (source === parent) {
    if (data?.method !== "ui/notifications/sandbox-resource-ready")
      return inner.contentWindow.postMessage(data, "*");
    if (data.params.sandbox) inner.setAttribute("sandbox", data.params.sandbox);
    inner.srcdoc = data.params.html;
  } else if (source === inner.contentWindow && !data?.method?.startsWith("ui/notifications/sandbox-"))
    parent.postMessage(data, "*");
});
parent.postMessage({ jsonrpc: "2.0", method: "ui/notifications/sandbox-proxy-ready", params: {} }, "*");
