package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
)

// SpecText is the text of a gitopsgen.yaml that need not be right.
type SpecText struct {
	Text []byte
	// File is what errors call it.
	File string
	// Folder is the one that a blueprint of the user's own is relative to.
	Folder string
	// given says that it is another file than the directory's own.
	given bool
	// settings were put into it, and unset is the text without them.
	settings []edit.Setting
	unset    []byte
}

// blame makes a mistake that a setting brought into a spec one of the command line.
func (t SpecText) blame(err error) error {
	var errs blueprint.SpecErrors
	errors.As(err, &errs)
	for _, s := range t.settings {
		if e, ok := errs.Below(s.Path); ok {
			message := e.Message
			if s.From != "" {
				message = s.From + ": " + message
			}
			return fault.Misuse(fault.Hint(errors.New(message), e.Hint))
		}
	}
	return err
}

// quoted are the settings with quotes around what YAML takes for a number and the spec wants as a text: nobody types them twice, for
// the shell and for YAML.
func (t SpecText) quoted() []edit.Setting {
	_, err := blueprint.Read(t.File, t.Text)
	var errs blueprint.SpecErrors
	errors.As(err, &errs)
	settings := slices.Clone(t.settings)
	for i, s := range settings {
		if e, ok := errs.Below(s.Path); ok && e.Unquoted != "" && len(e.Path) == len(s.Path) {
			settings[i].Value = fmt.Sprintf("%q", e.Unquoted)
		}
	}
	return settings
}

// SpecOptions say which spec is wanted.
type SpecOptions struct {
	// Dir is the directory to write; empty is a folder of the name, or the working directory where that has a spec.
	Dir string
	// File is a spec to start from; empty is the directory's own, or a new one.
	File string
	// Tier and Name are those of a new spec. A Tier that is not empty has to be the directory's, too; Name is never empty.
	Tier blueprint.Tier
	Name string
	// Settings are put into the text.
	Settings []edit.Setting
}

// Spec settles the directory to write, which stays empty where the spec alone names it, and finds the spec's text.
func (g Generator) Spec(o SpecOptions) (text SpecText, dir string, err error) {
	if o.Dir == "" && o.File == "" {
		o.Dir = o.Name
		if exists(blueprint.SpecFile) {
			o.Dir = "."
		}
	}
	if err := g.recover(o.Dir); err != nil {
		return text, o.Dir, err
	}
	if text, err = g.specText(o); err != nil {
		return text, o.Dir, err
	}
	text.settings, text.unset = o.Settings, text.Text
	if text.Text, err = edit.Apply(text.unset, o.Settings); err == nil {
		text.settings = text.quoted()
		text.Text, err = edit.Apply(text.unset, text.settings)
	}
	if err != nil {
		if _, wrong := blueprint.Read(text.File, text.unset); wrong != nil {
			return text, o.Dir, wrong
		}
		return text, o.Dir, fault.Misuse(err)
	}
	return text, o.Dir, nil
}

func (g Generator) specText(o SpecOptions) (text SpecText, err error) {
	own := filepath.Join(o.Dir, blueprint.SpecFile)
	switch {
	case o.File != "":
		text = SpecText{File: o.File, Folder: filepath.Dir(o.File), given: true}
		if text.Text, err = os.ReadFile(o.File); err != nil {
			return text, fault.Misuse(fmt.Errorf("--spec %s: %w", o.File, errors.Unwrap(err)))
		}
	case exists(own):
		text = SpecText{File: own, Folder: o.Dir}
		text.Text, err = existingSpec(o, own)
	default:
		text = SpecText{File: blueprint.SpecFile, Folder: "."}
		text.Text, err = g.newSpec(o)
	}
	return text, err
}

// existingSpec reads the spec of a repository that is there already.
func existingSpec(o SpecOptions, file string) ([]byte, error) {
	text, err := gitrepo.ReadFile(o.Dir, blueprint.SpecFile)
	if err != nil {
		return nil, err
	}
	doc, err := blueprint.Read(file, text)
	if err == nil && o.Tier != "" && doc.Spec.Tier != "" && doc.Spec.Tier != o.Tier {
		return nil, fault.Misuse(fmt.Errorf("--tier=%s: %s says tier %s; change it there", o.Tier, file, doc.Spec.Tier))
	}
	return text, nil // what is wrong with it is told once the settings have been put in
}

// newSpec writes the first gitopsgen.yaml of a platform.
func (g Generator) newSpec(o SpecOptions) ([]byte, error) {
	if o.Tier == "" {
		return nil, fault.Misuse(fault.Hint(errors.New("no --tier"), "want --tier=small for a very small company, --tier=medium, or --tier=enterprise for many teams and audits"))
	}
	const file = blueprint.SpecFile + ".tmpl"
	text, err := fs.ReadFile(g.Templates, file)
	if err != nil {
		return nil, err
	}
	return layout.Execute(file, text, map[string]string{
		"APIVersion": blueprint.APIVersion, "SchemaFile": blueprint.SchemaFile, "Name": o.Name, "Tier": string(o.Tier),
		"Domain": blueprint.DefaultDomain, "RepositoryURL": strings.Replace(blueprint.DefaultRepositoryURL, blueprint.DefaultName, o.Name, 1),
		"Branch": blueprint.DefaultBranch, "KubernetesVersion": blueprint.DefaultKubernetesVersion, "Cluster": blueprint.DefaultCluster,
	})
}

// recover finishes what an earlier run began to write in dir.
func (g Generator) recover(dir string) error {
	if dir == "" || !exists(dir) {
		return nil
	}
	finished, err := gitrepo.Recover(dir)
	if finished && err == nil && g.Note != nil {
		g.Note("an earlier run was stopped while it wrote " + dir + "; what it began is finished now")
	}
	return err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
