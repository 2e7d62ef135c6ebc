package coverage

import (
	"path"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
)

// survey is what is known of the files of a repository.
type survey struct {
	repository *build.Repository
	settings   []string
	// by are the readers of a file, named those that name a directory, and charts those of a chart, by its directory.
	by, named, charts map[string][]Reader
	// loose says why nothing has a chart that is no part of another one, and that no kustomization has.
	loose map[string]string
	// uses say what kustomizations that were read do with a file, and dead names one that was not, by the files that it names.
	uses map[string]use
	dead map[string]string
}

func newSurvey(r *build.Repository, readers []Reader, settings []string) *survey {
	s := &survey{
		repository: r, settings: settings, by: map[string][]Reader{}, named: map[string][]Reader{}, charts: map[string][]Reader{},
		loose: map[string]string{}, uses: map[string]use{}, dead: map[string]string{},
	}
	for _, reader := range readers {
		s.hear(reader)
	}
	s.looseCharts()
	s.inflated()
	for _, p := range r.Paths {
		if kustomization.IsFile(p) {
			s.kustomization(p)
		}
	}
	return s
}

// hear notes what was read by somebody.
func (s *survey) hear(reader Reader) {
	reached := map[string]bool{}
	for _, p := range reader.Files {
		s.by[p] = append(s.by[p], reader)
		if chart, _ := s.repository.Owner(p); chart != "" && !reached[chart] {
			reached[chart] = true
			s.charts[chart] = append(s.charts[chart], reader)
		}
	}
	for _, dir := range reader.Dirs {
		s.named[dir] = append(s.named[dir], reader)
	}
}

// looseCharts notes the charts that no kustomization has.
func (s *survey) looseCharts() {
	loose := s.repository.Loose()
	for reason, dirs := range map[string][]string{
		"no Application reaches the chart in ": loose.Charts, "no chart has the library in ": loose.Libraries, "no kustomization takes any more the chart in ": loose.Kept,
	} {
		for _, dir := range dirs {
			s.loose[dir] = reason + dir
			s.charts[dir] = append(s.charts[dir], s.named[dir]...)
		}
	}
}

// inflated notes the charts that kustomizations have in their charts' home.
func (s *survey) inflated() {
	homes := map[string][]Reader{}
	units, _ := s.repository.Units()
	for _, u := range units {
		homes[u.Dir] = append(homes[u.Dir], Reader{Name: "kustomization " + path.Dir(u.Place.File)})
	}
	if len(homes) == 0 {
		return
	}
	for _, f := range s.repository.Tree.Files() {
		chart, _ := s.repository.Owner(f.Path)
		if chart == "" || path.Join(chart, "Chart.yaml") != f.Path {
			continue
		}
		for dir := path.Dir(chart); ; dir = path.Dir(dir) {
			s.charts[chart] = append(s.charts[chart], homes[dir]...)
			if dir == "." {
				break
			}
		}
	}
}

// kustomization notes what a kustomization does with the files that it names.
func (s *survey) kustomization(p string) {
	k, _ := s.repository.Kustomizations.Read(s.repository.Tree, path.Dir(p))
	if k.Path != p || !k.Readable() {
		return
	}
	for _, c := range k.Charts() { // which may not be at hand, and then their values were not read
		for _, name := range append([]string{c.ValuesFile}, c.AdditionalValuesFiles...) {
			at := path.Join(k.Dir, name)
			s.uses[at], s.by[at] = use{as: Values}, append(s.by[at], s.by[p]...)
		}
	}
	for _, ref := range k.References() {
		at := s.repository.Tree.Real(path.Join(k.Dir, ref.Name))
		if _, isFile := s.repository.Tree.File(at); !isFile || ref.Use == kustomization.AsInline {
			continue
		}
		if len(s.by[p]) == 0 {
			s.dead[at] = p
			continue
		}
		if known, ok := s.uses[at]; !ok || useOf(ref).before(known) {
			s.uses[at] = useOf(ref)
		}
	}
}
