package glue_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
)

// run runs a client program against the server and returns what it prints.
func run(t *testing.T, endpoint string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+endpoint, "AWS_ACCESS_KEY_ID="+identitytest.AccessKey, "AWS_SECRET_ACCESS_KEY="+identitytest.Secret,
		"AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestWrangler runs testdata/wrangler.py on unmodified awswrangler and boto3.
func TestWrangler(t *testing.T) {
	if out, err := exec.Command("python3", "-c", "import awswrangler").CombinedOutput(); err != nil {
		t.Skipf("awswrangler is not installed (pip install awswrangler): %s", out)
	}
	_, srv, _ := openAll(t)
	out, err := run(t, srv.URL, "python3", "testdata/wrangler.py")
	if err != nil || !strings.HasPrefix(out, "ok") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestCommandLine runs the AWS CLI.
func TestCommandLine(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not installed (pip install awscli)")
	}
	_, srv, _ := openAll(t)
	for _, c := range []struct{ args, want, fails string }{
		{args: `create-database --database-input {"Name":"lake"}`},
		{args: `create-table --database-name lake --table-input {"Name":"T","PartitionKeys":[{"Name":"d","Type":"date"}],"StorageDescriptor":{"Columns":[{"Name":"a","Type":"int"}],"Location":"s3://lake/t/"}}`},
		{args: `batch-create-partition --database-name lake --table-name t --partition-input-list [{"Values":["2024-02-28"]},{"Values":["2024-02-29"]}]`, want: `{"Errors":[]}`},
		{args: `get-partitions --database-name lake --table-name t --expression d>'2024-02-28' --query Partitions[].Values`, want: `[["2024-02-29"]]`},
		{args: `get-partitions --database-name lake --table-name t --page-size 1 --query length(Partitions)`, want: `2`},
		{args: `get-table --database-name LAKE --name T --query Table.[Name,Retention,StorageDescriptor.Compressed]`, want: `["t",0,false]`},
		{args: `get-table --database-name lake --name none`, fails: "(EntityNotFoundException) when calling the GetTable operation: Table none not found."},
		{args: `get-crawlers`, fails: "(UnknownOperationException) when calling the GetCrawlers operation: The operation GetCrawlers of glue is not built into this server"},
		{args: `delete-database --name lake`},
		{args: `get-databases`, want: `{"DatabaseList":[]}`},
	} {
		out, err := run(t, srv.URL, append([]string{"aws", "--output", "json", "glue"}, strings.Fields(c.args)...)...)
		if c.fails != "" {
			if err == nil || !strings.Contains(out, c.fails) {
				t.Errorf("%s: %v %s", c.args, err, out)
			}
			continue
		}
		if err != nil || flat(out) != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.args, err, flat(out), c.want)
		}
	}
}

// flat writes JSON without spaces; nothing for nothing.
func flat(out string) string {
	var v any
	if json.Unmarshal([]byte(out), &v) != nil {
		return strings.TrimSpace(out)
	}
	b, _ := json.Marshal(v) // it was just read
	return string(b)
}
