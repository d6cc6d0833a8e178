// Right: Node; a command comes whole, since the client waits for the answer to the one before.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  socket.on('data', (command) => {
    const known = command.subarray(0, 5).equals(Buffer.from('echo '))
    const result = known ? command.subarray(5) : Buffer.from('unknown command: there is echo TEXT')
    const header = Buffer.alloc(4)
    header.writeUInt32BE(result.length)
    socket.write(Buffer.concat([header, result]))
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
