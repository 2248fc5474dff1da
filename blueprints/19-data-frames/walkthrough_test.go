package frames_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/app/apptest"
	"github.com/boathouse-data/boathouse/internal/app/demo"
)

// The walk through the post, with unmodified awswrangler against a whole
// server. The script checks its numbers itself; see Expected there.
func TestWalkthrough(t *testing.T) {
	apptest.NeedPython(t, "awswrangler", "pandas", "matplotlib", "boto3")
	s := apptest.Start(t)
	files, plots := filepath.Join(t.TempDir(), "csv"), t.TempDir()
	if err := demo.Run(t.Context(), demo.Config{Generate: files}, io.Discard); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "python3", "walkthrough.py", "--files", files, "--plots", plots, "--clean-up")
	cmd.Env = s.Environ()
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "all as counted") {
		t.Error("the script did not come to its end")
	}
	for _, name := range []string{"average.png", "moving-average.png"} {
		if info, err := os.Stat(filepath.Join(plots, name)); err != nil || info.Size() < 5000 {
			t.Errorf("plot %s: %v, %v", name, info, err)
		}
	}
}
