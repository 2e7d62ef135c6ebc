package schema

import (
	"cmp"
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
