package kustomization

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/pkg/util"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Edits are what Argo CD writes into a kustomization for an Application before it has it built. The zero Edits change nothing.
type Edits struct {
	NamePrefix, NameSuffix, Namespace string
	// Images are written as `kustomize edit set image` takes them, the numbers of Replicas as texts.
	Images   []string
	Replicas []Replicas
	// Labels and Annotations are added. Where one of that name stands there already, that is wrong, unless it is forced.
	Labels, Annotations           map[string]string `json:",omitempty"`
	ForceLabels, ForceAnnotations bool
	// WithoutSelector keeps labels out of selectors and templates, IncludeTemplates only out of selectors.
	WithoutSelector, IncludeTemplates bool
	Patches                           []types.Patch
	// Components are directories, or patterns of such. IgnoreMissing leaves out those that are not there.
	Components    []string
	IgnoreMissing bool
	// KubeVersion and APIVersions are what charts are told whose entries say nothing of them.
	KubeVersion string
	APIVersions []string
	// At gives the place of a field of spec.source.kustomize.
	At func(field ...any) manifest.Place `json:"-"`
	// Patch gives the documents of the patch of an index as they stand in the file of its place; none where they do not.
	Patch func(i int) []*yaml.Node `json:"-"`
}

// Replicas are those of a workload. Count is a number.
type Replicas struct{ Name, Count string }

// None reports whether nothing is changed.
func (e Edits) None() bool { return e.String() == Edits{}.String() }

// String tells different edits apart.
func (e Edits) String() string {
	text, _ := json.Marshal(e) // texts, and mappings and lists of such
	return string(text)
}

// editor applies edits to one kustomization.
type editor struct {
	Edits
	*File
	wrong []manifest.Problem
}

// edit applies edits as Argo CD does: by `kustomize edit`, but for the patches, which it appends itself.
func (k *File) edit(t tree.Tree, edits Edits) []manifest.Problem {
	e := editor{Edits: edits, File: k}
	for _, f := range []struct {
		field, text string
		of          *string
	}{{"namePrefix", e.Edits.NamePrefix, &k.NamePrefix}, {"nameSuffix", e.Edits.NameSuffix, &k.NameSuffix}, {"namespace", e.Edits.Namespace, &k.Namespace}} {
		if f.text != "" {
			*f.of = f.text
			e.lay([]any{f.field}, f.field)
		}
	}
	e.images()
	e.replicas()
	e.labels()
	e.annotations()
	e.patches()
	e.components(t)
	return e.wrong
}

func (e *editor) fail(format string, value any, field ...any) {
	e.wrong = append(e.wrong, manifest.Problem{Place: e.At(field...), Message: fmt.Sprintf(format, value)})
}

// lay notes that a field of the kustomization is one of the edits.
func (e *editor) lay(at []any, field ...any) {
	e.laid = append(e.laid, laid{at: at, place: func(below []any) manifest.Place { return e.At(append(field[:len(field):len(field)], below...)...) }})
}

// isFlag reports whether kustomize takes a text for a flag.
func (e *editor) isFlag(text string, field ...any) bool {
	if strings.HasPrefix(text, "-") {
		e.fail("%q: want no - in front, which makes kustomize take it for a flag", text, field...)
		return true
	}
	return false
}

// same is how an image says that a part of it stays as the kustomization has it.
const same = "*"

// images sets images, in place of those that the kustomization has by these names.
func (e *editor) images() {
	set := map[string]types.Image{}
	for i, text := range e.Edits.Images {
		image, ok := readImage(text)
		switch {
		case e.isFlag(text, "images", i):
		case !ok:
			e.fail("image %q: want NAME=NEWNAME:TAG, NAME:TAG, NAME@DIGEST or NAME=NEWNAME", text, "images", i)
		default:
			set[image.Name] = image
		}
	}
	if len(set) == 0 {
		return
	}
	//lint:ignore SA1019 it is old, and in use
	for _, old := range append(e.File.Images, e.ImageTags...) {
		image, ok := set[old.Name]
		if !ok {
			image = old
		}
		set[old.Name] = kept(image, old)
	}
	//lint:ignore SA1019 it is old, and in use
	e.File.Images, e.ImageTags = nil, nil
	for _, name := range slices.Sorted(maps.Keys(set)) {
		e.File.Images = append(e.File.Images, kept(set[name], types.Image{}))
	}
}

// readImage reads what `kustomize edit set image` takes.
func readImage(text string) (image types.Image, ok bool) {
	name, value, isNamed := strings.Cut(text, "=")
	if !isNamed {
		name, value = "", text
	}
	at, tag, digest := util.SplitImageName(value)
	image = types.Image{Name: name, NewName: at, NewTag: tag, Digest: digest}
	if name == "" {
		image.Name, image.NewName = at, ""
	}
	return image, at != text
}

// kept gives an image with the parts of another that it says are to stay.
func kept(image, old types.Image) types.Image {
	for _, part := range []struct {
		of *string
		is string
	}{{&image.NewName, old.NewName}, {&image.NewTag, old.NewTag}, {&image.Digest, old.Digest}} {
		if *part.of == same {
			*part.of = part.is
		}
	}
	return image
}

// replicas sets replicas, in place of those that the kustomization has by these names.
func (e *editor) replicas() {
	set := map[string]types.Replica{}
	for i, r := range e.Edits.Replicas {
		count, err := strconv.ParseInt(r.Count, 10, 64)
		switch {
		case e.isFlag(r.Name, "replicas", i, "name"):
		case strings.Contains(r.Name, "="):
			e.fail("name %q: want no = in it", r.Name, "replicas", i, "name")
		case err != nil:
			e.fail("count %q: want a number", r.Count, "replicas", i, "count")
		default:
			set[r.Name] = types.Replica{Name: r.Name, Count: count}
		}
	}
	if len(set) == 0 {
		return
	}
	for _, old := range e.File.Replicas {
		if _, ok := set[old.Name]; !ok {
			set[old.Name] = old
		}
	}
	e.File.Replicas = nil
	for _, name := range slices.Sorted(maps.Keys(set)) {
		e.File.Replicas = append(e.File.Replicas, set[name])
	}
}

// labels adds labels.
func (e *editor) labels() {
	if len(e.Edits.Labels) == 0 {
		return
	}
	if e.IncludeTemplates && !e.WithoutSelector {
		e.fail("%s: want labelWithoutSelector beside it", "labelIncludeTemplates", "labelIncludeTemplates")
		return
	}
	//lint:ignore SA1019 it is old, and what kustomize edits
	into := &e.CommonLabels
	if e.WithoutSelector {
		i := slices.IndexFunc(e.File.Labels, func(l types.Label) bool { return !l.IncludeSelectors && l.IncludeTemplates == e.IncludeTemplates })
		if i < 0 {
			i = len(e.File.Labels)
			e.File.Labels = append(e.File.Labels, types.Label{IncludeTemplates: e.IncludeTemplates})
		}
		into = &e.File.Labels[i].Pairs
	}
	e.add(pairs{"commonLabels", "forceCommonLabels", e.Edits.Labels, e.ForceLabels}, into)
}

// annotations adds annotations.
func (e *editor) annotations() {
	e.add(pairs{"commonAnnotations", "forceCommonAnnotations", e.Edits.Annotations, e.ForceAnnotations}, &e.CommonAnnotations)
}

// pairs are labels or annotations, and the names of their fields.
type pairs struct {
	field, force string
	values       map[string]string
	forced       bool
}

// add adds pairs to those that are there, as kustomize reads KEY:VALUE.
func (e *editor) add(p pairs, into *map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(p.values)) {
		name, value := Pair(key, p.values[key])
		_, stands := (*into)[name]
		switch {
		case e.isFlag(key, p.field, key):
		case name == "":
			e.fail("%s: a name is empty", p.field, p.field, key)
		case stands && !p.forced:
			e.fail("%q stands in the kustomization already: set "+p.force, name, p.field, key)
		default:
			if *into == nil {
				*into = map[string]string{}
			}
			(*into)[name] = value
		}
	}
}

// Pair is what kustomize makes of the name and the value of a label or an annotation, of which it gets one text.
func Pair(key, value string) (string, string) {
	name, text, _ := strings.Cut(key+":"+value, ":")
	if len(text) > 1 && strings.HasPrefix(text, `"`) && strings.HasSuffix(text, `"`) {
		text = text[1 : len(text)-1]
	}
	return name, text
}
