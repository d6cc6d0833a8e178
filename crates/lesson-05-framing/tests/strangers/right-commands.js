// Right: Node, a buffer for each client, all whole commands of it at once.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    const answers = []
    while (pieces.length >= 4) {
      const end = 4 + pieces.readUInt32BE(0)
      if (end > 4 + 1024) return socket.destroy()
      if (pieces.length < end) break
      const command = pieces.subarray(4, end)
      const known = command.subarray(0, 5).equals(Buffer.from('echo '))
      const result = known ? command.subarray(5) : Buffer.from('unknown command: there is echo TEXT')
      const header = Buffer.alloc(4)
      header.writeUInt32BE(result.length)
      answers.push(header, result)
      pieces = pieces.subarray(end)
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers))
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
