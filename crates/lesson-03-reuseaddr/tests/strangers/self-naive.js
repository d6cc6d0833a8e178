// Mistake: connects again on every refusal, and never looks at its own port.
const net = require("net");
const [host, port] = process.argv.slice(2);
const lines = require("readline").createInterface({ input: process.stdin });
let socket = null;
function attempt(left) {
  const next = net.connect(Number(port), host);
  next.on("error", () => (left ? attempt(left - 1) : console.log("nobody listens")));
  next.on("connect", () => {
    socket = next;
    socket.on("data", (data) => console.log(data.toString()));
    socket.write("hello!");
  });
}
lines.on("line", () => socket || attempt(200000));
lines.on("close", () => socket && socket.destroy());
