package linter

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Share is the part of what is judged that one of several runs judges. The zero Share is all of it.
type Share struct {
	// Number counts from 1 to Of.
	Number, Of int
}

// maxShares bounds how many runs may share a repository.
const maxShares = 1_000

// ParseShare reads I/N, as in 2/3.
func ParseShare(text string) (s Share, err error) {
	number, of, _ := strings.Cut(text, "/")
	s.Number, err = strconv.Atoi(number)
	if err == nil {
		s.Of, err = strconv.Atoi(of)
	}
	if err != nil || s.Number < 1 || s.Number > s.Of || s.Of > maxShares {
		return Share{}, errors.New("want I/N, the number of this run and how many there are, such as 2/3")
	}
	return s, nil
}

// Has reports whether the n-th of some things that no object is about is of this share. Each is of one.
func (s Share) Has(n int) bool { return s.Of == 0 || n%s.Of == s.Number-1 }

// Own are the findings that are told by this share: those about its objects, and by the first one those about none.
func (v *View) Own(findings []Finding) []Finding {
	if v.Share.Of == 0 {
		return findings
	}
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool {
		if f.Resource == nil {
			return !v.Share.Has(0)
		}
		return !v.owns(f.Resource)
	})
}

// owns reports whether an object is of this share.
func (v *View) owns(r *manifest.Resource) bool {
	return v.Share.Of == 0 || v.owners()[v.portion(r.ID)] == v.Share.Number
}

// portion names the objects that are judged by one run, for something is told once of all of them: those of one name, whatever the
// cluster.
type portion struct{ group, kind, namespace, name string }

// portion gives the one of an object. Of an ApplicationSet and the Applications that it makes something is told once, and of what a
// definition defines that was fetched.
func (v *View) portion(id manifest.ID) portion {
	switch {
	case argocd.IsApplication(id), argocd.IsApplicationSet(id):
		return portion{group: id.Group, kind: "Application"}
	case v.fetched()[portion{group: id.Group, kind: id.Kind}]:
		return portion{group: id.Group, kind: id.Kind}
	}
	return portion{id.Group, id.Kind, id.Namespace, id.Name}
}

// readFetched gives the kinds of which a definition was fetched.
func (v *View) readFetched() map[portion]bool {
	kinds := map[portion]bool{}
	for _, r := range v.Resources {
		if r.ID.Kind == "CustomResourceDefinition" && r.Origin.Fetched {
			group, _ := manifest.Dig(r.Object, "spec", "group").(string)
			kind, _ := manifest.Dig(r.Object, "spec", "names", "kind").(string)
			kinds[portion{group: group, kind: kind}] = true
		}
	}
	return kinds
}

// readOwners gives every portion a share. Those that one Application brings first go together, for to find the values of its chart
// takes as long for one finding as for many; the heaviest Applications first, each to the share that has least. All runs come to the
// same. What past runs took would take the place of valuesIn here, if all runs knew the same of it.
func (v *View) readOwners() map[portion]int {
	brings, weights := map[portion]portion{}, map[portion]int{}
	for i, twin := range v.contents() {
		p := v.portion(v.Resources[i].ID)
		if _, known := brings[p]; !known {
			brings[p] = p
			if app := v.Resources[i].Origin.Application; app != "" {
				brings[p] = portion{name: app}
			}
		}
		if weights[brings[p]]++; twin == i { // of equal objects one is judged
			weights[brings[p]] += valuesIn(v.Resources[i].Object)
		}
	}
	heaviest := slices.SortedFunc(maps.Keys(weights), func(a, b portion) int {
		return cmp.Or(cmp.Compare(weights[b], weights[a]), cmp.Compare(a.group, b.group), cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name))
	})
	shares, loads := map[portion]int{}, make([]int, v.Share.Of)
	for _, p := range heaviest {
		least := slices.Index(loads, slices.Min(loads))
		shares[p] = least + 1
		loads[least] += weights[p]
	}
	owners := map[portion]int{}
	for p, by := range brings {
		owners[p] = shares[by]
	}
	return owners
}

// valuesIn counts the values in an object: what it costs to judge it grows with them.
func valuesIn(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, field := range v {
			n += valuesIn(field)
		}
	case []any:
		for _, item := range v {
			n += valuesIn(item)
		}
	}
	return n + 1
}

// Discreet gives what Settle makes the same report of, and what says nothing of objects that were fetched by URL: what one share found
// may be read by whoever wrote the URL.
func (j Judgement) Discreet(rules []Rule, in Input, o Options) Judgement {
	var fetched, others []Finding
	for _, f := range j.Findings {
		if f.Resource != nil && f.Resource.Origin.Fetched {
			fetched = append(fetched, f)
		} else {
			others = append(others, f)
		}
	}
	settled := Settle(rules, Judgement{Findings: fetched}, in, Options{Severity: o.Severity, Waivers: o.Waivers, Now: o.Now})
	for _, f := range settled.Findings {
		if !slices.ContainsFunc(waiverRules, func(r Rule) bool { return r.ID == f.Rule }) {
			others = append(others, f)
		}
	}
	for _, f := range settled.Waived {
		others = append(others, f.excused())
	}
	j.Findings = others
	return j
}

// excused is the finding about an object that has nothing but what its waiver names.
func (w Waived) excused() Finding {
	f := w.Finding
	f.Resource = &manifest.Resource{
		ID:     manifest.ID{Kind: w.Waiver.Kind, Namespace: w.Waiver.Namespace, Name: w.Waiver.Name},
		Origin: manifest.Origin{Cluster: w.Waiver.Cluster, Component: w.Waiver.Component, Fetched: true},
	}
	f.Detail = w.Waiver.Container
	return f
}
