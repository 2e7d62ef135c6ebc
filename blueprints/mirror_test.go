package blueprints_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

const (
	mirrorOfImages = "registry.example.org/mirror/"
	mirrorOfCharts = "oci://registry.example.org/charts"
)

var everything = blueprint.Registries{Mirror: blueprint.Mirror{
	Images: map[string]string{"*": mirrorOfImages},
	Charts: map[string]string{"*": mirrorOfCharts},
}}

// TestMirror wants no image and no chart of any tier from elsewhere than the mirror, and none to be lost on the way.
func TestMirror(t *testing.T) {
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		t.Run(string(tier), func(t *testing.T) {
			plain := imagesOf(t, blueprint.Spec{Tier: tier})
			mirrored := imagesOf(t, blueprint.Spec{Tier: tier, Registries: everything})
			var sources []string
			for _, one := range mirrored {
				if !strings.HasPrefix(one.Image, mirrorOfImages) {
					t.Errorf("%s of %q: want it from the mirror", one.Image, one.Users)
				}
				sources = append(sources, one.Source)
			}
			var want []string
			for _, one := range plain {
				want = append(want, one.Image)
			}
			slices.Sort(sources)
			if !slices.Equal(sources, want) || len(want) == 0 {
				t.Errorf("the mirror's images are copies of\n%s\nwant\n%s", strings.Join(sources, "\n"), strings.Join(want, "\n"))
			}
			wantMirrored(t, blueprint.Spec{Tier: tier, Registries: everything})
		})
	}
}

// imagesOf lists the images of a platform, as far as records know them: which must be all.
func imagesOf(t *testing.T, spec blueprint.Spec) []image.Used {
	r := renderSpec(t, spec)
	for _, app := range r.Applications {
		if !app.State.Known() {
			t.Errorf("%s is not rendered: %s", app.Name, app.State.Reason)
		}
	}
	images, err := library.UsedImages(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return images
}

// wantMirrored wants the files of a platform's tree to say where each recorded image is had: those of pods by the
// kustomization's images or the chart's values, others by the values.
func wantMirrored(t *testing.T, spec blueprint.Spec) {
	spec = spec.WithDefaults()
	r := renderSpec(t, spec)
	for _, f := range r.Tree.Files() {
		if path.Base(f.Path) != "kustomization.yaml" {
			continue
		}
		var k struct {
			HelmCharts []struct{ Repo, Name, Version string }
			Images     []struct{ Name, NewName string }
		}
		if err := sigs.Unmarshal(f.Data, &k); err != nil {
			t.Fatal(err)
		}
		renamed := map[string]string{}
		for _, one := range k.Images {
			renamed[image.Whole(one.Name)] = one.NewName
		}
		for _, c := range k.HelmCharts {
			if c.Repo != mirrorOfCharts {
				t.Errorf("%s: chart %s comes from %s", f.Path, c.Name, c.Repo)
			}
			dir := path.Dir(f.Path)
			i := slices.IndexFunc(r.Lock.Records, func(l lock.Record) bool { return l.Path == dir })
			if i < 0 {
				t.Errorf("%s: got no record", dir)
				continue
			}
			rec, found, err := record.Find(blueprints.Records(), r.Lock.Records[i].Component, r.Lock.Records[i].Key)
			if err != nil || !found {
				t.Errorf("%s: got %v, %v, want a record", dir, found, err)
				continue
			}
			var values strings.Builder
			for _, file := range r.Tree.Under(dir) {
				if strings.HasPrefix(path.Base(file.Path), "values") {
					values.Write(file.Data)
				}
			}
			for _, name := range rec.Images() {
				bare, _ := image.Split(name)
				_, inMirror, _ := strings.Cut(mirrorOfImages, "/")
				if renamed[bare] == "" && !strings.Contains(values.String(), inMirror+bare) {
					t.Errorf("%s: nothing says that %s is had from the mirror", dir, name)
				}
			}
		}
	}
}
