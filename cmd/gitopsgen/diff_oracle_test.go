//go:build oracle

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo/gittest"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestDiffOracle changes a repository at random, and wants diff to name exactly the objects that differ between what the real
// kustomize and Helm make of it before and after. The repository is an enterprise with small charts in place of the real ones.
// GITOPSGEN_EDITS says how many changes are made, GITOPSGEN_SEED which; GITOPSGEN_CHARTS is a folder with the real charts, packaged.
func TestDiffOracle(t *testing.T) {
	gittest.Isolate(t)
	changes, seed := number("GITOPSGEN_EDITS", 25), number("GITOPSGEN_SEED", 11)
	t.Logf("GITOPSGEN_SEED=%d, %d changes", seed, changes)
	dir := filepath.Join(t.TempDir(), "repository")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(repositoryRoot, "golden", "trees", "enterprise"))); err != nil {
		t.Fatal(err)
	}
	putCharts(t, dir)
	gittest.Run(t, dir, "init", "--quiet", "--initial-branch=main")
	gittest.Run(t, dir, "add", "--all", "--force")
	gittest.Run(t, dir, "commit", "--quiet", "--message=Before")
	o := oracle{dir: dir, built: map[string]builtDir{}}
	before := o.read(t)
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	var named int
	for i := range changes {
		change := changesAtRandom[i%len(changesAtRandom)]
		t.Run(fmt.Sprintf("%d-%s", i, change.name), func(t *testing.T) {
			defer func() {
				gittest.Run(t, dir, "reset", "--quiet", "--hard")
				gittest.Run(t, dir, "clean", "--quiet", "-d", "--force", "-x")
			}()
			t.Log(change.make(t, dir, r))
			named += o.compare(t, before)
		})
	}
	t.Logf("%d objects were named, kustomize built %d times", named, len(o.built))
}

// smallChart are the templates of a chart that makes of each of its values an object, and of all of them a workload.
const smallChart = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels: {helm.sh/chart: "{{ .Chart.Name }}-{{ .Chart.Version }}"}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  serviceName: {{ .Release.Name }}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
      annotations: {checksum/values: {{ .Values | toJson | sha256sum }}}
    spec:
      containers:
        - name: main
          image: "ghcr.io/example/{{ .Chart.Name }}:{{ .Chart.Version }}"
          env:
            {{- range $name := keys .Values | sortAlpha }}
            - {name: {{ $name | quote }}, value: {{ index $.Values $name | toJson | trunc 200 | quote }}}
            {{- end }}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
{{- range $name := keys .Values | sortAlpha }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $name | lower }}
  namespace: {{ $.Release.Namespace }}
data:
  values: {{ index $.Values $name | toPrettyJson | quote }}
{{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ .Release.Name }}-small
  labels: {app.kubernetes.io/version: {{ .Chart.Version | quote }}}
rules: []
`

// putCharts puts the charts that a repository names into it, as gitopsgen vendor would: small ones, or the real ones.
func putCharts(t *testing.T, dir string) {
	t.Helper()
	for _, file := range glob(t, dir, "clusters/*/components/*/kustomization.yaml") {
		text := readText(t, file)
		var k struct {
			HelmCharts []struct{ Name, Version string } `yaml:"helmCharts"`
		}
		if err := yaml.Unmarshal([]byte(text), &k); err != nil {
			t.Fatal(err)
		}
		if len(k.HelmCharts) == 0 {
			continue
		}
		gittest.Put(t, filepath.Dir(file), map[string]string{"kustomization.yaml": text + "helmGlobals: {chartHome: ../../../../charts}\n"})
		for _, c := range k.HelmCharts {
			home := filepath.Join(dir, "charts", c.Name+"-"+c.Version)
			gittest.Put(t, filepath.Join(home, c.Name), map[string]string{
				"Chart.yaml": fmt.Sprintf("apiVersion: v2\nname: %s\nversion: %s\n", c.Name, c.Version), "values.yaml": "", "templates/all.yaml": smallChart,
			})
			if real := os.Getenv("GITOPSGEN_CHARTS"); real != "" {
				unpack(t, filepath.Join(real, c.Name+"-"+c.Version+".tgz"), home)
			}
		}
	}
	if err := os.Remove(filepath.Join(dir, filepath.FromSlash(lock.Path))); err != nil { // it pins the real charts
		t.Fatal(err)
	}
}

// unpack puts what is in an archive in the place of a folder.
func unpack(t *testing.T, archive, dir string) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("tar", "-xzf", archive, "-C", dir).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", archive, err, out)
	}
}

// glob lists files of a repository, which must have some.
func glob(t *testing.T, dir, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: got %v, %v, want files", pattern, files, err)
	}
	return files
}

func readText(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// randomChange changes the repository in a directory, and says how.
type randomChange struct {
	name string
	make func(t *testing.T, dir string, r *rand.Rand) string
}

var changesAtRandom = []randomChange{
	{"value", changeValue}, {"version", changeVersion}, {"kustomization", changeKustomization}, {"removal", removeFile}, {"option", changeOption},
	{"value", changeValue}, {"object", changeObject}, {"application", changeApplication}, {"removal", removeFile},
}

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// changeScalar changes a scalar of a file at random, as another one of its type.
func changeScalar(t *testing.T, file string, r *rand.Rand) string {
	t.Helper()
	var docs []*yaml.Node
	var scalars []*yaml.Node
	var walk func(n *yaml.Node, value bool)
	walk = func(n *yaml.Node, value bool) {
		for i, child := range n.Content {
			walk(child, n.Kind != yaml.MappingNode || i%2 == 1)
		}
		if n.Kind == yaml.ScalarNode && value {
			scalars = append(scalars, n)
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(readText(t, file)))
	for {
		doc := &yaml.Node{}
		if err := decoder.Decode(doc); err != nil {
			break
		}
		docs = append(docs, doc)
		walk(doc, false)
	}
	if len(scalars) == 0 {
		return file + " has nothing to change"
	}
	n := pick(r, scalars)
	old := n.Value
	switch n.ShortTag() {
	case "!!bool":
		n.Value = strconv.FormatBool(n.Value != "true")
	case "!!int":
		n.Value += "1"
	case "!!null":
		n.Tag, n.Value = "!!str", "some"
	default:
		n.Value += "x"
	}
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	for _, doc := range docs {
		if err := encoder.Encode(doc); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s:%d: %.60q becomes %.60q", file, n.Line, old, n.Value)
}

func changeValue(t *testing.T, dir string, r *rand.Rand) string {
	return changeScalar(t, pick(r, glob(t, dir, "clusters/*/components/*/values.yaml")), r)
}

// changeObject changes an object that stands in a file.
func changeObject(t *testing.T, dir string, r *rand.Rand) string {
	files := append(glob(t, dir, "clusters/*/namespaces/*.yaml"), glob(t, dir, "clusters/*/components/*/*.yaml")...)
	files = slices.DeleteFunc(files, func(f string) bool { return kustomization.IsFile(f) || filepath.Base(f) == "values.yaml" })
	return changeScalar(t, pick(r, append(files, glob(t, dir, "clusters/*/tenants/*/team-*.yaml")...)), r)
}

// changeVersion gives a chart another version, which says so in its objects.
func changeVersion(t *testing.T, dir string, r *rand.Rand) string {
	home := pick(r, glob(t, dir, "charts/*"))
	name := filepath.Base(glob(t, home, "*")[0])
	old := strings.TrimPrefix(filepath.Base(home), name+"-")
	const now = "99.9.9"
	if err := os.CopyFS(filepath.Join(dir, "charts", name+"-"+now), os.DirFS(home)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "charts", name+"-"+now, name, "Chart.yaml")
	text := strings.Replace(readText(t, file), "\nversion: "+old, "\nversion: "+now, 1)
	gittest.Put(t, filepath.Dir(file), map[string]string{"Chart.yaml": text})
	for _, file := range glob(t, dir, "clusters/*/components/*/kustomization.yaml") {
		text := strings.ReplaceAll(readText(t, file), "name: "+name+"\n", "name: "+name+" \n")
		if before, after, ok := strings.Cut(text, "name: "+name+" \n"); ok {
			gittest.Put(t, filepath.Dir(file), map[string]string{"kustomization.yaml": before + "name: " + name + "\n" + strings.Replace(after, "version: "+old, "version: "+now, 1)})
		}
	}
	return fmt.Sprintf("chart %s %s becomes %s", name, old, now)
}

// changeOption generates the repository anew from another spec.
func changeOption(t *testing.T, dir string, r *rand.Rand) string {
	option := pick(r, []string{
		"capabilities.ingress=contour", "capabilities.ingress=traefik", "capabilities.storage=longhorn", "domain=home.example.org", "registries.mirror.images={\"quay.io/\": \"registry.example.org/quay/\"}",
		`capabilities.policy={"external": {"by": "others", "reason": "they do it"}}`, `teams=[{"name": "team-b", "owner": "ann@example.org"}]`, "components.loki.values.gateway.replicas=7",
	})
	next := filepath.Join(t.TempDir(), "next")
	scaffold(t, "--offline", "--tier=ent", "--no-commit", "--fail-on=error", "--set="+option, next)
	putCharts(t, next)
	for _, entry := range glob(t, dir, "[^.]*") {
		if err := os.RemoveAll(entry); err != nil {
			t.Fatal(err)
		}
	}
	for _, entry := range glob(t, next, "[^.]*") {
		if out, err := exec.Command("cp", "-R", entry, dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return option
}

// changeKustomization adds what changes many objects at once to a kustomization.
func changeKustomization(t *testing.T, dir string, r *rand.Rand) string {
	file := pick(r, glob(t, dir, "clusters/*/components/*/kustomization.yaml"))
	option := pick(r, []string{
		"namePrefix: my-\n", "commonAnnotations: {owner: ann}\n", "labels: [{pairs: {owner: ann}, includeTemplates: true}]\n",
		"replicas: [{name: argocd-server, count: 7}]\n", "configMapGenerator: [{name: more, literals: [a=b]}]\n", "namespace: elsewhere\n",
		"patches: [{target: {kind: Deployment|StatefulSet|DaemonSet}, patch: '- {op: add, path: /spec/minReadySeconds, value: 7}'}]\n",
	})
	gittest.Put(t, filepath.Dir(file), map[string]string{filepath.Base(file): readText(t, file) + option})
	return file + ": " + option
}

// removeFile removes an Application, with or without what it renders, or an object that stands in a file.
func removeFile(t *testing.T, dir string, r *rand.Rand) string {
	remove := func(path string) {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	switch r.IntN(3) {
	case 0:
		file := pick(r, glob(t, dir, "clusters/*/namespaces/*.yaml"))
		remove(file)
		return file + " is removed"
	case 1:
		file := pick(r, glob(t, dir, "clusters/*/apps/*.yaml"))
		remove(file)
		return file + " is removed"
	}
	folder := pick(r, glob(t, dir, "clusters/*/components/*"))
	remove(folder)
	remove(filepath.Join(dir, "clusters", "prod", "apps", filepath.Base(folder)+".yaml"))
	return folder + " is removed with its Application"
}

// changeApplication gives an Application another name, another namespace or another's folder.
func changeApplication(t *testing.T, dir string, r *rand.Rand) string {
	file := pick(r, glob(t, dir, "clusters/*/apps/*.yaml"))
	text := readText(t, file)
	change := pick(r, [][2]string{{"  name: prod-", "  name: new-"}, {"    namespace: ", "    namespace: new-"}, {"prune: true", "prune: false"}, {"path: clusters/prod/", "path: clusters/prod/gone/"}})
	gittest.Put(t, filepath.Dir(file), map[string]string{filepath.Base(file): strings.Replace(text, change[0], change[1], 1)})
	return fmt.Sprintf("%s: %q becomes %q", file, change[0], change[1])
}

// oracle builds what Applications render by the real kustomize and Helm, each equal directory once.
type oracle struct {
	dir   string
	built map[string]builtDir
}

// builtDir is what a directory renders to; failed says that it does not.
type builtDir struct {
	objects []manifest.Resource
	failed  bool
}

// rendered is what an Application renders to: objects by what names them, nil where it does not render. Objects without a
// namespace go to that of the Application.
type rendered struct {
	objects   map[string]any
	namespace string
}

// read builds all Applications that stand in files.
func (o *oracle) read(t *testing.T) map[string]rendered {
	t.Helper()
	all := map[string]rendered{}
	for _, file := range append(glob(t, o.dir, "clusters/*/apps/*.yaml"), filepath.Join(o.dir, "bootstrap", "prod.yaml")) {
		resources, _ := manifest.Parse(file, []byte(readText(t, file)))
		app, _ := argocd.ReadApplication(resources[0])
		one := rendered{namespace: app.Spec.Destination.Namespace}
		built := o.build(t, filepath.Join(o.dir, filepath.FromSlash(app.Spec.Source.Path)))
		if !built.failed {
			one.objects = map[string]any{}
		}
		for _, res := range built.objects {
			if name := one.name(res.ID); !built.failed {
				one.objects[name] = res.Object
			}
		}
		all[app.ID.Name] = one
	}
	return all
}

// clusterKinds are the kinds that stand in no namespace, besides those that say so.
var clusterKinds = []string{
	"Namespace", "CustomResourceDefinition", "StorageClass", "PriorityClass", "APIService", "IngressClass", "GatewayClass", "CSIDriver",
	"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
	"CiliumLoadBalancerIPPool", "CiliumL2AnnouncementPolicy", "VolumeSnapshotClass",
}

// name names an object as Argo CD does.
func (r rendered) name(id manifest.ID) string {
	id.Version = ""
	if id.Namespace == "" && !strings.HasPrefix(id.Kind, "Cluster") && !slices.Contains(clusterKinds, id.Kind) {
		id.Namespace = r.namespace
	}
	return fmt.Sprint(id.Group, "/", id)
}

// build builds a directory, unless one with the same files was built.
func (o *oracle) build(t *testing.T, dir string) builtDir {
	t.Helper()
	if _, err := os.Stat(dir); err != nil {
		return builtDir{failed: true}
	}
	var key strings.Builder
	var texts []string
	for _, file := range files(t, dir) {
		inside, _ := filepath.Rel(dir, file)
		text := readText(t, file)
		fmt.Fprintf(&key, "%q %q\n", inside, text)
		if !strings.Contains(inside, "/") && path.Ext(inside) == ".yaml" {
			texts = append(texts, text)
		}
	}
	if built, ok := o.built[key.String()]; ok {
		return built
	}
	out := []byte(strings.Join(texts, "\n---\n"))
	var built builtDir
	if strings.Contains(key.String(), `"kustomization.yaml" `) {
		cmd := exec.Command("kustomize", "build", "--enable-helm", dir)
		cmd.Env = append(os.Environ(), "HTTP_PROXY="+deadProxy, "HTTPS_PROXY="+deadProxy)
		var stderr strings.Builder
		var err error
		cmd.Stderr = &stderr
		if out, err = cmd.Output(); err != nil {
			t.Logf("kustomize build %s: %v: %.300s", dir, err, &stderr)
			built.failed = true
		}
	}
	resources, problems := manifest.Parse(dir, out)
	built.failed = built.failed || len(problems) > 0
	built.objects = resources
	o.built[key.String()] = built
	return built
}

// said is what diff says.
type said struct {
	Applications []struct {
		Name, Was string
		Objects   []struct {
			APIVersion, Kind, Namespace, Name, Change string
			From                                      struct{ Name string }
		}
	}
	NotCompared []struct{ Name string }
}

// compare holds what diff says of a change against the truth, and counts the objects that it names.
func (o *oracle) compare(t *testing.T, before map[string]rendered) int {
	t.Helper()
	after := o.read(t)
	var stdout, stderr bytes.Buffer
	env := environment{args: []string{"gitopsgen", "diff", "--offline", "--format=json", o.dir}, stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
	if status := run(t.Context(), env); status != statusPassed {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	var s said
	if err := json.Unmarshal(stdout.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	before = maps.Clone(before)
	lacking := map[string]bool{}
	for _, l := range s.NotCompared {
		lacking[l.Name] = true
	}
	for _, app := range s.Applications {
		_, stays := after[app.Was]
		old, was := before[app.Was]
		if _, isNew := before[app.Name]; app.Was != "" && (stays || !was || isNew) {
			t.Errorf("%s is said to have been %s", app.Name, app.Was)
		}
		if app.Was != "" {
			delete(before, app.Was)
			before[app.Name] = old
		}
	}
	got, want := s.names(before, after), differences(before, after)
	for name := range lacking {
		maps.DeleteFunc(got, func(key, _ string) bool { return strings.HasPrefix(key, name+": ") })
	}
	for _, app := range slices.Concat(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after))) {
		from, was := before[app]
		to, is := after[app]
		if fails := was && from.objects == nil || is && to.objects == nil; fails != lacking[app] {
			t.Errorf("%s: not compared %v, want %v", app, lacking[app], fails)
		}
	}
	if !reflect.DeepEqual(got, want) {
		for _, key := range slices.Sorted(maps.Keys(got)) {
			if got[key] != want[key] {
				t.Errorf("%s: said to be %s, want %q", key, got[key], want[key])
			}
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			if got[key] == "" {
				t.Errorf("%s: is %s, and not named", key, want[key])
			}
		}
	}
	return len(got)
}

// names are the objects that are named, with what is said of them: of what is moved, what happened in each Application.
func (s said) names(before, after map[string]rendered) map[string]string {
	all := map[string]string{}
	for _, app := range s.Applications {
		for _, object := range app.Objects {
			group, _, grouped := strings.Cut(object.APIVersion, "/")
			if !grouped {
				group = ""
			}
			id := manifest.ID{Group: group, Kind: object.Kind, Namespace: object.Namespace, Name: object.Name}
			side := after[app.Name]
			if object.Change == "removed" {
				side = before[app.Name]
			}
			if object.Change == "moved" {
				all[object.From.Name+": "+before[object.From.Name].name(id)] = "removed"
				object.Change = "added"
			}
			all[app.Name+": "+side.name(id)] = object.Change
		}
	}
	return all
}

// differences are the objects that differ between what Applications render to, where both are known.
func differences(before, after map[string]rendered) map[string]string {
	all := map[string]string{}
	compare := func(from, to map[string]rendered, change string) {
		for app, one := range from {
			other, there := to[app]
			if one.objects == nil || there && other.objects == nil {
				continue
			}
			for name, object := range one.objects {
				now, ok := other.objects[name]
				if !ok {
					all[app+": "+name] = change
				} else if !reflect.DeepEqual(object, now) {
					all[app+": "+name] = "changed"
				}
			}
		}
	}
	compare(before, after, "removed")
	compare(after, before, "added")
	return all
}
