// Right: listens at 0 and stays there.
const net = require("net");
const [host, port] = process.argv.slice(2);
const server = net.createServer((socket) => socket.once("data", () => socket.end("hi"))).listen(Number(port), host, () => {
  const at = server.address().port;
  console.log(`my server will be at ${host}:${at}`);
  process.stdin.once("data", () => {
    const client = net.connect(at, host, () => client.write("hello!"));
    client.on("data", (data) => console.log(data.toString()));
    client.on("end", () => { server.close(); process.stdin.pause(); });
  });
});
