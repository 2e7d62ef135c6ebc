package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/templates"
)

var chartsFlag = flag.String("charts", "", "record what the charts of this folder, or of the repository under this URL, render to")

const recordsDir = "blueprints/records"

// TestRecords wants a record of each component's charts, in each tier and with each option of each capability, with and
// without addresses, and no others. make record writes them, from a folder of <name>-<version>.tgz or from a repository
// that has all charts.
func TestRecords(t *testing.T) {
	if *chartsFlag == "" {
		t.Parallel() // with charts it renders, and no program is found meanwhile
	}
	dir := filepath.Join(repositoryRoot, recordsDir)
	r := recorder{records: map[string]*record.Record{}}
	if *chartsFlag == "" {
		r.read(t, os.DirFS(dir))
	} else {
		r.charts = newMirror(t)
	}
	wanted := map[string]bool{}
	for _, c := range recordCases(t) {
		for _, key := range r.record(t, c) {
			wanted[key] = true
		}
	}
	for file, rec := range r.records {
		for _, key := range rec.Keys {
			if !wanted[key] {
				t.Errorf("%s: no platform has these charts with the values of key %.8s: make record", file, key)
			}
		}
	}
	if r.charts == nil || t.Failed() {
		return
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for file, rec := range r.records {
		data, err := rec.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// recordCase is a platform whose charts are recorded.
type recordCase struct {
	// name says what is particular: the tier, and what is not as the tier has it.
	name string
	spec blueprint.Spec
}

// addressed ends the name of a case with addresses.
const addressed = "-addresses"

// recordCases are the platforms of all tiers, with each option of a capability instead of the tier's own, without and
// with addresses.
func recordCases(t *testing.T) []recordCase {
	var cases []recordCase
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		changes := []map[string]blueprint.Capability{nil}
		names := []string{""}
		for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
			for _, option := range slices.Sorted(maps.Keys(can.Capabilities[capability].Options)) {
				changes = append(changes, map[string]blueprint.Capability{capability: {Option: option}})
				names = append(names, "-"+capability+"-"+option)
			}
		}
		addresses := blueprint.Networks{VirtualIP: "192.0.2.1", LoadBalancer: []string{"198.51.100.0/24"}}
		for i, change := range changes {
			plain := blueprint.Spec{Tier: tier, Capabilities: change}
			with := plain
			with.Clusters = []blueprint.Cluster{{Name: blueprint.DefaultCluster, Networks: addresses}}
			cases = append(cases,
				recordCase{string(tier) + names[i], plain.WithDefaults()},
				recordCase{string(tier) + names[i] + addressed, with.WithDefaults()},
			)
		}
	}
	// The plainest come first: a later case that renders alike needs no record of its own.
	slices.SortStableFunc(cases, func(a, b recordCase) int { return strings.Count(a.name, "-") - strings.Count(b.name, "-") })
	return cases
}

var librarySource = blueprint.Source{Library: blueprints.FS}

// recorder checks or makes records, by the names of their files.
type recorder struct {
	records map[string]*record.Record
	// charts is where they are made from; nil where they are checked.
	charts render.Charts
}

// read takes the records that are there.
func (r recorder) read(t *testing.T, dir fs.FS) {
	files, err := fs.Glob(dir, "*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want records", files, err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		r.records[file] = &record.Record{}
		if err := yaml.Unmarshal(data, r.records[file]); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
}

// find gives the record of a component for which is holds; nil where there is none.
func (r recorder) find(component string, is func(*record.Record) bool) *record.Record {
	for _, file := range slices.Sorted(maps.Keys(r.records)) {
		if path.Dir(file) == component && is(r.records[file]) {
			return r.records[file]
		}
	}
	return nil
}

// record wants a record of each component of a case, or makes those that are lacking, and gives the keys of all.
func (r recorder) record(t *testing.T, c recordCase) []string {
	keys, err := recordKeys(t.Context(), librarySource, c.spec)
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	of := keys[blueprint.DefaultCluster]
	var result render.Result
	for _, component := range slices.Sorted(maps.Keys(of)) {
		if r.find(component, func(rec *record.Record) bool { return slices.Contains(rec.Keys, of[component]) }) != nil {
			continue
		}
		if r.charts == nil {
			t.Errorf("%s/%s: there is no record with the key %.8s: make record", component, c.name, of[component])
			continue
		}
		if result.Resources == nil {
			result = renderTwice(t, c, r.charts)
		}
		made := newRecord(t, of[component], component, result, r.charts)
		if same := r.find(component, func(rec *record.Record) bool { return reflect.DeepEqual(rec.Charts, made.Charts) }); same != nil {
			same.Keys = append(same.Keys, made.Keys...)
			slices.Sort(same.Keys)
			continue
		}
		r.records[path.Join(component, c.name+".yaml")] = &made
	}
	return slices.Collect(maps.Values(of))
}

// mirror gives the charts of any repository out of one place: a folder, or an HTTP repository or OCI registry under a URL.
type mirror struct {
	place   string
	network *chart.Network
}

// newMirror is the mirror that -charts names. It is logged in to as the program would be.
func newMirror(t *testing.T) mirror {
	if strings.Contains(*chartsFlag, "://") {
		p := program{environment{getenv: os.Getenv}}
		_, network := p.chartPlaces(chartOptions{})
		return mirror{*chartsFlag, network}
	}
	if info, err := os.Stat(*chartsFlag); err != nil || !info.IsDir() {
		t.Fatalf("-charts %q: want a folder of <name>-<version>.tgz, or a URL that begins with https, http or oci", *chartsFlag)
	}
	return mirror{place: *chartsFlag}
}

func (m mirror) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	if m.network != nil {
		return chart.Mirror{From: ref.Repo, To: m.place, Ask: m.network.Chart}.Chart(ctx, ref)
	}
	return chart.Folder{From: ref.Repo, FS: os.DirFS(m.place)}.Chart(ctx, ref)
}

// renderTwice renders a platform with its charts, and again: charts that make something up as they render cannot be
// recorded, nor synced. Nor can those that write what the API server does not keep, or whose data goes with an Application.
// And it wants every image from a mirror, where there is one.
func renderTwice(t *testing.T, c recordCase, charts render.Charts) render.Result {
	var results [2]render.Result
	for i := range results {
		results[i] = renderCase(t, c, charts).result
	}
	for i, res := range results[0].Resources {
		if again := results[1].Resources[i]; fmt.Sprint(res.Object) != fmt.Sprint(again.Object) {
			t.Errorf("%s: %s of %s renders otherwise each time", c.name, res.ID, res.Origin.Chart)
		}
		for _, fault := range slices.Concat(notKept(res.ID, res.Object), lost(res.ID, res.Object)) {
			t.Errorf("%s: %s of %s: %s", c.name, res.ID, res.Origin.Chart, fault)
		}
	}
	if strings.HasSuffix(c.name, addressed) {
		return results[0] // which images there are does not depend on addresses
	}
	mirrored := c
	mirrored.spec.Registries = everything
	for _, res := range renderCase(t, mirrored, charts).result.Resources {
		for _, name := range image.Find(res.Object) {
			if !strings.HasPrefix(name, mirrorOfImages) {
				t.Errorf("%s: %s: the image %s is from elsewhere than the mirror", c.name, res.ID, name)
			}
		}
	}
	return results[0]
}

// renderCase renders a platform with charts, or by records where there are none.
func renderCase(t *testing.T, c recordCase, charts render.Charts) rendered {
	b, _, err := blueprint.Evaluate(t.Context(), librarySource, c.spec)
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	text, err := sigs.Marshal(c.spec)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := recordKeys(t.Context(), librarySource, c.spec)
	if err != nil {
		t.Fatal(err)
	}
	made, err := layout.Tree(layout.Input{
		Spec: c.spec, SpecText: text, Blueprint: b, RecordKeys: keys, Templates: templates.FS, Version: version,
	})
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	o := checkOptions{tier: c.spec.Tier}
	if charts != nil {
		o.charts, o.requireRender = []render.Charts{charts}, true
	}
	r, err := renderTree(t.Context(), made, o)
	if err := cmp.Or(err, r.failure); err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	return r
}

// newRecord makes the record of one component out of what a whole platform renders to.
func newRecord(t *testing.T, key, component string, result render.Result, charts render.Charts) record.Record {
	kinds, err := namespacedKinds()
	if err != nil {
		t.Fatal(err)
	}
	bundled := func(group, kind string) bool {
		_, known := kinds(group, kind)
		return known
	}
	r := record.Record{Keys: []string{key}}
	seen := map[string]bool{}
	for _, res := range result.Resources {
		if res.Origin.Application != blueprint.DefaultCluster+"-"+component || res.Origin.Chart == "" || seen[res.Origin.Chart] {
			continue
		}
		seen[res.Origin.Chart] = true
		name, version, _ := strings.Cut(res.Origin.Chart, " ")
		c := record.Chart{Name: name, Version: version}
		if found, err := charts.Chart(t.Context(), chart.Ref{Repo: "https://any.example.org", Name: name, Version: version}); err == nil {
			c.Content = found.Content
		}
		c.Images, c.Objects = facts(result.Resources, res.Origin, bundled)
		r.Charts = append(r.Charts, c)
	}
	return r
}

// facts reduces what a chart of an Application rendered to, and gives the images that the reduced objects do not show.
func facts(resources []manifest.Resource, from manifest.Origin, known func(group, kind string) bool) (images []string, objects []map[string]any) {
	hidden := map[string]bool{}
	for _, res := range resources {
		if res.Origin.Application != from.Application || res.Origin.Chart != from.Chart {
			continue
		}
		reduced := record.Reduce(res.Object)
		if res.ID.Kind == "CustomResourceDefinition" && !known(text(res.Object, "spec", "group"), text(res.Object, "spec", "names", "kind")) {
			reduced = record.ReduceCRD(res.Object)
		}
		objects = append(objects, reduced)
		shown := image.Find(reduced)
		for _, name := range image.Find(res.Object) {
			if !slices.Contains(shown, name) {
				hidden[name] = true
			}
		}
	}
	for _, object := range objects {
		for _, name := range image.Find(object) {
			delete(hidden, name)
		}
	}
	return slices.Sorted(maps.Keys(hidden)), objects
}

// TestRecordsAreFound wants what differs from site to site to leave the keys of records as they are, and what somebody
// chose to change them.
func TestRecordsAreFound(t *testing.T) {
	t.Parallel()
	key := func(spec blueprint.Spec) string {
		keys, err := recordKeys(t.Context(), librarySource, spec.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		for _, component := range slices.Sorted(maps.Keys(keys[spec.WithDefaults().Clusters[0].Name])) {
			fmt.Fprintln(&b, component, keys[spec.WithDefaults().Clusters[0].Name][component])
		}
		return b.String()
	}
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		want := key(blueprint.Spec{Tier: tier})
		same := map[string]blueprint.Spec{
			"name, domain and URL": {Tier: tier, Name: "acme", Domain: "acme.test", Repository: blueprint.Repository{URL: "https://git.acme.test/a.git", Branch: "trunk"}},
			"cluster":              {Tier: tier, Clusters: []blueprint.Cluster{{Name: "edge", Domain: "edge.acme.test"}}},
			"mirror":               {Tier: tier, Registries: blueprint.Registries{Mirror: blueprint.Mirror{Images: map[string]string{"*": "r.acme.test/"}, Charts: map[string]string{"*": "oci://r.acme.test/charts"}}}},
		}
		for name, spec := range same {
			if got := key(spec); got != want {
				t.Errorf("%s: another %s changes the keys from\n%sto\n%s", tier, name, want, got)
			}
		}
		chosen := map[string]any{"replicas": 7.0}
		spec := blueprint.Spec{Tier: tier, Components: map[string]blueprint.ComponentSettings{"metrics-server": {Values: chosen}}}
		if key(spec) == want {
			t.Errorf("%s: values of a component change no key", tier)
		}
	}
}
