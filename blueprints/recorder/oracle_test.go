//go:build oracle

package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/sync/errgroup"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestKustomizeOracle wants each tier, and an enterprise with each other option of each capability in place of its own, to render the
// objects that the real kustomize and Helm make of the same files and the same charts. GITOPSGEN_CHARTS is the folder that make record
// has; it takes half an hour for all, so -run names a few: -run 'TestKustomizeOracle/enterprise-ingress'.
func TestKustomizeOracle(t *testing.T) {
	charts := os.Getenv("GITOPSGEN_CHARTS")
	if charts == "" {
		t.Skip("GITOPSGEN_CHARTS: want the folder of real charts, packaged: nothing was compared")
	}
	g, err := newGenerator(charts)
	if err != nil {
		t.Fatal(err)
	}
	all, err := platforms(t.Context(), blueprints.FS)
	if err != nil {
		t.Fatal(err)
	}
	o := kustomizeOracle{charts: charts, home: t.TempDir(), made: &build.Made{}, built: map[string]*builtFolder{}}
	for _, p := range all {
		name, ok := strings.CutSuffix(p.name, addressed)
		tier, option, _ := strings.Cut(name, "-")
		if !ok || strings.HasSuffix(name, spoke) || option != "" && tier != string(blueprint.Enterprise) {
			continue // with addresses there is all that is without, and on a spoke less than on a hub
		}
		t.Run(p.name, func(t *testing.T) {
			r, err := lay(t.Context(), g, p.spec)
			if err != nil {
				t.Fatal(err)
			}
			o.compare(t, g, r)
		})
	}
}

// kustomizeOracle builds folders by the real kustomize, each of the same files once.
type kustomizeOracle struct {
	charts string
	// home has the charts unpacked, each in <name>-<version>, where kustomize looks for them.
	home  string
	made  *build.Made
	built map[string]*builtFolder
}

// builtFolder is what kustomize makes of the folder dir, or why it makes nothing.
type builtFolder struct {
	dir     string
	objects []manifest.Resource
	err     error
}

// compare holds what a repository renders to against what kustomize makes of the folders of its Applications.
func (o *kustomizeOracle) compare(t *testing.T, g generator.Generator, r generator.Repository) {
	rendered, err := g.Render(t.Context(), r, generator.RenderOptions{RequireRender: true, Made: o.made})
	if err = errors.Join(err, rendered.Failure); err != nil || len(rendered.Problems) > 0 {
		t.Fatalf("%v, %v", err, rendered.Problems)
	}
	root := filepath.Join(t.TempDir(), "repository")
	if err := gitrepo.Write(t.Context(), root, r.Tree); err != nil {
		t.Fatal(err)
	}
	folders := map[string]*builtFolder{} // by Application
	var missing []*builtFolder
	for _, app := range rendered.Applications {
		read, _ := argocd.ReadApplication(app.Object)
		folder := read.Spec.Source.Path
		if _, ok := r.Tree.File(path.Join(folder, "kustomization.yaml")); !ok {
			continue
		}
		key := filesBelow(r.Tree, folder)
		if o.built[key] == nil {
			o.built[key] = &builtFolder{dir: filepath.Join(root, filepath.FromSlash(folder))}
			missing = append(missing, o.built[key])
			o.supply(t, o.built[key].dir)
		}
		folders[app.Name] = o.built[key]
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, folder := range missing {
		group.Go(func() error { folder.build(); return nil })
	}
	_ = group.Wait()
	objects := 0
	for _, app := range rendered.Applications {
		folder := folders[app.Name]
		if folder == nil {
			continue
		}
		if folder.err != nil {
			t.Errorf("%s: %v", app.Name, folder.err)
			continue
		}
		read, _ := argocd.ReadApplication(app.Object)
		objects += len(folder.objects)
		for _, difference := range differences(rendered.Resources[app.From:app.To], folder.objects, read.Spec.Destination.Namespace) {
			t.Errorf("%s: %s", app.Name, difference)
		}
	}
	t.Logf("%d objects of %d folders, %d of them built anew", objects, len(folders), len(missing))
	if len(folders) == 0 || objects == 0 {
		t.Error("nothing was compared")
	}
}

// filesBelow tells the files of a folder apart from those of others.
func filesBelow(t tree.Tree, folder string) string {
	var b strings.Builder
	for _, f := range t.Files() {
		if inside, ok := strings.CutPrefix(f.Path, folder+"/"); ok {
			fmt.Fprintf(&b, "%q %q\n", inside, f.Data)
		}
	}
	return b.String()
}

// supply unpacks the charts that the kustomization in a folder names, and tells it where they are.
func (o *kustomizeOracle) supply(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, "kustomization.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var k struct {
		HelmCharts []struct{ Name, Version string } `json:"helmCharts"`
	}
	if err := sigs.Unmarshal(text, &k); err != nil {
		t.Fatal(err)
	}
	for _, c := range k.HelmCharts {
		name := c.Name + "-" + c.Version
		if err := unpack(filepath.Join(o.charts, name+".tgz"), filepath.Join(o.home, name)); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.HelmCharts) > 0 {
		text = fmt.Appendf(text, "helmGlobals: {chartHome: %q}\n", o.home)
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unpack puts the files of an archive into a folder, unless that is there.
func unpack(archive, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(header.Name) {
			continue
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		file := filepath.Join(dir, header.Name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			return err
		}
	}
}

// build has kustomize build the folder, where no network is to be had.
func (f *builtFolder) build() {
	cmd := exec.Command("kustomize", "build", "--enable-helm", f.dir)
	cmd.Env = append(os.Environ(), "HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		f.err = fmt.Errorf("kustomize build: %w: %.1000s", err, &stderr)
		return
	}
	objects, problems := manifest.Parse("kustomize.yaml", out)
	if len(problems) > 0 {
		f.err = fmt.Errorf("kustomize build: %v", problems)
	}
	f.objects = objects
}

// differences tells how what we render differs from what kustomize makes, which leaves out the namespace that Argo CD fills in.
func differences(rendered, built []manifest.Resource, namespace string) (all []string) {
	got, want := map[string]map[string]any{}, map[string]map[string]any{}
	for _, res := range rendered {
		got[res.ID.String()] = res.Object
	}
	for _, res := range built {
		id, object := res.ID, res.Object
		if _, ok := got[id.String()]; !ok && id.Namespace == "" {
			id.Namespace = namespace
			metadata, _ := object["metadata"].(map[string]any)
			object, metadata = maps.Clone(object), maps.Clone(metadata)
			metadata["namespace"] = namespace
			object["metadata"] = metadata
		}
		if now, ok := got[id.String()]; !ok {
			all = append(all, fmt.Sprintf("%s is not rendered", res.ID))
		} else if !reflect.DeepEqual(now, object) {
			all = append(all, fmt.Sprintf("%s differs:\n%s", id, diff.Diff("kustomize", yamlOf(object), "gitopsgen", yamlOf(now))))
		}
		want[id.String()] = object
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			all = append(all, id+" is rendered, and kustomize makes none")
		}
	}
	slices.Sort(all)
	return all
}

// yamlOf writes an object so that a person can read how it differs from another one.
func yamlOf(object any) []byte {
	text, err := sigs.Marshal(object)
	if err != nil {
		return []byte(err.Error())
	}
	return text
}
