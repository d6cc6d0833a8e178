// Mistake: no handler for the event 'error' of a socket: a reset ends the whole process.
const net = require('net');
net.createServer(socket => socket.pipe(socket)).listen(+process.argv[3], process.argv[2]);
