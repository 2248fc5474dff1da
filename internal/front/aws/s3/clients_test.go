package s3_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
)

// client runs a command that speaks to the door, in a folder of its own.
type client struct {
	t   *testing.T
	s   *server
	dir string
}

func newClient(t *testing.T, program string, probe ...string) *client {
	if out, err := exec.Command(program, probe...).CombinedOutput(); err != nil {
		t.Skipf("%s is not installed: %v %s", program, err, out)
	}
	return &client{t, start(t), t.TempDir()}
}

// run runs the command and returns what it printed.
func (c *client) run(name string, args ...string) (string, error) {
	cmd := exec.CommandContext(c.t.Context(), name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+c.s.url, "ENDPOINT="+c.s.url, "AWS_ACCESS_KEY_ID="+identitytest.AccessKey, "AWS_SECRET_ACCESS_KEY="+identitytest.Secret,
		"AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c *client) aws(line string) string {
	c.t.Helper()
	out, err := c.run("aws", strings.Fields(line)...)
	if err != nil {
		c.t.Fatalf("aws %s: %v\n%s", line, err, out)
	}
	return out
}

func (c *client) write(name string, size int) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("0123456789abcde\n"), size/16), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) same(a, b string) {
	c.t.Helper()
	x, errX := os.ReadFile(filepath.Join(c.dir, a))
	y, errY := os.ReadFile(filepath.Join(c.dir, b))
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		c.t.Errorf("%s and %s differ: %v %v", a, b, errX, errY)
	}
}

func TestAWSCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("the AWS CLI takes its time")
	}
	c := newClient(t, "aws", "--version")
	c.write("big.bin", 30<<20)
	c.write("tree/a.csv", 160)
	c.write("tree/sub/b.csv", 32)
	c.aws("s3 mb s3://lake")
	c.aws("s3 cp big.bin s3://lake/big.bin --quiet")
	c.aws("s3 cp s3://lake/big.bin back.bin --quiet")
	c.same("big.bin", "back.bin")
	c.aws("s3 sync tree s3://lake/tree/ --quiet")
	c.aws("s3 sync s3://lake/tree/ again --quiet")
	c.same("tree/sub/b.csv", "again/sub/b.csv")
	if out := c.aws("s3 ls s3://lake/"); !strings.Contains(out, "PRE tree/") || !strings.Contains(out, "31457280 big.bin") {
		t.Errorf("ls: %s", out)
	}
	if out := c.aws("s3 ls s3://lake --recursive --summarize"); !strings.Contains(out, "Total Objects: 3") {
		t.Errorf("ls: %s", out)
	}
	c.aws("s3 cp s3://lake/big.bin s3://lake/copy.bin --quiet")
	c.aws("s3 mv s3://lake/copy.bin moved.bin --quiet")
	c.same("big.bin", "moved.bin")
	url := strings.TrimSpace(c.aws("s3 presign s3://lake/tree/a.csv"))
	if out, err := c.run("curl", "-sSf", "-o", "curl.csv", url); err != nil {
		t.Errorf("curl: %v %s", err, out)
	}
	c.same("tree/a.csv", "curl.csv")
	for _, line := range []string{
		"s3api head-object --bucket lake --key big.bin --checksum-mode ENABLED",
		"s3api get-object-attributes --bucket lake --key big.bin --object-attributes ETag ObjectParts ObjectSize Checksum",
		"s3api put-object-tagging --bucket lake --key tree/a.csv --tagging TagSet=[{Key=a,Value=b}]",
		"s3api get-object-tagging --bucket lake --key tree/a.csv",
		"s3api get-bucket-location --bucket lake", "s3api get-bucket-versioning --bucket lake", "s3api get-bucket-acl --bucket lake",
		"s3api list-buckets", "s3api list-object-versions --bucket lake", "s3api list-multipart-uploads --bucket lake",
		"s3api copy-object --bucket lake --key c --copy-source lake/tree/a.csv --metadata-directive REPLACE --metadata k=v",
		"s3api delete-objects --bucket lake --delete Objects=[{Key=c}]",
	} {
		c.aws(line)
	}
	for line, want := range map[string]string{
		"s3api get-bucket-policy --bucket lake":                                               "NoSuchBucketPolicy",
		"s3api put-bucket-versioning --bucket lake --versioning-configuration Status=Enabled": "NotImplemented",
		"s3api put-object --bucket lake --key x --acl public-read":                            "NotImplemented",
		"s3api get-object --bucket lake --key none out":                                       "NoSuchKey",
		"s3 rb s3://lake": "BucketNotEmpty",
		"s3api put-object --bucket lake --key tree/a.csv --body big.bin --if-none-match *":              "PreconditionFailed",
		"s3api create-bucket --bucket other --create-bucket-configuration LocationConstraint=eu-west-1": "IllegalLocationConstraintException",
	} {
		if out, err := c.run("aws", strings.Fields(line)...); err == nil || !strings.Contains(out, want) {
			t.Errorf("aws %s: %v %s, want %s", line, err, out, want)
		}
	}
	c.aws("s3 rm s3://lake --recursive --quiet")
	c.aws("s3 rb s3://lake")
}

// boto is what a Python program does; it fails by an exception.
const boto = `
import boto3, io, os, http.client, urllib.parse, urllib.request, botocore.client, botocore.exceptions
from boto3.s3.transfer import TransferConfig
s3 = boto3.client('s3', endpoint_url=os.environ['ENDPOINT'])
s3.create_bucket(Bucket='lake')
data = os.urandom(30 << 20)
s3.upload_fileobj(io.BytesIO(data), 'lake', 'big', Config=TransferConfig(multipart_chunksize=8 << 20, max_concurrency=4), ExtraArgs={'Metadata': {'A': 'x'}})
out = io.BytesIO()
s3.download_fileobj('lake', 'big', out)
assert out.getvalue() == data
assert s3.head_object(Bucket='lake', Key='big')['Metadata'] == {'a': 'x'}
assert s3.get_object(Bucket='lake', Key='big', Range='bytes=8388600-8388619')['Body'].read() == data[8388600:8388620]
for key in ['d', 'd/x', 'w//x', 'w/./z', 'a b+c&d=e?f#g%', 'ünï/日本', ' lead', 'x' * 1024]:
    s3.put_object(Bucket='lake', Key=key, Body=key.encode())
    assert s3.get_object(Bucket='lake', Key=key)['Body'].read() == key.encode(), key
keys = [o['Key'] for p in s3.get_paginator('list_objects_v2').paginate(Bucket='lake', PaginationConfig={'PageSize': 2}) for o in p.get('Contents', [])]
assert keys == sorted(keys, key=lambda k: k.encode()) and len(keys) == 9, keys
l = s3.list_objects_v2(Bucket='lake', Delimiter='/')
assert [p['Prefix'] for p in l['CommonPrefixes']] == ['d/', 'w/', 'ünï/'], l
v4 = boto3.client('s3', endpoint_url=os.environ['ENDPOINT'], config=botocore.client.Config(signature_version='s3v4'))
for signer in [s3, v4]:
    url = urllib.parse.urlsplit(signer.generate_presigned_url('put_object', Params={'Bucket': 'lake', 'Key': 'pre signed/ü', 'Metadata': {'a': 'b'}}))
    connection = http.client.HTTPConnection(url.netloc)
    connection.request('PUT', url.path + '?' + url.query, body=b'hello', headers={'x-amz-meta-a': 'b'})
    r = connection.getresponse()
    assert r.status == 200, r.read()
    url = signer.generate_presigned_url('get_object', Params={'Bucket': 'lake', 'Key': 'pre signed/ü', 'ResponseContentType': 'text/x'})
    r = urllib.request.urlopen(url)
    assert r.read() == b'hello' and r.headers['Content-Type'] == 'text/x'
for algorithm in ['CRC32', 'CRC64NVME', 'SHA1', 'SHA256']:
    try:
        s3.put_object(Bucket='lake', Key='sum', Body=b'x' * 70000, ChecksumAlgorithm=algorithm)
        assert 'Checksum' + algorithm in s3.head_object(Bucket='lake', Key='sum', ChecksumMode='ENABLED')
    except botocore.exceptions.MissingDependencyException:
        pass
try:
    s3.get_object(Bucket='lake', Key='none')
    assert False
except s3.exceptions.NoSuchKey:
    pass
r = s3.delete_objects(Bucket='lake', Delete={'Objects': [{'Key': k} for k in keys]})
assert len(r['Deleted']) == 9
print('done')
`

func TestBoto3(t *testing.T) {
	if testing.Short() {
		t.Skip("Python takes its time")
	}
	c := newClient(t, "python3", "-c", "import boto3")
	if out, err := c.run("python3", "-c", boto); err != nil || !strings.Contains(out, "done") {
		t.Errorf("%v\n%s", err, out)
	}
}

// arrow is what PyArrow's file system does, by the AWS SDK for C++.
const arrow = `
import os, pyarrow as pa, pyarrow.fs as fs, pyarrow.parquet as pq
scheme, host = os.environ['ENDPOINT'].split('://')
s = fs.S3FileSystem(endpoint_override=host, scheme=scheme, region='us-east-1', access_key=os.environ['AWS_ACCESS_KEY_ID'],
    secret_key=os.environ['AWS_SECRET_ACCESS_KEY'], allow_bucket_creation=True, allow_bucket_deletion=True)
s.create_dir('lake/dir')
pq.write_table(pa.table({'a': list(range(1000000))}), 'lake/dir/x.parquet', filesystem=s)
assert pq.read_table('lake/dir/x.parquet', filesystem=s).num_rows == 1000000
assert 'lake/dir/x.parquet' in [f.path for f in s.get_file_info(fs.FileSelector('lake', recursive=True))]
s.move('lake/dir/x.parquet', 'lake/y.parquet')
s.delete_dir('lake')
print('done')
`

func TestPyArrow(t *testing.T) {
	if testing.Short() {
		t.Skip("Python takes its time")
	}
	c := newClient(t, "python3", "-c", "import pyarrow.fs")
	if out, err := c.run("python3", "-c", arrow); err != nil || !strings.Contains(out, "done") {
		t.Errorf("%v\n%s", err, out)
	}
}
