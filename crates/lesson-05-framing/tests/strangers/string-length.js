// Wrong: the length of a JavaScript string counts UTF-16 units.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const length = pieces.readUInt32BE(0)
      if (length > 65536) return socket.destroy()
      if (pieces.length < 4 + length) return
      const text = pieces.toString('utf8', 4, 4 + length)
      const header = Buffer.alloc(4)
      header.writeUInt32BE(text.length)
      socket.write(header)
      socket.write(text)
      pieces = pieces.subarray(4 + length)
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
