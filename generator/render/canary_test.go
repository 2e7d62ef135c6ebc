package render_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	//lint:ignore SA1019 it is old, and the one list of all plugins
	"sigs.k8s.io/kustomize/api/builtins"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

func TestMain(m *testing.M) {
	http.DefaultTransport = doors.Refusal{} // as main has it
	os.Exit(m.Run())
}

// plugins are kustomize's own generators and transformers, by what they are called in their files.
var plugins = map[string]any{
	"AnnotationsTransformer": builtins.AnnotationsTransformerPlugin{}, "ConfigMapGenerator": builtins.ConfigMapGeneratorPlugin{},
	"HashTransformer": builtins.HashTransformerPlugin{}, "HelmChartInflationGenerator": builtins.HelmChartInflationGeneratorPlugin{},
	"IAMPolicyGenerator": builtins.IAMPolicyGeneratorPlugin{}, "ImageTagTransformer": builtins.ImageTagTransformerPlugin{},
	"LabelTransformer": builtins.LabelTransformerPlugin{}, "NamespaceTransformer": builtins.NamespaceTransformerPlugin{},
	"PatchJson6902Transformer":       builtins.PatchJson6902TransformerPlugin{},
	"PatchStrategicMergeTransformer": builtins.PatchStrategicMergeTransformerPlugin{}, "PatchTransformer": builtins.PatchTransformerPlugin{},
	"PrefixTransformer": builtins.PrefixTransformerPlugin{}, "SuffixTransformer": builtins.SuffixTransformerPlugin{},
	"ReplacementTransformer": builtins.ReplacementTransformerPlugin{}, "ReplicaCountTransformer": builtins.ReplicaCountTransformerPlugin{},
	"SecretGenerator": builtins.SecretGeneratorPlugin{}, "ValueAddTransformer": builtins.ValueAddTransformerPlugin{},
}

// trap is what a tree may not touch: a server, a program that leaves a mark, and a file outside of it.
type trap struct {
	address, mark, secret string
	touched               chan string
}

const secretText = "what-stands-outside-of-the-tree"

func newTrap(t *testing.T) trap {
	t.Helper()
	dir := t.TempDir()
	made := trap{mark: filepath.Join(dir, "mark"), secret: filepath.Join(dir, "secret.yaml"), touched: make(chan string, 1000)}
	for name, text := range map[string]string{
		"git":         "#!/bin/sh\necho \"$0 $*\" >>" + made.mark + "\n",
		"secret.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + secretText + "}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"helm", "go", "sh", "ssh", "kustomize"} {
		if err := os.Symlink("git", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	made.address = listener.Addr().String()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			c.Close()
			made.touched <- "a connection"
		}
	}()
	return made
}

// baits are what a stranger writes where a path is wanted.
func (tr trap) baits() []string {
	evil := "?ref=--upload-pack=" + tr.mark
	return []string{
		"http://" + tr.address + "/a.yaml", "HTTP://" + tr.address + "/a.yaml", "Https://" + tr.address + "/a.yaml",
		"http://" + tr.address + "/a/b.git//c" + evil, "git::http://" + tr.address + "/a/b" + evil,
		"file://" + filepath.Dir(tr.mark) + evil, "file://" + filepath.Dir(tr.mark) + "/{a}" + evil,
		"{" + "file://" + filepath.Dir(tr.mark) + evil, "\nfile://" + filepath.Dir(tr.mark) + "\n" + evil,
		"git@127.0.0.1:a/b" + evil, "ssh://git@127.0.0.1/a/b" + evil, "github.com/a/b" + evil,
		"{a: b, file: 'http://" + tr.address + "/a.yaml'}", "{kind: A, metadata: {name: 'http://" + tr.address + "'}}",
		tr.secret, "file://" + tr.secret, "../../../../../../../../../../../../.." + tr.secret, "x=" + tr.secret, "x=http://" + tr.address + "/a",
	}
}

// check fails where a tree touched something.
func (tr trap) check(t *testing.T, files ...tree.File) {
	t.Helper()
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), made, render.Options{})
	text, _ := json.Marshal(result.Resources)
	told := fmt.Sprint(err, result.Problems, result.Applications, result.Notes, string(text))
	mark, _ := os.ReadFile(tr.mark)
	select {
	case what := <-tr.touched:
		t.Errorf("%s: got %s", files[0].Data, what)
	default:
	}
	if len(mark) > 0 {
		t.Errorf("%s: got a program: %s", files[0].Data, mark)
		os.Remove(tr.mark)
	}
	if strings.Contains(told, secretText) {
		t.Errorf("%s: got a file from outside: %s", files[0].Data, told)
	}
	if strings.Contains(told, "is not asked") || strings.Contains(told, "executable file not found") || strings.Contains(told, "'git' program") {
		t.Errorf("%s: got to the doors of the process, want it told before: %s", files[0].Data, told)
	}
}

// TestNothingIsTouched puts every bait into every text that a kustomization, or the file of a plugin, may hold: no program
// is started, nothing is connected to, and no file outside of the tree is read.
func TestNothingIsTouched(t *testing.T) {
	tr := newTrap(t)
	baits := tr.baits()
	resource := tree.File{Path: "app/cm.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: b}\n")}
	fields := 0
	for _, set := range leaves(reflect.TypeOf(types.Kustomization{})) {
		fields++
		for _, bait := range baits {
			top := map[string]any{}
			set(top, bait)
			if _, ok := top["resources"]; !ok {
				top["resources"] = []any{"cm.yaml"}
			}
			tr.check(t, yamlFile(t, "app/kustomization.yaml", top), resource)
		}
	}
	for kind, plugin := range plugins {
		for _, set := range leaves(reflect.TypeOf(plugin)) {
			fields++
			for i, bait := range baits {
				top := map[string]any{}
				set(top, bait)
				top["apiVersion"], top["kind"] = "builtin", kind
				metadata, _ := top["metadata"].(map[string]any)
				if metadata == nil {
					top["metadata"] = map[string]any{"name": "plugin"}
				}
				for _, files := range pluginTrees(t, top, i) {
					tr.check(t, append(files, resource)...)
				}
			}
		}
	}
	if fields < 150 {
		t.Errorf("got %d fields, want those of all types", fields)
	}
}

// TestApplicationsTouchNothing puts every bait into every text that an Application may say of a kustomization, and where Jsonnet
// names files.
func TestApplicationsTouchNothing(t *testing.T) {
	tr := newTrap(t)
	app := func(source map[string]any) tree.File {
		source["repoURL"], source["path"] = "x", "app"
		return yamlFile(t, "app.yaml", map[string]any{
			"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": map[string]any{"name": "lamp"}, "spec": map[string]any{"source": source},
		})
	}
	resource := tree.File{Path: "app/cm.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: b}\n")}
	fields := leaves(reflect.TypeOf(argocd.Kustomize{}))
	for _, bait := range tr.baits() {
		for _, set := range fields {
			top := map[string]any{}
			set(top, bait)
			tr.check(t, app(map[string]any{"kustomize": top}), yamlFile(t, "app/kustomization.yaml", map[string]any{"resources": []any{"cm.yaml"}}), resource)
		}
		quoted, err := json.Marshal(bait)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range []string{"import", "importstr", "importbin"} {
			program := tree.File{Path: "app/a.jsonnet", Data: []byte("{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}, data: {a: " + use + " " + string(quoted) + "}}")}
			tr.check(t, app(map[string]any{"directory": map[string]any{"jsonnet": map[string]any{"libs": []any{bait, filepath.Dir(tr.secret)}}}}), program)
			tr.check(t, program)
		}
	}
	if len(fields) < 20 {
		t.Errorf("got %d fields, want all", len(fields))
	}
}

// pluginTrees are ways to name a plugin in a kustomization; each bait takes one of them, so that all are taken.
func pluginTrees(t *testing.T, plugin map[string]any, i int) [][]tree.File {
	t.Helper()
	text, err := json.Marshal(plugin)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]any{"apiVersion": "v1", "kind": "List", "items": []any{plugin}}
	var trees [][]tree.File
	for _, field := range []string{"generators", "transformers", "validators"} {
		named := func(name string) tree.File {
			return yamlFile(t, "app/kustomization.yaml", map[string]any{"resources": []any{"cm.yaml"}, field: []any{name}})
		}
		inner := yamlFile(t, "app/inner/kustomization.yaml", map[string]any{"resources": []any{"plugin.yaml"}})
		ways := [][]tree.File{
			{named("plugin.yaml"), yamlFile(t, "app/plugin.yaml", plugin)},
			{named("plugin.yaml"), yamlFile(t, "app/plugin.yaml", list)},
			{named(string(text))},
			{named("inner"), inner, yamlFile(t, "app/inner/plugin.yaml", plugin)},
			{named("inner"), inner, yamlFile(t, "app/inner/plugin.yaml", list)},
		}
		trees = append(trees, ways[i%len(ways)])
	}
	return trees
}

// TestURLsAsFolders states that a folder of the tree whose path looks like a URL does not make kustomize ask for that URL.
func TestURLsAsFolders(t *testing.T) {
	tr := newTrap(t)
	for _, field := range []string{"resources", "configurations", "crds", "generators", "components", "transformers", "validators", "patchesStrategicMerge", "bases"} {
		for _, url := range []string{"http://" + tr.address + "/a.yaml", "HTTP://" + tr.address + "/a.yaml", "github.com/a/b", "git@127.0.0.1:a/b"} {
			at := filepath.ToSlash(filepath.Join("app", url))
			for _, stands := range []tree.File{
				{Path: at, Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n")},
				{Path: at + "/kustomization.yaml", Data: []byte("namePrefix: a-\n")},
			} {
				tr.check(t, yamlFile(t, "app/kustomization.yaml", map[string]any{field: []any{url}}), stands)
			}
		}
	}
}

func yamlFile(t *testing.T, path string, content any) tree.File {
	t.Helper()
	text, err := json.Marshal(content) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	return tree.File{Path: path, Data: text}
}

// leaves gives, for each text that a type holds, a function that puts one into a document of that type.
func leaves(of reflect.Type) []func(top map[string]any, text string) {
	var all []func(map[string]any, string)
	for _, build := range values(of, 0) {
		all = append(all, func(top map[string]any, text string) {
			if fields, ok := build(text).(map[string]any); ok {
				for name, v := range fields {
					top[name] = v
				}
			}
		})
	}
	return all
}

// values gives functions that build a value of a type with a text somewhere in it.
func values(of reflect.Type, depth int) []func(text string) any {
	var all []func(string) any
	wrap := func(inner reflect.Type, around func(any) any) {
		for _, build := range values(inner, depth+1) {
			all = append(all, func(text string) any { return around(build(text)) })
		}
	}
	switch {
	case depth > 12:
	case of.Kind() == reflect.String:
		all = append(all, func(text string) any { return text })
	case of.Kind() == reflect.Pointer:
		wrap(of.Elem(), func(v any) any { return v })
	case of.Kind() == reflect.Slice && of.Elem().Kind() != reflect.Uint8:
		wrap(of.Elem(), func(v any) any { return []any{v} })
	case of.Kind() == reflect.Map:
		wrap(of.Elem(), func(v any) any { return map[string]any{"a": v} })
		all = append(all, func(text string) any { return map[string]any{text: "a"} })
	case of.Kind() == reflect.Interface:
		all = append(all, func(text string) any { return text })
	case of.Kind() == reflect.Struct:
		for i := range of.NumField() {
			field := of.Field(i)
			name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() && !field.Anonymous || name == "-" {
				continue
			}
			if field.Anonymous && name == "" || strings.Contains(rest, "inline") {
				all = append(all, values(field.Type, depth+1)...)
				continue
			}
			wrap(field.Type, func(v any) any {
				made := map[string]any{name: v}
				if _, has := of.FieldByName("Name"); has && name != "name" {
					made["name"] = "a"
				}
				return made
			})
		}
	}
	return all
}
