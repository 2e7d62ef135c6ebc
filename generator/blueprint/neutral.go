package blueprint

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// neutralHub is the name of the hub beside another cluster.
const neutralHub = "hub"

// Neutral gives the spec as it would be on a site like no other's, by the tag neutral of each field: names, domains, URLs and
// addresses are the same whatever the spec has there, and what somebody chose stays. Addresses are those that RFC 5737 keeps
// for examples, and ranges that nobody routes. Of the clusters there is cluster i alone, with a hub where it is not the hub
// itself; it comes last, and has the default name. The spec has its defaults.
func (s Spec) Neutral(i int) Spec {
	own := s.Clusters[i]
	// The order counts: a cluster's domain may lie in the platform's.
	site := site{strings.NewReplacer(own.Domain, DefaultDomain, s.Domain, DefaultDomain, s.Repository.URL, DefaultRepositoryURL)}
	s.Clusters = []Cluster{own}
	n := site.neutral(reflect.ValueOf(s), "each", 0).Interface().(Spec)
	if own.Server == hubServer {
		n.Clusters[0].Server = hubServer
	}
	if i > 0 {
		n.Clusters = append([]Cluster{{Name: neutralHub}}, n.Clusters...)
	}
	return n.WithDefaults()
}

// site takes the names of one site out of texts.
type site struct{ names *strings.Replacer }

// neutral gives a value as it is at no site in particular; number is that of the element it belongs to.
func (s site) neutral(v reflect.Value, tag string, number int) reflect.Value {
	standIn, stands := strings.CutPrefix(tag, "=")
	switch {
	case tag == "none" || saysNothing(v):
		return reflect.Zero(v.Type())
	case tag == "site":
		return reflect.ValueOf(manifest.MapTexts(v.Interface(), s.names.Replace))
	case stands:
		return standFor(v.Type(), strings.ReplaceAll(standIn, "%d", strconv.Itoa(number%100)))
	case tag == "one":
		return s.neutral(v.Slice(0, 1), "each", number)
	case tag == "each":
		return s.within(v)
	}
	return v
}

// within gives a struct, a list, a mapping or a pointer with its parts as they are at no site in particular.
func (s site) within(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		return s.fields(v, 0)
	case reflect.Pointer:
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(s.fields(v.Elem(), 0))
		return out
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(s.fields(v.Index(i), i))
		}
		return out
	}
	out := reflect.MakeMap(v.Type())
	for key, value := range v.Seq2() {
		out.SetMapIndex(key, s.fields(value, 0))
	}
	return out
}

func (s site) fields(v reflect.Value, number int) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	for i := range v.NumField() {
		out.Field(i).Set(s.neutral(v.Field(i), v.Type().Field(i).Tag.Get("neutral"), number))
	}
	return out
}

// standFor gives a text as a value of a type: a text, a number, or a list of one text.
func standFor(t reflect.Type, text string) reflect.Value {
	switch t.Kind() {
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			panic(err) // a tag of Spec, which a test reads
		}
		return reflect.ValueOf(n)
	case reflect.Slice:
		return reflect.ValueOf([]string{text})
	}
	return reflect.ValueOf(text)
}
