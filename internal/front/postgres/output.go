package postgres

import (
	"io"
	"sync"

	"github.com/jackc/pgx/v5/pgproto3"
)

// output gathers messages and sends them in large writes. A write blocks while
// the client does not read: that is the door's back-pressure.
type output struct {
	w    io.Writer
	pool *sync.Pool
	buf  *[]byte // from the pool; nil while the session is idle
	err  error   // of the first write that failed; nothing is sent after it
}

func (o *output) bytes() []byte {
	if o.buf == nil {
		o.buf = o.pool.Get().(*[]byte)
	}
	return *o.buf
}

// set stores the buffer that appends made longer and sends it when it is full.
func (o *output) set(b []byte) {
	*o.buf = b
	if len(b) >= flushBytes {
		o.flush()
	}
}

// send adds a message.
func (o *output) send(m pgproto3.BackendMessage) {
	b, err := m.Encode(o.bytes())
	if err != nil { // longer than the protocol allows
		o.err = err
		return
	}
	o.set(b)
}

// flush sends what is gathered.
func (o *output) flush() error {
	if o.buf != nil && len(*o.buf) > 0 {
		if o.err == nil {
			_, o.err = o.w.Write(*o.buf)
		}
		*o.buf = (*o.buf)[:0]
	}
	return o.err
}

// rest gives the buffer back until there is something to say again.
func (o *output) rest() {
	if o.buf == nil {
		return
	}
	if cap(*o.buf) <= 4*flushBytes { // one grown by a huge row is left to the collector
		o.pool.Put(o.buf)
	}
	o.buf = nil
}
