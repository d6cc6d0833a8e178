// Mistake: a free port as many packages find it: listen at 0, look, close.
const net = require("net");
const [host, port] = process.argv.slice(2);
const probe = net.createServer().listen(Number(port), host, () => {
  const at = probe.address().port;
  probe.close(() => {
    console.log(`my server will be at ${host}:${at}`);
    process.stdin.once("data", () => {
      const server = net.createServer((socket) => socket.end("hi")).listen(at, host, () => {
        const client = net.connect(at, host, () => client.write("hello!"));
        client.on("data", (data) => console.log(data.toString()));
        client.on("end", () => { client.end(); server.close(); process.stdin.pause(); });
      });
    });
  });
});
