package gate

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// server is a door with its rows prepared for look-up.
type server struct {
	gate     *Gate
	door     Door
	ops      map[string]*Op
	honours  map[string]honours
	protocol protocol
}

func newServer(g *Gate, d Door) (*server, error) {
	s := &server{gate: g, door: d, ops: map[string]*Op{}, honours: map[string]honours{}, protocol: protocolOf(d)}
	for i := range d.Ops {
		op := &d.Ops[i]
		h, err := compile(op.In, op.honours)
		if err != nil {
			return nil, fmt.Errorf("door %s: %s: %w", d.Service, op.Name, err)
		}
		if s.ops[op.Name] != nil {
			return nil, fmt.Errorf("door %s: two rows for %s", d.Service, op.Name)
		}
		if d.Known != nil && !slices.Contains(d.Known, op.Name) {
			return nil, fmt.Errorf("door %s: %s is not in Known", d.Service, op.Name)
		}
		s.ops[op.Name], s.honours[op.Name] = op, h
	}
	return s, nil
}

// serve is the life of one request.
func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	name, out, err := s.answer(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.door.Codec.Encode(w, name, RequestID(r.Context()), out); err != nil {
		s.gate.cfg.Log.Warn("answer not written", "service", s.door.Service, "operation", name,
			"request", RequestID(r.Context()), "error", err)
	}
}

func (s *server) answer(w http.ResponseWriter, r *http.Request) (name string, out any, err error) {
	r, body, err := s.gate.admitWhole(w, r, s.door.Service)
	if err != nil {
		return "", nil, err
	}
	name, err = s.operation(r, body)
	if err != nil {
		return "", nil, err
	}
	op := s.ops[name]
	if op == nil {
		return "", nil, s.unknown(name)
	}
	Name(r.Context(), name)
	in := reflect.New(op.In)
	unknown, err := s.door.Codec.Decode(r, body, in.Interface())
	if err != nil {
		if fault.ReasonOf(err) == nil {
			err = BadBody.New(err.Error())
		}
		return "", nil, err
	}
	if len(unknown) > 0 {
		return "", nil, Unhonoured.New(name, unknown[0])
	}
	if field := s.honours[name].violated(in.Elem()); field != "" {
		return "", nil, Unhonoured.New(name, field)
	}
	if err := s.authorize(r, op, in.Interface()); err != nil {
		return "", nil, err
	}
	out, err = op.call(r.Context(), in.Interface())
	return name, out, err
}

// operation finds the operation's name where the door's protocol has it.
func (s *server) operation(r *http.Request, body []byte) (string, error) {
	if s.door.Version == "" {
		target, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if target != s.door.Target || name == "" {
			return "", UnknownOperation.New(r.Header.Get("X-Amz-Target"), s.door.Service)
		}
		return name, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", BadBody.New("the form is not correctly percent-encoded")
	}
	name, version := form.Get("Action"), form.Get("Version")
	if name == "" {
		form = r.URL.Query()
		name, version = form.Get("Action"), form.Get("Version")
	}
	if name == "" {
		return "", UnknownOperation.New("(no Action)", s.door.Service)
	}
	if version != s.door.Version {
		return "", UnknownOperation.New(name+" of version "+version, s.door.Service)
	}
	return name, nil
}

// unknown refuses an operation by its name: one of the real service that this
// server does not serve, or one that nobody has heard of.
func (s *server) unknown(name string) error {
	if slices.Contains(s.door.Known, name) {
		return NotServed.New(name, s.door.Service)
	}
	return UnknownOperation.New(name, s.door.Service)
}

func (s *server) authorize(r *http.Request, op *Op, in any) error {
	if op.anyCaller {
		return nil
	}
	action := op.Action
	if action == "" {
		action = s.door.Service + ":" + op.Name
	}
	resources := []string{"*"}
	if op.resource != nil {
		if named := op.resource(in); len(named) > 0 {
			resources = named
		}
	}
	var conditions map[string][]string
	if op.conditions != nil {
		conditions = op.conditions(in)
	}
	for _, resource := range resources {
		if err := s.gate.Authorize(r.Context(), action, resource, conditions); err != nil {
			return err
		}
	}
	return nil
}

// fail answers with the protocol's name for a refusal.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := s.code(err)
	id := RequestID(r.Context())
	if code.Status >= 500 {
		s.gate.cfg.Log.Error("request failed", "service", s.door.Service, "operation", callOf(r.Context()).name(),
			"request", id, "error", err)
	}
	if s.door.Members != nil {
		if codec, ok := s.door.Codec.(MemberCodec); ok {
			codec.FaultWith(w, code.Status, code.Name, fault.Message(err), id, s.door.Members(err))
			return
		}
	}
	s.door.Codec.Fault(w, code.Status, code.Name, fault.Message(err), id)
}

func (s *server) code(err error) Code {
	reason := fault.ReasonOf(err)
	if c, ok := s.door.Codes[reason]; ok && reason != nil {
		return c
	}
	if c, ok := s.protocol.codes[reason]; ok && reason != nil {
		return c
	}
	return s.protocol.kinds[fault.KindOf(err)]
}

// panicked answers for a handler that panicked.
func (s *server) panicked(w http.ResponseWriter, r *http.Request) {
	code := s.protocol.kinds[fault.Internal]
	s.door.Codec.Fault(w, code.Status, code.Name, "internal error", RequestID(r.Context()))
}
