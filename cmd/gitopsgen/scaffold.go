package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter/report"
	"github.com/gitopsgen/gitopsgen/templates"
)

func (p *program) scaffold() *cli.Command {
	return &cli.Command{
		Name:      "scaffold",
		Usage:     "create a checked, committed repository, or write it again from its gitopsgen.yaml",
		UsageText: "gitopsgen scaffold --tier=TIER [FLAGS] [DIR]",
		Description: `DIR is ./<name> unless given. In a directory with a gitopsgen.yaml that file is the spec, and no tier is needed:
what it changes is written again and committed; generated files that somebody edited are never overwritten.
Nothing is written unless the rendered tree passes the check.

examples:
   gitopsgen scaffold --tier=ent
   gitopsgen scaffold --tier=small --name=acme --domain=acme.example.org --repo-url=https://git.example.org/acme.git
   gitopsgen scaffold --spec=acme.yaml --dry-run acme
   cd my-platform && gitopsgen scaffold`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "tier", Usage: "small (sup), medium (mbu) or enterprise (ent)"},
			&cli.StringFlag{Name: "name", Usage: "`NAME` of the platform (default: " + blueprint.DefaultName + ")"},
			&cli.StringFlag{Name: "domain", Usage: "DNS `DOMAIN` of its hosts (default: " + blueprint.DefaultDomain + ")"},
			&cli.StringFlag{Name: "repo-url", Usage: "`URL` under which Argo CD reads the repository"},
			&cli.StringSliceFlag{Name: "set", Usage: "set any field of gitopsgen.yaml: `KEY=VALUE`, such as clusters[0].name=edge"},
			&cli.StringFlag{Name: "spec", Usage: "start from this gitopsgen.yaml `FILE`"},
			&cli.StringFlag{Name: "author", Usage: "who commits: `\"NAME <MAIL>\"` (default: as Git is configured)"},
			&cli.BoolFlag{Name: "no-commit", Usage: "write the files and commit nothing"},
			&cli.BoolFlag{Name: "dry-run", Usage: "print which files would be written, and write nothing"},
			&cli.StringFlag{Name: "keep", Usage: "if the check fails, put the refused tree into this new `DIR`"},
		}, judgeFlags()...),
		Action: func(c *cli.Context) error {
			o, err := p.parseScaffold(c)
			if err != nil {
				return err
			}
			return p.runScaffold(c.Context, o)
		},
	}
}

// scaffoldOptions are the flags of scaffold as values.
type scaffoldOptions struct {
	check checkOptions
	// dir is empty where nobody gave one.
	dir      string
	specFile string
	tier     blueprint.Tier
	// name is never empty.
	name     string
	settings []flagSetting
	commit   gitrepo.Commit
	dryRun   bool
	keep     string
}

// flagSetting is a value for the spec, with the flag that it came by.
type flagSetting struct {
	blueprint.Setting
	flag string
}

func (p *program) parseScaffold(c *cli.Context) (o scaffoldOptions, err error) {
	if o.dir, err = oneArg(c, ""); err != nil {
		return o, err
	}
	if o.check, err = p.parseCheck(c); err != nil {
		return o, err
	}
	o.check.tier = blueprint.Medium
	o.specFile, o.dryRun, o.keep, o.name = c.String("spec"), c.Bool("dry-run"), c.String("keep"), cmp.Or(c.String("name"), blueprint.DefaultName)
	o.commit.Skip = c.Bool("no-commit")
	if c.IsSet("tier") {
		if o.tier, err = blueprint.ParseTier(c.String("tier")); err != nil {
			return o, usageError{fmt.Errorf("--%w", err)}
		}
		o.set("--tier", string(o.tier), "tier")
	}
	for _, f := range []struct {
		flag string
		path []any
	}{{"name", []any{"name"}}, {"domain", []any{"domain"}}, {"repo-url", []any{"repository", "url"}}} {
		if c.IsSet(f.flag) {
			o.set("--"+f.flag, c.String(f.flag), f.path...)
		}
	}
	for _, text := range c.StringSlice("set") {
		s, err := blueprint.ParseSetting(text)
		if err != nil {
			return o, usageError{fmt.Errorf("--set %w", err)}
		}
		o.settings = append(o.settings, flagSetting{s, "--set " + text})
	}
	if c.IsSet("author") {
		if o.commit.Author, err = gitrepo.ParseIdentity(c.String("author")); err != nil {
			return o, usageError{fmt.Errorf("--author %q: %w", c.String("author"), err)}
		}
	}
	return o, nil
}

// set adds a text that a flag puts into the spec.
func (o *scaffoldOptions) set(flag, text string, path ...any) {
	value, err := yaml.Marshal(text)
	if err != nil {
		panic(err) // a text always encodes
	}
	o.settings = append(o.settings, flagSetting{blueprint.Setting{Path: path, Value: string(value)}, flag})
}

// runScaffold goes the whole way: spec, blueprint, tree, check, write, commit.
func (p *program) runScaffold(ctx context.Context, o scaffoldOptions) error {
	start := time.Now()
	in, err := p.readSpec(&o)
	if err != nil {
		return err
	}
	b, err := p.build(ctx, in, o.settings)
	if err != nil {
		return err
	}
	if err := p.identify(&o); err != nil {
		return err
	}
	o.commit.Branch = b.spec.Repository.Branch
	if o.dir == "" {
		o.dir = b.spec.Name
		if err := p.recover(o.dir); err != nil {
			return err
		}
	}
	lock, err := existingLock(o.dir)
	if err != nil {
		return err
	}
	b.input.Lock = lock
	source, done, err := blueprintSource(b.spec, in.folder)
	if err != nil {
		return err
	}
	defer done()
	if b.input.RecordKeys, err = recordKeys(ctx, source, b.spec); err != nil {
		return err
	}
	want, err := layout.Tree(b.input)
	if err != nil {
		return err
	}
	plan, err := planWrite(o.dir, want)
	if err != nil {
		return err
	}
	for _, f := range b.input.UserFiles {
		o.commit.With = append(o.commit.With, f.Path)
	}
	if o.specFile != "" && plan.replaces(blueprint.SpecFile) {
		return usageError{fmt.Errorf("--spec %s: %s has a %s of its own that says otherwise; edit that one", o.specFile, o.dir, blueprint.SpecFile)}
	}
	o.check.urls = gitrepo.Remotes(o.dir)
	found, err := p.check(ctx, plan.tree, o.check)
	if err != nil {
		return err
	}
	s := summary{spec: b.spec, blueprint: b.blueprint, report: found.Report, dir: o.dir, changes: plan.changes}
	if found.failure != nil {
		for _, note := range found.Notes {
			fmt.Fprintf(p.stderr, "note: %s\n", note)
		}
		return found.failure
	}
	if verdict(found, o.check.failOn) != nil {
		return p.refuse(ctx, s, o, plan.tree)
	}
	if o.dryRun {
		return s.writePlan(p.stdout, plan.created)
	}
	if len(plan.changes) > 0 {
		p.progress("writing")
		if s.hash, err = plan.write(ctx, o); err != nil {
			p.progress("")
			return err
		}
		p.progress("")
	}
	s.seconds = time.Since(start).Seconds()
	return s.write(p.stdout, o.commit.Skip)
}

// refuse tells why nothing is written, and keeps the tree for reading where that is asked for.
func (p *program) refuse(ctx context.Context, s summary, o scaffoldOptions, t tree.Tree) error {
	kept := "--keep DIR puts the refused tree into a folder for reading"
	if o.keep != "" {
		if err := gitrepo.Write(ctx, o.keep, t); err != nil {
			return err
		}
		s.report.Root, kept = filepath.ToSlash(o.keep), "the refused tree is in "+o.keep
	}
	write, err := report.For("text")
	if err != nil {
		return err
	}
	if err := write(p.stdout, s.report); err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "gitopsgen: the check failed: nothing was written, nothing committed\nhint: %s\n", kept)
	return errFindings
}

// specInput is the text of a spec, where it comes from, and the folder that its own blueprint is relative to.
type specInput struct {
	text   []byte
	file   string
	folder string
}

// readSpec settles the directory to write and finds the spec: the directory's own, the file given, or a new one.
func (p *program) readSpec(o *scaffoldOptions) (specInput, error) {
	if o.dir == "" && o.specFile == "" {
		o.dir = o.name
		if exists(blueprint.SpecFile) {
			o.dir = "."
		}
	}
	if err := p.recover(o.dir); err != nil {
		return specInput{}, err
	}
	in := specInput{file: o.specFile, folder: filepath.Dir(o.specFile)}
	own := filepath.Join(o.dir, blueprint.SpecFile)
	var err error
	switch {
	case o.specFile != "":
		if in.text, err = os.ReadFile(o.specFile); err != nil {
			return in, usageError{fmt.Errorf("--spec %s: %w", o.specFile, errors.Unwrap(err))}
		}
	case exists(own):
		in.file, in.folder = own, o.dir
		in.text, err = existingSpec(*o, own)
	default:
		in.file, in.folder = blueprint.SpecFile, "."
		in.text, err = newSpec(*o)
	}
	if err != nil || len(o.settings) == 0 {
		return in, err
	}
	edited, err := blueprint.Edit(in.text, settingsOf(o.settings))
	if err != nil {
		if _, wrong := blueprint.Read(in.file, in.text); wrong != nil {
			return in, wrong
		}
		return in, usageError{err}
	}
	in.text = edited
	return in, nil
}

func settingsOf(flags []flagSetting) []blueprint.Setting {
	settings := make([]blueprint.Setting, len(flags))
	for i, f := range flags {
		settings[i] = f.Setting
	}
	return settings
}

// recover finishes what an earlier run began to write in dir.
func (p *program) recover(dir string) error {
	if dir == "" || !exists(dir) {
		return nil
	}
	finished, err := gitrepo.Recover(dir)
	if finished {
		fmt.Fprintf(p.stderr, "note: an earlier run was stopped while it wrote %s; what it began is finished now\n", dir)
	}
	return err
}

// existingSpec reads the spec of a repository that is there already.
func existingSpec(o scaffoldOptions, file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, errors.Unwrap(err))
	}
	doc, err := blueprint.Read(file, text)
	if err == nil && o.tier != "" && doc.Spec.Tier != "" && doc.Spec.Tier != o.tier {
		return nil, usageError{fmt.Errorf("--tier=%s: %s says tier %s; change it there", o.tier, file, doc.Spec.Tier)}
	}
	return text, nil // what is wrong with it is told once the flags have been put in
}

// newSpec writes the first gitopsgen.yaml of a platform.
func newSpec(o scaffoldOptions) ([]byte, error) {
	if o.tier == "" {
		return nil, usageError{hintError{errors.New("no --tier"), "want --tier=small for a very small company, --tier=medium, or --tier=enterprise for many teams and audits"}}
	}
	const file = blueprint.SpecFile + ".tmpl"
	text, err := fs.ReadFile(templates.FS, file)
	if err != nil {
		return nil, err
	}
	return layout.Execute(file, text, map[string]string{
		"APIVersion": blueprint.APIVersion, "SchemaFile": blueprint.SchemaFile, "Name": o.name, "Tier": string(o.tier),
		"Domain": blueprint.DefaultDomain, "RepositoryURL": strings.Replace(blueprint.DefaultRepositoryURL, blueprint.DefaultName, o.name, 1),
		"Branch": blueprint.DefaultBranch, "KubernetesVersion": blueprint.DefaultKubernetesVersion, "Cluster": blueprint.DefaultCluster,
	})
}

// identify settles who commits, before any work is done.
func (p *program) identify(o *scaffoldOptions) error {
	if o.commit.Skip || o.dryRun || o.commit.Author.Complete() {
		return nil
	}
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		i := gitrepo.Identity{Name: p.getenv("GIT_" + who + "_NAME"), Email: p.getenv("GIT_" + who + "_EMAIL")}
		if i.Complete() {
			o.commit.Author = i
			return nil
		}
	}
	if o.commit.Author = gitrepo.Configured(o.dir); o.commit.Author.Complete() {
		return nil
	}
	return hintError{gitrepo.ErrNoIdentity, `give --author "Name <mail@example.org>", or run git config --global user.name and user.email, or --no-commit`}
}

// built is a platform, and what the repository is made of.
type built struct {
	document  *blueprint.Document
	spec      blueprint.Spec
	blueprint blueprint.Blueprint
	input     layout.Input
}

// existingLock reads the lock of the repository in dir, if there is one.
func existingLock(dir string) (layout.Lock, error) {
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(layout.LockFile)))
	if err != nil {
		return layout.Lock{}, nil // whoever writes there tells what cannot be read
	}
	t, err := tree.New(tree.File{Path: layout.LockFile, Data: data})
	if err != nil {
		return layout.Lock{}, err
	}
	lock, _, err := layout.ReadLock(t)
	return lock, err
}

// build turns the text of a spec, into which settings were put by flags, into what a repository is made of.
func (p *program) build(ctx context.Context, in specInput, settings []flagSetting) (built, error) {
	p.progress("evaluating the blueprint")
	defer p.progress("")
	doc, err := blueprint.Read(in.file, in.text)
	if err != nil {
		return built{}, blame(err, settings)
	}
	b := built{document: doc, spec: doc.Spec.WithDefaults()}
	source, done, err := blueprintSource(b.spec, in.folder)
	if err != nil {
		return b, err
	}
	defer done()
	can, err := blueprint.Describe(ctx, source, b.spec)
	if err != nil {
		return b, err
	}
	if err := doc.Check(can); err != nil {
		return b, blame(err, settings)
	}
	var files []tree.File
	if b.blueprint, files, err = blueprint.Evaluate(ctx, source, b.spec); err != nil {
		return b, blame(doc.Blame(err), settings)
	}
	b.input = layout.Input{
		Spec: b.spec, SpecText: in.text, Blueprint: b.blueprint, UserFiles: files, Templates: templates.FS, Version: version,
	}
	return b, nil
}

// blueprintSource is where the blueprint of a spec is read; folder is that of the user's own. done has to be called.
func blueprintSource(spec blueprint.Spec, folder string) (source blueprint.Source, done func(), err error) {
	source.Library, done = blueprints.FS, func() {}
	if spec.Blueprint != "" {
		source.User, done, err = userFiles(folder)
	}
	return source, done, err
}

// blame makes mistakes that flags brought into a spec mistakes of the command line.
func blame(err error, settings []flagSetting) error {
	var errs blueprint.SpecErrors
	if !errors.As(err, &errs) {
		return err
	}
	for _, e := range errs {
		for _, s := range settings {
			n := min(len(s.Path), len(e.Path))
			if n > 0 && slices.Equal(s.Path[:n], e.Path[:n]) {
				err := fmt.Errorf("%s: %s", s.flag, e.Message)
				if e.Hint != "" {
					err = hintError{err, e.Hint}
				}
				return usageError{err}
			}
		}
	}
	return err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
