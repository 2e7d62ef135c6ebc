package chart_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

func TestUnpack(t *testing.T) {
	c, err := chart.Unpack(charttest.Pack(charttest.Entry{Header: tar.Header{Name: "lamp/", Typeflag: tar.TypeDir, Mode: 0o755}},
		charttest.File("lamp/templates/a.yaml", "a"), charttest.File("lamp/Chart.yaml", "name: lamp\n"), charttest.File("lamp/.gitignore", "*"),
	))
	if err != nil || len(c.Files) != 2 || c.Files[0].Path != "templates/a.yaml" || c.Published {
		t.Fatalf("got %v, %v, want the files inside of lamp without .gitignore", c, err)
	}
	// What find and sha256sum print of the same files.
	const want = "sha256:3d033a830f8e8155fde11d89dc7e1f31007291b80dcd5b7448fcc150bc47f00e"
	if c.Content != want {
		t.Errorf("content: got %s, want %s", c.Content, want)
	}
}

// TestUnpackRefuses goes through archives that are wrong, each in one way.
func TestUnpackRefuses(t *testing.T) {
	good := charttest.Lamp("1.0.0")
	many := []charttest.Entry{charttest.File("lamp/Chart.yaml", "")}
	for i := range 10_001 {
		many = append(many, charttest.File("lamp/"+strings.Repeat("a", i%100+1)+"/"+strings.Repeat("b", i/100+1), ""))
	}
	for name, test := range map[string]struct {
		archive []byte
		want    string
	}{
		"no archive":    {[]byte("no archive"), "its archive is no gzipped tar archive: "},
		"truncated":     {good[:len(good)/2], "its archive is truncated"},
		"without sum":   {good[:len(good)-4], "its archive is truncated"},
		"no chart":      {charttest.Pack(charttest.File("lamp/values.yaml", "")), "its archive holds no chart: there is no Chart.yaml in its folder"},
		"parent":        {charttest.Pack(charttest.File("lamp/Chart.yaml", ""), charttest.File("lamp/../../x", "")), `its archive holds "lamp/../../x", which leads out of the chart's folder`},
		"parent at top": {charttest.Pack(charttest.File("../x", "")), `its archive holds "../x", which leads out of the chart's folder`},
		"backslashes":   {charttest.Pack(charttest.File(`lamp\..\..\x`, "")), `its archive holds "lamp\\..\\..\\x", which leads out of the chart's folder`},
		"absolute":      {charttest.Pack(charttest.File("/lamp/Chart.yaml", "")), `its archive holds "/lamp/Chart.yaml", which leads out of the chart's folder`},
		"link":          {charttest.Pack(charttest.Entry{Header: tar.Header{Name: "lamp/x", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}}), `its archive holds "lamp/x", which is a link or no file at all`},
		"hard link":     {charttest.Pack(charttest.Entry{Header: tar.Header{Name: "lamp/x", Linkname: "/etc/passwd", Typeflag: tar.TypeLink}}), `its archive holds "lamp/x", which is a link or no file at all`},
		"double":        {charttest.Pack(charttest.File("lamp/x", ""), charttest.File("lamp/x", "")), `its archive holds "x" twice`},
		"many files":    {charttest.Pack(many...), "its archive holds more than 10000 files"},
		"bomb":          {charttest.Pack(charttest.File("lamp/Chart.yaml", strings.Repeat("0", 101<<20))), "its archive unpacks to more than 100 MiB"},
		"sparse bomb":   {sparse(t, 8<<30), "its archive unpacks to more than 100 MiB"},
		"large":         {make([]byte, 32<<20+1), "its archive is larger than 32 MiB"},
	} {
		if _, err := chart.Unpack(test.archive); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

// sparse is a small archive of a chart with a file that is one hole of this size, as GNU tar writes it by PAX records.
func sparse(t *testing.T, size int64) []byte {
	t.Helper()
	var records string
	for _, r := range []string{"GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=lamp/x", fmt.Sprintf("GNU.sparse.realsize=%d", size)} {
		records += fmt.Sprintf("%d %s\n", len(r)+4, r) // two digits, a space and a line feed
	}
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	holes := fmt.Sprintf("1\n%d\n0\n", size)
	for _, data := range [][]byte{
		tarBlock("x", 'x', len(records)), padded(records), tarBlock("GNUSparseFile.0/x", '0', 512), padded(holes), make([]byte, 1024),
	} {
		if _, err := zipped.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tarBlock is the header of an entry, which the library would not write.
func tarBlock(name string, kind byte, size int) []byte {
	header := make([]byte, 512)
	for at, text := range map[int]string{
		0: name, 100: "0000644", 124: fmt.Sprintf("%011o", size), 136: "00000000000", 148: "        ", 156: string(kind), 257: "ustar\x0000",
	} {
		copy(header[at:], text)
	}
	sum := 0
	for _, b := range header {
		sum += int(b)
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
	return header
}

func padded(text string) []byte { return append([]byte(text), make([]byte, 512-len(text)%512)...) }

func TestFolder(t *testing.T) {
	folder := chart.Folder{From: "https://charts.example.org/", FS: fstest.MapFS{
		"lamp-1.0.0.tgz":   {Data: charttest.Lamp("1.0.0")},
		"broken-1.0.0.tgz": {Data: []byte("no archive")},
	}}
	for _, test := range []struct {
		ref  chart.Ref
		want string
	}{
		{chart.Ref{Repo: "https://charts.example.org", Name: "lamp", Version: "1.0.0"}, ""},
		{chart.Ref{Repo: "https://charts.example.org/stable", Name: "lamp", Version: "1.0.0"}, ""},
		{chart.Ref{Repo: "https://charts.example.org", Name: "lamp", Version: "2.0.0"}, chart.ErrNone.Error()},
		{chart.Ref{Repo: "https://charts.example.org.evil", Name: "lamp", Version: "1.0.0"}, chart.ErrNone.Error()},
		{chart.Ref{Repo: "https://charts.example.org", Name: "../lamp", Version: "1.0.0"}, chart.ErrNone.Error()},
		{chart.Ref{Repo: "https://charts.example.org", Name: "broken", Version: "1.0.0"}, "broken-1.0.0.tgz: its archive is no"},
	} {
		c, err := folder.Chart(t.Context(), test.ref)
		switch {
		case test.want == "" && (err != nil || len(c.Files) != 2 || c.Published):
			t.Errorf("%v: got %v, %v, want the chart", test.ref, c, err)
		case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
			t.Errorf("%v: got %v, want %s", test.ref, err, test.want)
		}
	}
}

// TestHome states that a chart has the same content packed and unpacked.
func TestHome(t *testing.T) {
	packed, err := chart.Unpack(charttest.Lamp("1.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	var files []tree.File
	for _, f := range packed.Files {
		f.Path = "charts/lamp-1.0.0/lamp/" + f.Path
		files = append(files, f)
	}
	made, err := tree.New(append(files, tree.File{Path: "charts/lamp-1.0.0/lamp/.gitignore"})...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := chart.Home{Tree: made, Dir: "charts"}.Chart(t.Context(), chart.Ref{Repo: "https://charts.example.org", Name: "lamp", Version: "1.0.0"})
	if err != nil || got.Content != packed.Content || got.Digest != "" {
		t.Errorf("got %v, %v, want the content %s", got, err, packed.Content)
	}
}

// TestInFollowsLinks wants links to folders to be followed, to the end of every circle and not for ever.
func TestInFollowsLinks(t *testing.T) {
	made, err := tree.New(tree.File{Path: "lamp/Chart.yaml"}, tree.File{Path: "shared/a.yaml"}, tree.File{Path: "shared/deep/b.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	linked := made.WithUnread(
		tree.Unread{Path: "lamp/templates", Target: "shared", Folder: true}, tree.Unread{Path: "lamp/up", Target: "lamp", Folder: true},
		tree.Unread{Path: "shared/back", Target: "lamp", Folder: true}, tree.Unread{Path: "lamp/out", Reason: "it is a link out of the repository", Folder: true},
	)
	var got []string
	for _, f := range chart.In(linked, "lamp") {
		got = append(got, f.Path)
	}
	if want := "Chart.yaml templates/a.yaml templates/deep/b.yaml"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var tangle []tree.Unread
	for i := range 400 {
		tangle = append(tangle, tree.Unread{Path: fmt.Sprintf("%d/%d", i/20, i%20), Target: fmt.Sprint(i % 20), Folder: true})
	}
	if files := chart.In(made.WithUnread(tangle...), "0"); len(files) > 0 {
		t.Errorf("got %v, want no file", files)
	}
}

// TestPin goes through all states of a lock and a chart.
func TestPin(t *testing.T) {
	for _, locked := range []chart.Pin{{}, {Digest: "a"}, {Content: "a"}, {Digest: "a", Content: "a"}} {
		for _, digest := range []string{"", "a", "b"} {
			for _, content := range []string{"a", "b"} {
				for _, published := range []bool{false, true} {
					c := chart.Chart{Digest: digest, Content: content, Published: published}
					// An archive that is not the publisher's may be packed otherwise.
					want := (locked.Digest == "" || !published || digest == locked.Digest) && (locked.Content == "" || content == locked.Content)
					if err := locked.Check(c); (err == nil) != want {
						t.Errorf("%v, %v: got %v", locked, c, err)
					}
				}
			}
		}
	}
}
