// Right: Node, cork gathers both writes.
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
    socket.cork()
    socket.write(length)
    socket.write(result)
    process.nextTick(() => socket.uncork())
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
