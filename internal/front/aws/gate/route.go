package gate

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// Router is the handler of the AWS address: it sends each request to its
// service's door. A request says which service it wants by X-Amz-Target (JSON
// protocols), by the service in its credential scope, or by nothing, which is
// S3. objects is the S3 door's handler.
func (g *Gate) Router(objects http.Handler, doors ...Door) (http.Handler, error) {
	rt := &router{objects: objects, targets: map[string]http.Handler{}, services: map[string]http.Handler{"s3": objects}}
	for _, d := range doors {
		h, err := g.Handle(d)
		if err != nil {
			return nil, err
		}
		if rt.services[d.Service] != nil {
			return nil, fmt.Errorf("two doors for service %s", d.Service)
		}
		rt.services[d.Service] = h
		if d.Target != "" {
			rt.targets[d.Target] = h
			rt.json = cmpHandler(rt.json, g.refuse(d))
		}
		if d.Version != "" {
			rt.query = cmpHandler(rt.query, g.refuse(d))
		}
	}
	if rt.json == nil {
		rt.json = objects
	}
	if rt.query == nil {
		rt.query = objects
	}
	return rt, nil
}

func cmpHandler(a, b http.Handler) http.Handler {
	if a != nil {
		return a
	}
	return b
}

type router struct {
	targets  map[string]http.Handler // by X-Amz-Target prefix
	services map[string]http.Handler // by the credential scope's service
	objects  http.Handler
	// What answers for a service that is not here, in the protocol's form.
	json, query http.Handler
}

func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) { rt.route(r).ServeHTTP(w, r) }

func (rt *router) route(r *http.Request) http.Handler {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		prefix, _, _ := strings.Cut(target, ".")
		if h := rt.targets[prefix]; h != nil {
			return h
		}
		return rt.json
	}
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	service := scopeService(r)
	switch h := rt.services[service]; {
	case h != nil:
		return h
	case service == "" && r.URL.Path == "/" && (r.Method == http.MethodPost && form || r.URL.Query().Has("Action")):
		return rt.query // nobody's form without a signature
	case service == "":
		return rt.objects
	case form:
		return rt.query
	}
	return rt.json
}

// scopeService is the service a request is signed for, not yet verified.
func scopeService(r *http.Request) string {
	credential := ""
	if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(rest, ",")
	} else if strings.Contains(r.URL.RawQuery, "X-Amz-Credential=") {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	if parts := strings.Split(credential, "/"); len(parts) >= 4 {
		return parts[len(parts)-2]
	}
	return ""
}

// refuse answers, as door d would, what no door serves.
func (g *Gate) refuse(d Door) http.Handler {
	s := &server{gate: g, door: d, protocol: protocolOf(d)}
	return g.Observe("unknown", s.panicked, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := sigv4.Parse(r, g.cfg.Now()); err != nil {
			s.fail(w, r, err)
			return
		}
		name, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if name == "" {
			name = scopeService(r)
		}
		s.fail(w, r, UnknownService.New(name))
	}))
}
