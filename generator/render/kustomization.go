package render

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// kustomization is one kustomization file.
type kustomization struct {
	types.Kustomization
	dir, file string
	doc       *yaml.Node
}

// place gives the place of a field.
func (k kustomization) place(at ...any) manifest.Place {
	n := manifest.Find(k.doc, at...)
	return manifest.Place{File: k.file, Line: n.Line, Column: n.Column}
}

var unknownField = regexp.MustCompile(`unknown field "([^"]*)"`)

// readKustomization reads the kustomization in dir as strictly as kustomize does.
func (r *repository) readKustomization(dir string) (k kustomization, problems []Problem) {
	k.dir, k.file = dir, r.kustomization(dir)
	f, _ := r.tree.File(k.file)
	docs, found := manifest.Documents(k.file, f.Data)
	fail := func(p manifest.Place, message string) (kustomization, []Problem) {
		return k, append(problems, Problem{Place: p, Message: message})
	}
	if problems = convert(found); hasFailed(problems) {
		return k, problems
	}
	top := manifest.Place{File: k.file, Line: 1, Column: 1}
	if len(docs) != 1 || docs[0].Kind != yaml.MappingNode {
		return fail(top, "want a kustomization, which is one mapping")
	}
	k.doc = docs[0]
	if _, err := manifest.Value(k.doc); err != nil {
		return fail(k.place(), err.Error())
	}
	for _, name := range kustomizationNames {
		if _, ok := r.tree.File(path.Join(dir, name)); ok && path.Join(dir, name) != k.file {
			return fail(top, fmt.Sprintf("%s stands in the same directory, and kustomize takes one", name))
		}
	}
	if err := k.Unmarshal(f.Data); err != nil {
		return fail(k.mistake(err))
	}
	if err := k.CheckEmpty(); err != nil {
		return fail(top, "the kustomization is empty")
	}
	fixed := k.Kustomization
	fixed.FixKustomization()
	for _, wrong := range fixed.EnforceFields() {
		return fail(k.place("apiVersion"), wrong)
	}
	return k, problems
}

// mistake tells an error of decoding a kustomization, and where.
func (k kustomization) mistake(err error) (manifest.Place, string) {
	if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		return fieldPlace(k, m[1]), fmt.Sprintf("kustomize knows no field %q here", m[1])
	}
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return k.place(), strings.TrimPrefix(oneLine(err.Error()), "invalid Kustomization: ")
	}
	var at []any
	for _, step := range strings.Split(wrong.Field, ".") {
		at = append(at, step)
	}
	want := map[reflect.Kind]string{
		reflect.Slice: "a list", reflect.Map: "a mapping", reflect.Struct: "a mapping", reflect.String: "a string", reflect.Bool: "true or false",
	}[wrong.Type.Kind()]
	return k.place(at...), fmt.Sprintf("%s: got %s, want %s", wrong.Field, wrong.Value, cmp.Or(want, "a number"))
}

// fieldPlace finds a key by its name alone, which is all that the JSON decoder tells.
func fieldPlace(k kustomization, name string) manifest.Place {
	n := search(k.doc, func(n *yaml.Node) bool { return manifest.Field(n, name) != nil })
	if n == nil {
		return k.place()
	}
	key := manifest.FindKey(n, name)
	return manifest.Place{File: k.file, Line: key.Line, Column: key.Column}
}

// search gives the first node for which is holds, from the top; nil where there is none.
func search(n *yaml.Node, is func(*yaml.Node) bool) *yaml.Node {
	if is(n) {
		return n
	}
	for _, child := range n.Content {
		if found := search(child, is); found != nil {
			return found
		}
	}
	return nil
}

// reference is something that a kustomization names.
type reference struct {
	name string
	use  use
	at   []any
}

// use is what kustomize does with what a kustomization names.
type use int

const (
	asResource  use = iota // a file of objects, or a directory
	asComponent            // a directory
	asConfig               // a file or directory that configures a generator, transformer or validator
	asYAML                 // a file that it reads as YAML
	asData                 // a file that it takes as it is
	asInline               // YAML itself
)

// inlines are the lists of names in which YAML itself may stand.
var inlines = map[string]bool{"generators": true, "transformers": true, "validators": true, "patchesStrategicMerge": true}

// isInline reports whether an entry of such a list is YAML, and no name. kustomize takes for a name what it cannot read as
// objects, asks Git for it if it is of no file, and so is asked itself.
func isInline(text string) (is bool) {
	docs, problems := manifest.Documents("", []byte(text))
	if len(docs) == 0 || len(problems) > 0 || slices.ContainsFunc(docs, func(n *yaml.Node) bool { return n.Kind != yaml.MappingNode }) {
		return false
	}
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	_, err := resmap.NewFactory(provider.NewDefaultDepProvider().GetResourceFactory()).NewResMapFromBytes([]byte(text))
	return err == nil
}

// references lists what a kustomization names, in the order in which kustomize reads it.
func (k kustomization) references() []reference {
	var all []reference
	list := func(use use, field string, names ...string) {
		for i, name := range names {
			use := use
			if inlines[field] && isInline(name) {
				use = asInline
			}
			all = append(all, reference{name, use, []any{field, i}})
		}
	}
	list(asResource, "resources", k.Resources...)
	//lint:ignore SA1019 it is old, and in use
	list(asResource, "bases", k.Bases...)
	list(asYAML, "configurations", k.Configurations...)
	list(asYAML, "crds", k.Crds...)
	list(asConfig, "generators", k.Generators...)
	list(asComponent, "components", k.Components...)
	list(asConfig, "transformers", k.Transformers...)
	list(asConfig, "validators", k.Validators...)
	all = append(all, patches("patches", k.Patches)...)
	//lint:ignore SA1019 it is old, and in use
	all = append(all, patches("patchesJson6902", k.PatchesJson6902)...)
	//lint:ignore SA1019 it is old, and in use
	for i, text := range k.PatchesStrategicMerge {
		list(asYAML, "patchesStrategicMerge", string(text))
		all[len(all)-1].at[1] = i
	}
	for i, r := range k.Replacements {
		if r.Path != "" {
			all = append(all, reference{r.Path, asYAML, []any{"replacements", i, "path"}})
		}
	}
	for i, g := range k.ConfigMapGenerator {
		all = append(all, sources("configMapGenerator", i, g.KvPairSources)...)
	}
	for i, g := range k.SecretGenerator {
		all = append(all, sources("secretGenerator", i, g.KvPairSources)...)
	}
	return all
}

func patches(field string, patches []types.Patch) []reference {
	var all []reference
	for i, p := range patches {
		if p.Path != "" {
			all = append(all, reference{p.Path, asYAML, []any{field, i, "path"}})
		}
		if p.Patch != "" {
			all = append(all, reference{p.Patch, asInline, []any{field, i, "patch"}})
		}
	}
	return all
}

// sources are the files of a generator: [KEY=]FILE.
func sources(field string, i int, from types.KvPairSources) []reference {
	var all []reference
	for j, text := range from.FileSources {
		name := text
		if _, file, ok := strings.Cut(text, "="); ok {
			name = file
		}
		all = append(all, reference{name, asData, []any{field, i, "files", j}})
	}
	for j, name := range from.EnvSources {
		all = append(all, reference{name, asData, []any{field, i, "envs", j}})
	}
	if from.EnvSource != "" {
		all = append(all, reference{from.EnvSource, asData, []any{field, i, "env"}})
	}
	return all
}

// unsupported says what a kustomization uses that is not rendered here.
func (k kustomization) unsupported() string {
	switch {
	case len(k.OpenAPI) > 0:
		return k.file + " brings an OpenAPI schema, which this version does not apply"
	case len(k.HelmChartInflationGenerator) > 0:
		return k.file + " uses helmChartInflationGenerator, which this version does not render: use helmCharts"
	}
	return ""
}

// sparesCRDs reports whether a kustomization leaves CustomResourceDefinitions as they are, but for their metadata.
func (k kustomization) sparesCRDs() bool {
	rest := k.Kustomization
	rest.MetaData = nil
	rest.Resources, rest.HelmCharts, rest.HelmGlobals, rest.Patches = nil, nil, nil, nil
	rest.ConfigMapGenerator, rest.SecretGenerator, rest.GeneratorOptions = nil, nil, nil
	rest.CommonAnnotations = nil
	for _, p := range k.Patches {
		if !patchSparesCRDs(p) {
			return false
		}
	}
	return rest.CheckEmpty() != nil
}

var word = regexp.MustCompile(`^[A-Za-z]+$`)

// patchSparesCRDs reports whether a patch changes no more of a CustomResourceDefinition than its metadata.
func patchSparesCRDs(p types.Patch) bool {
	if p.Target != nil && word.MatchString(p.Target.Kind) && p.Target.Kind != "CustomResourceDefinition" {
		return true
	}
	docs, problems := manifest.Documents("", []byte(p.Patch))
	if p.Path != "" || p.Options != nil || len(docs) != 1 || len(problems) > 0 || docs[0].Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i < len(docs[0].Content); i += 2 {
		switch docs[0].Content[i].Value {
		case "apiVersion", "kind", "metadata":
		default:
			return false
		}
	}
	return true
}
