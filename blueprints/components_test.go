package blueprints_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/doctor"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/templates"
)

// TestComponents keeps what each component makes of its parameters and of the platform around it, by evaluation and layout
// alone: golden/components/<name>.txtar. A case is a spec, <case>/spec; the first is the component as a tier has it, with all
// files, and the others have what they change in that tier: files, <case>/gone for those that are no longer there,
// <case>/chores for what doctor tells besides, or <case>/error. A component without such a file gets one by make golden.
func TestComponents(t *testing.T) {
	var all platforms
	described := map[blueprint.Tier]blueprint.Description{}
	for _, tier := range []blueprint.Tier{blueprint.Medium, blueprint.Enterprise, blueprint.Small} {
		can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		described[tier] = can
	}
	for _, name := range slices.Sorted(maps.Keys(described[blueprint.Medium].Components)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(repositoryRoot, "golden", "components", name+".txtar")
			archive, err := txtar.ParseFile(file)
			if errors.Is(err, os.ErrNotExist) && goldentest.Update() {
				archive, err = firstCase(name, described[blueprint.Medium]), nil
			}
			if err != nil {
				t.Fatalf("%v: make golden", err)
			}
			got := all.cases(t, name, archive)
			goldentest.Compare(t, txtar.Format(got), "golden/components/"+name+".txtar")
		})
	}
	files, err := filepath.Glob(filepath.Join(repositoryRoot, "golden", "components", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txtar"); described[blueprint.Medium].Components[name].About == nil {
			t.Errorf("%s: there is no such component", file)
		}
	}
}

// firstCase is the archive of a component that nobody wrote cases for yet.
func firstCase(name string, can blueprint.Description) *txtar.Archive {
	spec := "tier: medium\n"
	capability, _ := can.Components[name].About["capability"].(string)
	option, _ := can.Components[name].About["option"].(string)
	switch {
	case capability != "" && can.Capabilities[capability].Default != option:
		spec += fmt.Sprintf("capabilities: {%s: %s}\n", capability, option)
	case capability == "":
		spec += fmt.Sprintf("components: {%s: {enabled: true}}\n", name)
	}
	return &txtar.Archive{Files: []txtar.File{{Name: "default/spec", Data: []byte(spec)}}}
}

// cases gives an archive with what the cases in it come to.
func (p *platforms) cases(t *testing.T, name string, archive *txtar.Archive) *txtar.Archive {
	got := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		which, spec := strings.CutSuffix(f.Name, "/spec")
		if !spec {
			continue
		}
		got.Files = append(got.Files, f)
		whole, err := p.of(t, string(f.Data))
		if err != nil {
			got.Files = append(got.Files, txtar.File{Name: which + "/error", Data: []byte(err.Error() + "\n")})
			continue
		}
		made := whole.component(name)
		base := component{chores: slices.DeleteFunc(slices.Clone(made.chores), func(chore string) bool { return strings.Contains(chore, name) })}
		if len(got.Files) > 1 {
			whole, err := p.of(t, tierDefault(t, f.Data))
			if err != nil {
				t.Fatal(err)
			}
			base = whole.component(name)
		}
		got.Files = append(got.Files, made.besides(base, which)...)
	}
	return got
}

// component is what one component is in a tree: its files by path, and what doctor tells.
type component struct {
	files  map[string][]byte
	chores []string
}

// besides are what a component has, and base has not.
func (c component) besides(base component, which string) (files []txtar.File) {
	var gone, chores bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(c.files)) {
		if !bytes.Equal(base.files[path], c.files[path]) {
			files = append(files, txtar.File{Name: which + "/" + path, Data: c.files[path]})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(base.files)) {
		if _, stays := c.files[path]; !stays {
			fmt.Fprintln(&gone, path)
		}
	}
	for _, chore := range c.chores {
		if !slices.Contains(base.chores, chore) {
			fmt.Fprintln(&chores, chore)
		}
	}
	for what, text := range map[string]*bytes.Buffer{"gone": &gone, "chores": &chores} {
		if text.Len() > 0 {
			files = append(files, txtar.File{Name: which + "/" + what, Data: text.Bytes()})
		}
	}
	slices.SortStableFunc(files, func(a, b txtar.File) int { return cmp.Compare(a.Name, b.Name) })
	return files
}

// tierDefault is the spec of a tier with the same clusters as another, and nothing else of it.
func tierDefault(t *testing.T, spec []byte) string {
	t.Helper()
	var of struct {
		Tier     string
		Clusters []struct{ Name, Server string }
	}
	if err := yaml.Unmarshal(spec, &of); err != nil {
		t.Fatal(err)
	}
	text := "tier: " + of.Tier + "\n"
	for i, c := range of.Clusters {
		if i == 0 {
			text += "clusters:\n"
		}
		text += "  - name: " + c.Name + "\n"
		if i > 0 {
			text += "    server: " + c.Server + "\n"
		}
	}
	return text
}

// platforms are laid out once for each spec: many components are shown in the same.
type platforms struct{ known sync.Map }

// platform is what a spec comes to: files by path and by id, and what doctor tells.
type platform struct {
	files  []lock.File
	chores []string
}

func (p *platforms) of(t *testing.T, spec string) (platform, error) {
	made, _ := p.known.LoadOrStore(spec, sync.OnceValues(func() (platform, error) { return layOut(t.Context(), spec) }))
	return made.(func() (platform, error))()
}

func layOut(ctx context.Context, spec string) (made platform, err error) {
	text := []byte("apiVersion: " + blueprint.APIVersion + "\n" + spec)
	p, err := library.Evaluate(ctx, generator.SpecText{Text: text, File: blueprint.SpecFile})
	if err != nil {
		return made, err
	}
	repository, err := layout.Tree(layout.Input{Spec: p.Spec, SpecText: text, Blueprint: p.Blueprint, Templates: templates.FS, Version: library.Version})
	if err != nil {
		return made, err
	}
	l, _, err := lock.Read(repository)
	if err != nil {
		return made, err
	}
	made.files = l.Files
	for _, chore := range doctor.Chores(doctor.Input{Document: p.Document, Spec: p.Spec, Blueprint: p.Blueprint}) {
		made.chores = append(made.chores, chore.What+": "+chore.Do)
	}
	return made, nil
}

// component takes one component of a platform: by the ids of its files.
func (p platform) component(name string) component {
	c := component{files: map[string][]byte{}, chores: p.chores}
	for _, f := range p.files {
		of, _, _ := strings.Cut(f.ID, "/")
		if of == name || of == name+"-extras" || name == "teams" && strings.HasPrefix(of, "team-") {
			c.files[f.Path] = f.Data
		}
	}
	return c
}
