package difference

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// versions are the charts whose versions differ, by name.
func versions(from, to map[string][]string) []Version {
	names := maps.Clone(from)
	maps.Copy(names, to)
	var all []Version
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, now := without(from[name], to[name]), without(to[name], from[name])
		for i := range max(len(old), len(now)) {
			all = append(all, Version{name, at(old, i), at(now, i)})
		}
	}
	return all
}

// without gives the texts of all that are not among others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(text string) bool { return slices.Contains(others, text) })
}

func at(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

// addImages adds the images that differ in an object.
func (a *Application) addImages(p pair) {
	var from, to []string
	var user manifest.ID
	if p.from != nil {
		from, user = image.Find(p.from.Object), p.from.ID
	}
	if p.to != nil {
		to, user = image.Find(p.to.Object), p.to.ID
	}
	if !fields.IsSecret(user.Kind) {
		a.Images = append(a.Images, imagesOf(from, to, user.String())...)
	}
}

// imagesOf are the images that differ: those of one name take each other's place, then those whose names end alike.
func imagesOf(from, to []string, user string) []Image {
	old, now := without(from, to), without(to, from)
	var all []Image
	repository := func(whole string) string {
		name, _ := image.Split(whole)
		return name
	}
	for _, of := range []func(string) string{repository, func(whole string) string { return path.Base(repository(whole)) }} {
		old = slices.DeleteFunc(old, func(before string) bool {
			i := slices.IndexFunc(now, func(after string) bool { return of(after) == of(before) })
			if i >= 0 {
				all = append(all, Image{before, now[i], []string{user}})
				now = slices.Delete(now, i, i+1)
			}
			return i >= 0
		})
	}
	for _, name := range old {
		all = append(all, Image{Old: name, Users: []string{user}})
	}
	for _, name := range now {
		all = append(all, Image{New: name, Users: []string{user}})
	}
	return all
}

// gathered gives each change of images once, with all that make it, sorted.
func gathered(images []Image) []Image {
	users := map[[2]string][]string{}
	for _, one := range images {
		change := [2]string{one.Old, one.New}
		users[change] = append(users[change], one.Users...)
	}
	var all []Image
	changes := slices.SortedFunc(maps.Keys(users), func(a, b [2]string) int { return strings.Compare(a[0]+"\n"+a[1], b[0]+"\n"+b[1]) })
	for _, change := range changes {
		slices.Sort(users[change])
		all = append(all, Image{change[0], change[1], slices.Compact(users[change])})
	}
	return all
}
