//go:build oracle

package render_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// TestEditsOracle compares, object by object, what Applications over kustomizations render to with what the real kustomize makes of
// the same, by the commands that Argo CD makes of the fields.
func TestEditsOracle(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/edits/fields.txtar")
	if err != nil {
		t.Fatal(err)
	}
	made, _ := input(t, archive)
	result, err := render.All(t.Context(), made, render.Options{})
	if err != nil || len(result.Applications) == 0 {
		t.Fatal(err, result.Applications)
	}
	for _, app := range result.Applications {
		if app.Kind != render.AnApplication {
			continue
		}
		t.Run(app.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := txtar.Write(archive, dir); err != nil {
				t.Fatal(err)
			}
			out, err := argoCDBuild(t, dir, app)
			refused := strings.HasPrefix(app.Name, "refused")
			if refused != (err != nil) || refused != (app.State.Kind == build.Failed) {
				t.Fatalf("got %v and %v, kustomize ended with %v, %s", app.State, result.Problems, err, out)
			}
			got, want := map[string]any{}, map[string]any{}
			for _, res := range result.Resources {
				if res.Origin.Application == app.Name {
					got[fmt.Sprint(res.ID)] = res.Object
				}
			}
			if refused {
				return
			}
			parsed, problems := manifest.Parse("kustomize", out)
			for _, res := range parsed {
				want[fmt.Sprint(res.ID)] = res.Object
			}
			if len(want) == 0 || len(problems) > 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%s\nwant\n%s", text(t, got), text(t, want))
			}
		})
	}
}

// argoCDBuild does what Argo CD does with an Application whose repository stands in a folder.
func argoCDBuild(t *testing.T, root string, app render.Application) ([]byte, error) {
	read, _ := argocd.ReadApplication(app.Object)
	dir := filepath.Join(root, read.Spec.Source.Path)
	fields := merged(t, dir, app)
	replicas, err := counts(fields)
	if err != nil {
		return nil, err
	}
	for _, command := range append(edits(app.Name, fields), list("edit set replicas", replicas...)) {
		if out, err := kustomize(dir, command...); err != nil {
			return out, err
		}
	}
	if err := appendPatches(dir, app, fields); err != nil {
		return nil, err
	}
	var components []string
	for _, c := range fields.Components {
		inside, _ := filepath.Rel(root, filepath.Join(dir, c))
		_, err := os.Stat(filepath.Join(dir, c))
		if !fields.IgnoreMissingComponents || err == nil && filepath.IsLocal(inside) {
			components = append(components, c)
		}
	}
	if out, err := kustomize(dir, list("edit add component", components...)...); err != nil {
		return out, err
	}
	command := []string{"build", dir, "--enable-helm"}
	if fields.KubeVersion != "" {
		command = append(command, "--helm-kube-version", strings.TrimPrefix(fields.KubeVersion, "v")+".0")
	}
	for _, version := range fields.APIVersions {
		command = append(command, "--helm-api-versions", version)
	}
	return kustomize(root, command...)
}

// edits are the commands for all fields but replicas, patches and components.
func edits(name string, k argocd.Kustomize) [][]string {
	expand := func(text string) string {
		return os.Expand(text, func(variable string) string { return map[string]string{"ARGOCD_APP_NAME": name, "$": "$"}[variable] })
	}
	var images []string
	for _, image := range k.Images {
		images = append(images, expand(image))
	}
	annotations := paired(k.CommonAnnotations, func(text string) string { return text })
	if k.CommonAnnotationsEnvsubst {
		annotations = paired(k.CommonAnnotations, expand)
	}
	labels := "edit add label"
	for flag, is := range map[string]bool{
		" --force": k.ForceCommonLabels, " --without-selector": k.LabelWithoutSelector, " --include-templates": k.LabelIncludeTemplates,
	} {
		if is {
			labels += flag
		}
	}
	annotate := "edit add annotation"
	if k.ForceCommonAnnotations {
		annotate += " --force"
	}
	return [][]string{
		list("edit set nameprefix --", texts(k.NamePrefix)...), list("edit set namesuffix --", texts(k.NameSuffix)...), list("edit set image", images...),
		list(labels, paired(k.CommonLabels, expand)...), list(annotate, annotations...), list("edit set namespace --", texts(k.Namespace)...),
	}
}

// list is a command with values; none where there is no value.
func list(command string, values ...string) []string {
	if len(values) == 0 {
		return nil
	}
	return append(strings.Fields(command), values...)
}

// kustomize runs kustomize in a folder; no command is none.
func kustomize(dir string, command ...string) ([]byte, error) {
	if len(command) == 0 {
		return nil, nil
	}
	cmd := exec.Command("kustomize", command...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return []byte(stderr.String()), err
	}
	return out, nil
}

// merged are the fields of an Application with those of the files in its directory over them.
func merged(t *testing.T, dir string, app render.Application) argocd.Kustomize {
	t.Helper()
	source := manifest.Dig(app.Object.Object, "spec", "source").(map[string]any)
	for _, name := range []string{".argocd-source.yaml", ".argocd-source-" + app.Name + ".yaml"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		var over map[string]any
		if err := sigs.Unmarshal(data, &over); err != nil {
			t.Fatal(err)
		}
		source = manifest.Merge(source, over)
	}
	text, err := json.Marshal(source["kustomize"])
	var fields argocd.Kustomize
	if err = errors.Join(err, json.Unmarshal(text, &fields)); err != nil {
		t.Fatal(err)
	}
	return fields
}

// counts are replicas as kustomize takes them.
func counts(k argocd.Kustomize) (all []string, err error) {
	for _, r := range k.Replicas {
		var count int
		if _, err := fmt.Sscanf(fmt.Sprint(r.Count), "%d", &count); err != nil {
			return nil, err
		}
		all = append(all, fmt.Sprintf("%s=%d", r.Name, count))
	}
	return all, nil
}

// appendPatches writes patches into the kustomization in a folder.
func appendPatches(dir string, app render.Application, fields argocd.Kustomize) error {
	given, _ := manifest.Dig(app.Object.Object, "spec", "source", "kustomize", "patches").([]any)
	if len(fields.Patches) == 0 {
		return nil
	}
	file := filepath.Join(dir, "kustomization.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var top map[string]any
	if err := sigs.Unmarshal(data, &top); err != nil {
		return err
	}
	stands, there := top["patches"]
	list, isList := stands.([]any)
	if there && !isList {
		return fmt.Errorf("patches are a %T", stands)
	}
	top["patches"] = append(list, given...)
	if data, err = sigs.Marshal(top); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

func texts(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func paired(values map[string]string, expand func(string) string) (all []string) {
	for name, value := range values {
		all = append(all, name+":"+expand(value))
	}
	return all
}
