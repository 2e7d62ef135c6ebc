package schema

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
)

// reached reports whether a version of Kubernetes, major.minor, has come with another one; an empty one never comes.
func reached(version, by string) bool {
	return version != "" && cmp.Or(cmp.Compare(part(version, 0), part(by, 0)), cmp.Compare(part(version, 1), part(by, 1))) <= 0
}

func part(version string, i int) int {
	parts := append(strings.SplitN(version, ".", 3), "", "")
	n, _ := strconv.Atoi(parts[i]) // the source has read it
	return n
}

// versionName is the form of versions that Kubernetes sorts.
var versionName = regexp.MustCompile(`^v(\d+)(?:(alpha|beta)(\d+))?$`)

// newer reports whether Kubernetes holds a version of an API for newer than another one: v2, v1, v2beta1, v1beta2, v1beta1, v1alpha1,
// and all other names behind these.
func newer(a, b string) bool {
	one, other := versionName.FindStringSubmatch(a), versionName.FindStringSubmatch(b)
	if one == nil || other == nil {
		return one != nil
	}
	stage := func(m []string) string { return cmp.Or(m[2], "stable") } // in the order of the alphabet
	number := func(text string) int {
		n, _ := strconv.Atoi(text)
		return n
	}
	return cmp.Or(cmp.Compare(stage(one), stage(other)), cmp.Compare(number(one[1]), number(other[1])), cmp.Compare(number(one[3]), number(other[3]))) > 0
}
