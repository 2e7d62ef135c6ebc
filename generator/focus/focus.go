// Package focus narrows what was rendered and found in a repository to a folder or a file of it.
//
// The whole is rendered and judged before: only then it is known what reaches the folder, and what is found there is what is found
// in the whole.
package focus

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Path is a folder or a file from the root of the repository; empty is all of it.
type Path string

// Has reports whether p is what the path names, or stands below it.
func (f Path) Has(p string) bool { return tree.Within(p, string(f)) }

// View is a result as it is seen from a folder or a file.
type View struct {
	// Result has the Applications and roots that stand there or read what does, and their objects: all of what stands there or has
	// its source there, and of others what comes from a file there. Where none does, but values and patches are read there, that
	// is all of them.
	render.Result

	path Path
	// objects are those of the result, reads the files of what stands there, and names its Applications.
	objects      map[object]bool
	reads, names map[string]bool
	// places are those of what keeps it from being rendered.
	places map[manifest.Place]bool
}

// object is what a rendered object is known by.
type object struct {
	id                   manifest.ID
	place                manifest.Place
	application, cluster string
}

func known(r *manifest.Resource) object {
	return object{r.ID, r.Origin.Place, r.Origin.Application, r.Origin.Cluster}
}

// Narrow gives the view of what a repository rendered to.
func (f Path) Narrow(r render.Result) View {
	v := View{Result: r, path: f}
	if f == "" {
		return v
	}
	v.objects, v.reads, v.names, v.places = map[object]bool{}, map[string]bool{}, map[string]bool{}, map[manifest.Place]bool{}
	kept := make([]bool, len(r.Resources))
	left := len(r.Resources) // where what ApplicationSets made begins, which no range has
	for left > 0 && r.Resources[left-1].Origin.Set != nil {
		left--
	}
	v.Applications = slices.DeleteFunc(slices.Clone(r.Applications), func(app render.Application) bool { return !v.application(app, kept) })
	v.Alone = slices.DeleteFunc(slices.Clone(r.Alone), func(a render.Alone) bool { return !v.made(a.Made, f.Has(a.File), kept) })
	v.Resources = nil
	for i, res := range r.Resources {
		if kept[i] || i >= left && (f.Has(res.Origin.Place.File) || v.names[res.Origin.Application]) {
			v.Resources = append(v.Resources, res)
			v.objects[known(&res)] = true
		}
	}
	v.Problems = slices.DeleteFunc(slices.Clone(r.Problems), func(p build.Problem) bool { return !v.problem(p) })
	return v
}

// application reports whether an Application or a root is seen, and keeps what it brings.
func (v View) application(app render.Application, kept []bool) bool {
	stands := v.path.Has(app.Place.File) || slices.ContainsFunc(app.Dirs, v.path.Has)
	if stands && app.Kind == render.AnApplication {
		v.names[app.Name] = true
	}
	if stands && app.State.Missing() {
		v.places[app.Place] = true
	}
	inChart := app.Kind == render.Chart && tree.Within(string(v.path), app.Name)
	return v.made(app.Made, stands, kept) || inChart
}

// made reports whether something is seen by what it was made of, and keeps its objects.
func (v View) made(m render.Made, stands bool, kept []bool) bool {
	reads, own := false, false
	for _, read := range m.Read {
		for _, file := range read.Files {
			reads = reads || v.path.Has(file)
			v.reads[file] = v.reads[file] || stands
		}
	}
	objects := v.Result.Resources[m.From:m.To]
	for i, res := range objects {
		if v.path.Has(res.Origin.Place.File) {
			own, kept[m.From+i] = true, true
		}
	}
	if stands || reads && !own {
		for i := range objects {
			kept[m.From+i] = true
		}
	}
	return stands || reads || own
}

// problem reports whether a problem stands there, or keeps what stands there from being rendered.
func (v View) problem(p build.Problem) bool {
	if v.path.Has(p.Place.File) {
		return true
	}
	keeps := p.Keeps() && (v.reads[p.Place.File] || v.names[p.Application])
	if keeps {
		v.places[p.Place] = true
	}
	return keeps
}

// Judged reports whether a finding is about what is seen.
func (v View) Judged(f linter.Finding) bool {
	return v.path.Has(f.Place.File) || f.Resource != nil && v.objects[known(f.Resource)]
}

// Told reports whether a finding stands there, or is what keeps what stands there from being rendered.
func (v View) Told(f linter.Finding) bool {
	return v.path.Has(f.Place.File) || f.Resource == nil && v.places[f.Place]
}

// Outside counts what is found in one file that something there is made of, and that stands elsewhere.
type Outside struct {
	File     string
	Findings int
}

// Outside counts those of some findings that are about what is seen, by file.
func (v View) Outside(findings []linter.Finding) (all []Outside) {
	for _, f := range findings {
		if !v.Judged(f) || v.Told(f) {
			continue
		}
		i, found := slices.BinarySearchFunc(all, f.Place.File, func(o Outside, file string) int { return cmp.Compare(o.File, file) })
		if !found {
			all = slices.Insert(all, i, Outside{File: f.Place.File})
		}
		all[i].Findings++
	}
	return all
}
