package athena_test

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/app/apptest"
)

// TestWrangler walks awswrangler through a whole server.
func TestWrangler(t *testing.T) {
	for _, script := range []string{"wrangler.py", "roundtrip.py"} {
		t.Run(script, func(t *testing.T) { python(t, apptest.Start(t), script) })
	}
}

// python runs a script of testdata as a user of the server would.
func python(t *testing.T, s *apptest.Server, script string) {
	t.Helper()
	apptest.NeedPython(t, "awswrangler")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "python3", "-W", "ignore", "testdata/"+script)
	cmd.Env = s.Environ()
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}
