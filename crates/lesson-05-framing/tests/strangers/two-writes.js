// Wrong: Node, two writes of a socket on which nobody has switched Nagle's algorithm off.
const net = require('net')
const os = require('os')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  socket.on('data', (command) => {
    const text = command.toString()
    const result = Buffer.from(text.startsWith('echo ') ? text.slice(5) : 'unknown command: there is echo TEXT')
    const length = Buffer.alloc(4)
    if (os.endianness() === 'LE') length.writeInt32LE(result.length)
    else length.writeInt32BE(result.length)
    socket.write(length)
    socket.write(result)
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
