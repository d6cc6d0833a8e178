// Wrong: splits joined commands, but a command that is not whole at the end of a piece is lost.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  socket.on('data', (piece) => {
    while (piece.length >= 4) {
      const end = 4 + piece.readUInt32BE(0)
      if (piece.length < end) return
      const command = piece.toString('utf8', 4, end)
      const result = Buffer.from(command.startsWith('echo ') ? command.slice(5) : 'unknown command')
      const header = Buffer.alloc(4)
      header.writeUInt32BE(result.length)
      socket.write(Buffer.concat([header, result]))
      piece = piece.subarray(end)
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
