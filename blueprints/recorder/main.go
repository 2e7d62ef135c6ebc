// Command recorder records what the charts of the blueprint library render to: make record.
//
//	recorder [-missing] CHARTS RECORDS
//
// CHARTS is a folder of <name>-<version>.tgz, or the URL of a repository that has all charts; RECORDS is the folder of the
// records, which is written anew. With -missing the records that are there stay, but for those that no platform has any more.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/network"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/policies"
	"github.com/gitopsgen/gitopsgen/schemas"
	"github.com/gitopsgen/gitopsgen/templates"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("recorder", flag.ContinueOnError)
	flags.SetOutput(stderr)
	missing := flags.Bool("missing", false, "keep the records that are there")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 2 {
		fmt.Fprintln(stderr, "usage: recorder [-missing] CHARTS RECORDS")
		return 2
	}
	set, err := record.Set{}, error(nil)
	if *missing {
		var read record.Set
		read, err = record.ReadSet(os.DirFS(flags.Arg(1)))
		set.Merge(read) // those that say the same are one
	}
	if err == nil {
		err = recordAll(context.Background(), flags.Arg(0), flags.Arg(1), set, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "recorder:", err)
		return 1
	}
	return 0
}

// recordAll adds what is missing in a set, and writes it. Of a platform with which something is wrong it keeps nothing, and says what.
func recordAll(ctx context.Context, charts, dir string, set record.Set, stdout io.Writer) error {
	g, err := newGenerator(charts)
	if err != nil {
		return err
	}
	all, err := platforms(ctx, g.Blueprints)
	if err != nil {
		return err
	}
	if err := keep(ctx, set, all); err != nil {
		return err
	}
	var wrong []error
	var looks looks
	for lacking := all; ; {
		lacking = slices.DeleteFunc(lacking, func(p platform) bool { return p.in(set) })
		if len(lacking) == 0 {
			break
		}
		several := lacking[:min(runtime.GOMAXPROCS(0), len(lacking))]
		lacking = lacking[len(several):]
		made, err := recordEach(ctx, g, several, &looks)
		if err != nil {
			return err
		}
		for i, p := range several {
			for _, fault := range made[i].faults {
				wrong = append(wrong, fmt.Errorf("%s: %s", p.name, fault))
			}
			if len(made[i].faults) == 0 {
				before := len(set)
				set.Merge(made[i].set)
				fmt.Fprintf(stdout, "%s: %d new\n", p.name, len(set)-before)
			}
		}
	}
	for _, r := range set {
		r.Recorded = cmp.Or(r.Recorded, time.Now().UTC().Format(time.DateOnly))
	}
	files, err := set.Files()
	if err != nil {
		return err
	}
	made, err := tree.New(files...)
	if err != nil {
		return err
	}
	return errors.Join(append(wrong, os.RemoveAll(dir), gitrepo.Write(ctx, dir, made))...)
}

// newGenerator takes all charts from one place.
func newGenerator(charts string) (generator.Generator, error) {
	bundle := schemas.Embedded()
	g := generator.Generator{Library: generator.Library{
		Version: "0.0.0", Blueprints: blueprints.FS, Policies: policies.FS, Templates: templates.FS, Namespaced: bundle.Namespaced,
	}}
	if strings.Contains(charts, "://") {
		publishers := network.New(network.Options{})
		g.Places = supply.Of(everywhere(func(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
			return chart.Mirror{From: ref.Repo, To: charts, Ask: publishers.Chart}.Chart(ctx, ref)
		}))
		return g, nil
	}
	if info, err := os.Stat(charts); err != nil || !info.IsDir() {
		return g, fmt.Errorf("%q: want a folder of <name>-<version>.tgz, or a URL that begins with https, http or oci", charts)
	}
	g.Places = supply.Of(everywhere(func(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
		return chart.Folder{From: ref.Repo, FS: os.DirFS(charts)}.Chart(ctx, ref)
	}))
	return g, nil
}

// everywhere gives the charts of any repository out of one place.
type everywhere func(ctx context.Context, ref chart.Ref) (chart.Chart, error)

// Chart implements build.Charts.
func (e everywhere) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	return e(ctx, ref)
}

var _ build.Charts = everywhere(nil)

// mirrored is where images come from in a second look at a platform.
const mirrored = "registry.example.org/mirror/"

// keep fills in the keys of platforms, which are known without laying out, and drops from a set what none of them has.
func keep(ctx context.Context, set record.Set, all []platform) error {
	group, ctx := errgroup.WithContext(ctx)
	for part := range slices.Chunk(all, (len(all)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0)) {
		group.Go(func() error {
			keysOf := generator.NewKeys(blueprint.Source{Library: blueprints.FS})
			for i, p := range part {
				keys, err := keysOf.Of(ctx, p.spec)
				if err != nil {
					return fmt.Errorf("%s: %w", p.name, err)
				}
				part[i].keys = keys
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, p := range all {
		for _, of := range p.keys {
			for _, key := range of {
				wanted[key] = true
			}
		}
	}
	set.Keep(wanted)
	return nil
}

// in reports whether a set has all records of a platform. One without keys cannot be evaluated: laying it out says why.
func (p platform) in(set record.Set) bool {
	for _, of := range p.keys {
		for component, key := range of {
			if !set.Has(component, key) {
				return false
			}
		}
		if of == nil {
			return false
		}
	}
	return true
}

// recorded are the records of a platform, and what is wrong with them.
type recorded struct {
	set    record.Set
	faults []string
}

// looks keep what was rendered for other platforms: most have most alike.
type looks struct {
	twice    generator.Looks
	mirrored build.Made
}

// recordEach records several platforms at the same time.
func recordEach(ctx context.Context, g generator.Generator, several []platform, looks *looks) ([]recorded, error) {
	made := make([]recorded, len(several))
	group, ctx := errgroup.WithContext(ctx)
	for i, p := range several {
		group.Go(func() (err error) {
			if made[i], err = recordOne(ctx, g, p, looks); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			return nil
		})
	}
	return made, group.Wait()
}

// recordOne records what the charts of a platform render to. Faults are what is wrong with that, images from elsewhere than the
// mirror where there is one among it.
func recordOne(ctx context.Context, g generator.Generator, p platform, looks *looks) (recorded, error) {
	r, err := lay(ctx, g, p.spec)
	if err != nil {
		return recorded{}, err
	}
	set := record.Set{}
	faults, err := g.Record(ctx, r, p.name, set, &looks.twice)
	if err == nil && !strings.HasSuffix(p.name, addressed) { // which images there are does not depend on addresses
		var strangers []string
		strangers, err = elsewhere(ctx, g, p.spec, &looks.mirrored)
		faults = append(faults, strangers...)
	}
	return recorded{set, faults}, err
}

// elsewhere tells of the images of a platform that come from elsewhere than the mirror, where there is one.
func elsewhere(ctx context.Context, g generator.Generator, spec blueprint.Spec, made *build.Made) (faults []string, err error) {
	spec.Registries.Mirror.Images = map[string]string{"*": mirrored}
	r, err := lay(ctx, g, spec)
	if err != nil {
		return nil, err
	}
	rendered, err := g.Render(ctx, r, generator.RenderOptions{RequireRender: true, Made: made})
	if err != nil {
		return nil, err
	}
	for _, res := range rendered.Resources {
		for _, name := range image.Find(res.Object) {
			if !strings.HasPrefix(name, mirrored) {
				faults = append(faults, fmt.Sprintf("%s: the image %s is from elsewhere than the mirror", res.ID, name))
			}
		}
	}
	return faults, nil
}

// lay lays the repository of a spec out.
func lay(ctx context.Context, g generator.Generator, spec blueprint.Spec) (generator.Repository, error) {
	text, err := sigs.Marshal(spec)
	if err != nil {
		return generator.Repository{}, err
	}
	platform, err := g.Evaluate(ctx, generator.SpecText{Text: text, File: path.Join(spec.Name, blueprint.SpecFile)})
	if err != nil {
		return generator.Repository{}, err
	}
	return g.Lay(ctx, platform)
}
