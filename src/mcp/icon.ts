/** The drawing of assets/icon.svg, small enough to go along with the server's name. */
const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512"><title>A mortarboard</title><rect width="512" height="512" rx="112" fill="#14507a"/><path d="M256 128 64 212l192 84 192-84z" fill="#fff"/><path d="M144 268v76c0 30 50 56 112 56s112-26 112-56v-76l-112 49z" fill="#9fd3f2"/><path d="M420 224v104" stroke="#ffc24b" stroke-width="20" stroke-linecap="round"/><circle cx="420" cy="346" r="22" fill="#ffc24b"/></svg>';

export const icons = [
  {
    src: `data:image/svg+xml;base64,${Buffer.from(drawing).toString("base64")}`,
    mimeType: "image/svg+xml",
    sizes: ["any"],
  },
];
