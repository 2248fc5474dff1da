package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

var gone = fault.Define("thing.gone", fault.NotFound, "thing %q is gone")

func TestFault(t *testing.T) {
	disk := errors.New("open /var/lib/x: permission denied")
	for _, tt := range []struct {
		name string
		err  error
		kind fault.Kind
		is   bool
		msg  string
	}{
		{"refusal", gone.New("a"), fault.NotFound, true, `thing "a" is gone`},
		{"wrapped on the way up", fmt.Errorf("list: %w", gone.New("a")), fault.NotFound, true, `thing "a" is gone`},
		{"cause stays out of the message", gone.Wrap(disk, "a"), fault.NotFound, true, `thing "a" is gone`},
		{"accident", disk, fault.Internal, false, "internal error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.kind {
				t.Errorf("kind %v, want %v", got, tt.kind)
			}
			if got := errors.Is(tt.err, gone); got != tt.is {
				t.Errorf("Is %v, want %v", got, tt.is)
			}
			if got := fault.Message(tt.err); got != tt.msg {
				t.Errorf("message %q, want %q", got, tt.msg)
			}
		})
	}
}
