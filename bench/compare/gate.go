package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/yaml"
)

// gate is that of the others.
type gate struct {
	bin, rules string
	// lacking are those of the optional programs that are not there.
	lacking []string
}

// needed are the programs without which nothing is compared; the optional ones are left out where they are not there, and the
// tables say so.
var (
	needed   = []string{"gitopsgen", "repositories", "kustomize", "helm", "kubeconform"}
	optional = []string{"conftest", "kube-linter"}
)

// checks are those of kube-linter that judge the same as the eight policies.
const checks = "host-network,latest-tag,no-read-only-root-fs,privilege-escalation-container,privileged-container,run-as-non-root,sensitive-host-mounts,unset-memory-requirements"

// newGate writes what the others judge by, so that they ask nobody.
func newGate(ctx context.Context, bin, rules string) (gate, error) {
	g := gate{bin: bin, rules: rules}
	for _, program := range needed {
		if !exists(bin, program) {
			return gate{}, fmt.Errorf("%s: there is no %s: make compare installs what is compared", bin, program)
		}
	}
	for _, program := range optional {
		if !exists(bin, program) {
			g.lacking = append(g.lacking, program)
		}
	}
	_, _, err := command(ctx, "", os.Environ(), g.program("repositories"), "-rules", rules)
	return g, err
}

func (g gate) program(name string) string { return filepath.Join(g.bin, name) }

func (g gate) has(program string) bool { return !slices.Contains(g.lacking, program) }

// application is what there is to render: a folder, by helm where it is a chart.
type application struct {
	name, namespace, dir string
	values               []string
}

// work is what a repository gives the others to do: what is rendered, and what is judged as it stands.
type work struct {
	rendered []application
	plain    []string
}

// toDo reads the Applications of a repository. Where there are none, it is judged as it stands.
func toDo(dir string) (w work, err error) {
	err = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".git":
			return fs.SkipDir
		case filepath.Ext(file) != ".yaml":
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(text, []byte("\nkind: Application\n")) {
			return err
		}
		for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
			if err := w.add(dir, document); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return nil
	})
	if len(w.rendered)+len(w.plain) == 0 {
		w.plain = []string{dir}
	}
	return w, err
}

// add adds what an Application deploys; other objects deploy nothing.
func (w *work) add(dir string, document []byte) error {
	var a struct {
		Kind     string
		Metadata struct{ Name string }
		Spec     struct {
			Destination struct{ Namespace string }
			Source      struct {
				Path string
				Helm struct{ ValueFiles []string }
			}
		}
	}
	if err := yaml.Unmarshal(document, &a); err != nil || a.Kind != "Application" {
		return err
	}
	if a.Spec.Source.Path == "" {
		return fmt.Errorf("the Application %q takes no folder of this repository", a.Metadata.Name)
	}
	at := application{name: a.Metadata.Name, namespace: a.Spec.Destination.Namespace, dir: filepath.Join(dir, a.Spec.Source.Path)}
	switch {
	case exists(at.dir, "Chart.yaml"):
		for _, file := range a.Spec.Source.Helm.ValueFiles {
			at.values = append(at.values, "--values="+filepath.Join(dir, file)) // these begin at the root
		}
		w.rendered = append(w.rendered, at)
	case exists(at.dir, "kustomization.yaml"):
		w.rendered = append(w.rendered, at)
	default:
		w.plain = append(w.plain, at.dir)
	}
	return nil
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// verdict is what a run of the others came to.
type verdict struct {
	gate, linter cost
	objects      int
}

// judge renders and judges all there is to do. What it writes goes to a new folder.
func (g gate) judge(ctx context.Context, w work, dir string) (v verdict, err error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return v, err
	}
	defer os.RemoveAll(dir)
	if v.gate, err = g.render(ctx, w.rendered, dir); err != nil {
		return v, err
	}
	judged := w.plain
	if len(w.rendered) > 0 {
		judged = append([]string{dir}, judged...)
	}
	out, shape, err := judges(ctx, dir, nil, g.program("kubeconform"), append([]string{
		"-strict", "-ignore-missing-schemas", "-summary", "-output=json",
		"-schema-location=" + g.rules + "/schemas/{{.Group}}_{{.ResourceKind}}_{{.ResourceAPIVersion}}.json",
	}, judged...)...)
	if err != nil {
		return v, err
	}
	if v.objects, err = counted(out); err != nil {
		return v, err
	}
	v.gate = v.gate.and(shape)
	if g.has("conftest") {
		out, took, err := judges(ctx, dir, nil, g.program("conftest"), append([]string{"test", "--no-color", "--policy=" + filepath.Join(g.rules, "policies")}, judged...)...)
		if err == nil && !bytes.Contains(out, []byte(" tests, ")) {
			err = fmt.Errorf("conftest judged nothing:\n%s", out)
		}
		if err != nil {
			return v, err
		}
		v.gate = v.gate.and(took)
	}
	if g.has("kube-linter") {
		_, v.linter, err = judges(ctx, dir, nil, g.program("kube-linter"), append([]string{"lint", "--do-not-auto-add-defaults", "--include=" + checks}, judged...)...)
	}
	return v, err
}

// render renders Applications into files of a folder, as many at once as there are processors.
func (g gate) render(ctx context.Context, applications []application, dir string) (total cost, err error) {
	costs := make([]cost, len(applications))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	start := time.Now()
	for i, a := range applications {
		group.Go(func() error {
			program, args := "kustomize", []string{"build", "--enable-helm", "--helm-command=" + g.program("helm"), a.dir}
			if exists(a.dir, "Chart.yaml") {
				program, args = "helm", append([]string{"template", a.name, a.dir, "--namespace=" + a.namespace}, a.values...)
			}
			text, took, err := command(ctx, dir, os.Environ(), g.program(program), args...)
			if err == nil && len(text) == 0 {
				err = errors.New("it renders to nothing")
			}
			if err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
			costs[i] = took
			return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.yaml", i)), text, 0o600)
		})
	}
	err = group.Wait()
	for _, c := range costs {
		total = total.and(c)
	}
	total.wall = time.Since(start)
	return total, err
}

// counted reads from kubeconform's summary how many objects it judged.
func counted(report []byte) (int, error) {
	var r struct {
		Summary struct{ Valid, Invalid, Errors, Skipped int }
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return 0, fmt.Errorf("kubeconform's report: %w", err)
	}
	objects := r.Summary.Valid + r.Summary.Invalid + r.Summary.Skipped
	if r.Summary.Errors > 0 || objects == 0 {
		return 0, fmt.Errorf("kubeconform could not judge: %+v\n%s", r.Summary, strings.TrimSpace(string(report[:min(len(report), 2000)])))
	}
	return objects, nil
}
