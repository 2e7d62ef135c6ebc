package report

import (
	"time"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// packed is a report without what is in the repository, and with each object once.
type packed struct {
	Report   Report
	Objects  []object
	Findings []finding
	Waived   []waived
}

// object is what reports tell of an object.
type object struct {
	ID                                           manifest.ID
	Object                                       map[string]any
	Application, Cluster, Component, Chart, Unit string
	Recorded, Fetched                            bool
	Place                                        manifest.Place
}

// finding is a finding whose objects are indices of packed.Objects, -1 where there is none.
type finding struct {
	linter.Finding
	About  int
	Others []int
}

type waived struct {
	finding
	Waiver linter.Waiver
}

// Pack writes a report for a later run on the same repository: Unpack gives one that reads the same in every format, given the tree.
func (r Report) Pack() ([]byte, error) {
	p := packer{index: map[*manifest.Resource]int{}}
	for _, f := range r.Findings {
		p.out.Findings = append(p.out.Findings, p.finding(f))
	}
	for _, w := range r.Report.Waived {
		p.out.Waived = append(p.out.Waived, waived{p.finding(w.Finding), w.Waiver})
	}
	p.out.Report = r
	p.out.Report.Findings, p.out.Report.Report.Waived, p.out.Report.Untold = nil, nil, nil
	return manifest.Pack(p.out)
}

type packer struct {
	out   packed
	index map[*manifest.Resource]int
}

func (p *packer) finding(f linter.Finding) finding {
	out := finding{Finding: f, About: p.object(f.Resource)}
	for _, other := range f.Copies {
		out.Others = append(out.Others, p.object(other))
	}
	out.Resource, out.Copies = nil, nil
	return out
}

func (p *packer) object(r *manifest.Resource) int {
	if r == nil {
		return -1
	}
	if i, ok := p.index[r]; ok {
		return i
	}
	o := r.Origin
	p.index[r] = len(p.out.Objects)
	p.out.Objects = append(p.out.Objects, object{
		r.ID, r.Object, o.Application, o.Cluster, o.Component, o.Chart, o.Unit, o.Recorded, o.Fetched, o.Place,
	})
	return p.index[r]
}

// Unpack reads what Pack wrote.
func Unpack(data []byte) (Report, error) {
	var p packed
	if err := manifest.Unpack(data, &p); err != nil {
		return Report{}, err
	}
	objects := make([]*manifest.Resource, len(p.Objects))
	for i, o := range p.Objects {
		objects[i] = &manifest.Resource{ID: o.ID, Object: o.Object, Origin: manifest.Origin{
			Application: o.Application, Cluster: o.Cluster, Component: o.Component, Chart: o.Chart, Unit: o.Unit,
			Recorded: o.Recorded, Fetched: o.Fetched, Place: o.Place,
		}}
	}
	r := p.Report
	for _, f := range p.Findings {
		r.Findings = append(r.Findings, f.unpack(objects))
	}
	for _, w := range p.Waived {
		r.Report.Waived = append(r.Report.Waived, linter.Waived{Finding: w.unpack(objects), Waiver: w.Waiver})
	}
	return r, nil
}

func (f finding) unpack(objects []*manifest.Resource) linter.Finding {
	out := f.Finding
	if f.About >= 0 {
		out.Resource = objects[f.About]
	}
	for _, i := range f.Others {
		out.Copies = append(out.Copies, objects[i])
	}
	for _, path := range []manifest.Path{out.At, out.Value} {
		for i, step := range path {
			if n, ok := step.(int64); ok {
				path[i] = int(n)
			}
		}
	}
	return out
}

// Until is when the report ceases to be true though the repository stays the same: when the next waiver expires. The zero time is
// never.
func (r Report) Until(now time.Time) (until time.Time) {
	for _, w := range r.Waivers {
		if end := w.End(); end.After(now) && (until.IsZero() || end.Before(until)) {
			until = end
		}
	}
	return until
}
