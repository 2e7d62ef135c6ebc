package manifest_test

import (
	"runtime"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Nodes are given back when nobody holds them, and read again as they were: in a list, at another path, and moved.
func TestDocumentIsReadAgain(t *testing.T) {
	const text = "# lamps\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Lamp\n  metadata: {name: a}\n---\n" +
		"apiVersion: v1\nkind: Lamp\nmetadata: &own\n  name: b\nlike: *own\n"
	file := manifest.ReadFile("lamps.yaml", []byte(text))
	if len(file.Problems) > 0 || len(file.Resources) != 2 {
		t.Fatalf("got %d objects, %v", len(file.Resources), file.Problems)
	}
	read := manifest.Unfold(file.At("others.yaml").Resources, func(id manifest.ID) bool { return id.Kind == "List" })
	check := func() {
		t.Helper()
		for i, got := range []manifest.Place{read[0].Place("metadata", "name"), read[1].Place("like", "name"), read[1].KeyPlace("like")} {
			if want := []string{"others.yaml:8:20", "others.yaml:13:9", "others.yaml:14:1"}[i]; got.String() != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	check()
	before := read[0].Origin.Document.Node()
	runtime.GC()
	check()
	if read[0].Origin.Document.Node() == before {
		t.Error("all nodes are held where one is")
	}

	file.Move(func(n *yaml.Node) { n.Line += 100 })
	read = file.At("others.yaml").Resources[1:]
	for range 2 {
		if got := read[0].Place("metadata", "name"); got.Line != 113 || read[0].Origin.Place.Line != 110 {
			t.Errorf("moved: got %s in %s, want 100 lines further below", got, read[0].Origin.Place)
		}
		runtime.GC()
	}
}

func TestDocumentAt(t *testing.T) {
	docs, problems := manifest.ReadDocuments("lamp.yaml", []byte("lamp:\n  watts: 5\n"))
	if len(docs) != 1 || len(problems) > 0 {
		t.Fatal(len(docs), problems)
	}
	if n := docs[0].At("lamp").At("watts").Node(); n.Value != "5" || n.Line != 2 {
		t.Errorf("got %q on line %d", n.Value, n.Line)
	}
	var none *manifest.Document
	if docs[0].At("lamp", "color") != nil || none.At("lamp") != nil {
		t.Error("got what is not there")
	}
	if n := docs[0].Node(); manifest.Held(n).Node() != n || manifest.Held(n).At("lamp").Node() != docs[0].At("lamp").Node() {
		t.Error("got others than those that are held")
	}
}
